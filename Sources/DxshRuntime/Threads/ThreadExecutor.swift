/// A thread that runs an actor's jobs, one after the other: an actor whose calls block has one of its own, so that it
/// never holds a thread of the shared pool.
package final class ThreadExecutor: SerialExecutor {
  private let jobs = WorkQueue<UnownedJob>()

  package init() {
    let executor = asUnownedSerialExecutor()
    jobs.start { jobs in
      for job in jobs { job.runSynchronously(on: executor) }
    }
  }

  deinit { jobs.end() }

  package func enqueue(_ job: consuming ExecutorJob) {
    jobs.add(UnownedJob(job))
  }
}
