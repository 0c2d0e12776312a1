import Dispatch
import Glibc
import Synchronization

/// A thread that runs an actor's jobs, one after the other: an actor whose calls block has one of its own, so that it
/// never holds a thread of the shared pool.
package final class DatabaseThread: SerialExecutor {
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

/// Work that a thread of its own does; what gathers while it is busy, it takes all at once.
package final class WorkQueue<Item: Sendable>: Sendable {
  private struct State {
    var items: [Item] = []
    var hasEnded = false
  }

  private let state = Mutex(State())
  private let ready = DispatchSemaphore(value: 0)

  package init() {}

  package func add(_ item: Item) {
    let wasEmpty = state.withLock { state in
      state.items.append(item)
      return state.items.count == 1
    }
    if wasEmpty { ready.signal() }
  }

  /// Makes the thread end when it has done what there is.
  package func end() {
    state.withLock { $0.hasEnded = true }
    ready.signal()
  }

  /// Starts the thread. `work` is called on it with what has gathered, in the order of its coming.
  package func start(_ work: sending @escaping ([Item]) -> Void) {
    startThread { self.run(work) }
  }

  private func run(_ work: ([Item]) -> Void) {
    while true {
      ready.wait()
      while true {
        let (items, hasEnded) = takeAll()
        if !items.isEmpty {
          work(items)
        } else if hasEnded {
          return
        } else {
          break
        }
      }
    }
  }

  private func takeAll() -> (items: [Item], hasEnded: Bool) {
    state.withLock { state in
      defer { state.items = [] }
      return (state.items, state.hasEnded)
    }
  }
}

private final class ThreadBody {
  let run: () -> Void

  init(_ run: @escaping () -> Void) {
    self.run = run
  }
}

private func startThread(_ run: sending @escaping () -> Void) {
  var thread = pthread_t()
  let failure = pthread_create(
    &thread, nil,
    { argument in
      argument.map { Unmanaged<ThreadBody>.fromOpaque($0).takeRetainedValue().run() }
      return nil
    }, Unmanaged.passRetained(ThreadBody(run)).toOpaque())
  precondition(failure == 0, "no thread for a database: \(String(cString: strerror(failure)))")
  pthread_detach(thread)
}
