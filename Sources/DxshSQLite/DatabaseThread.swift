import Glibc
import Synchronization

/// A thread that runs an actor's jobs, one after the other: an actor whose calls block has one of its own, so that it
/// never holds a thread of the shared pool.
package final class DatabaseThread: SerialExecutor {
  private struct State {
    var jobs: [UnownedJob] = []
    var isEnding = false
  }

  /// The jobs, and a pipe that wakes the thread: semaphores are memory that only pointers name.
  private final class Mailbox: Sendable {
    let state = Mutex(State())
    let wakeUp: (read: Int32, write: Int32)

    init() {
      var ends: [Int32] = [-1, -1]
      let failure = pipe(&ends)
      precondition(failure == 0, "no pipe for a database's thread: \(String(cString: strerror(errno)))")
      for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
      wakeUp = (ends[0], ends[1])
    }

    deinit {
      close(wakeUp.read)
      close(wakeUp.write)
    }

    func post() {
      var byte: UInt8 = 1
      while write(wakeUp.write, &byte, 1) < 0, errno == EINTR {}
    }

    func wait() {
      var byte: UInt8 = 0
      while read(wakeUp.read, &byte, 1) < 0, errno == EINTR {}
    }
  }

  private let mailbox = Mailbox()

  package init() {
    let start = Start(executor: asUnownedSerialExecutor(), mailbox: mailbox)
    var thread = pthread_t()
    let failure = pthread_create(
      &thread, nil,
      { argument in
        guard let argument else { return nil }
        let start = Unmanaged<Start>.fromOpaque(argument).takeRetainedValue()
        DatabaseThread.work(start.mailbox, start.executor)
        return nil
      }, Unmanaged.passRetained(start).toOpaque())
    precondition(failure == 0, "no thread for a database: \(String(cString: strerror(failure)))")
    pthread_detach(thread)
  }

  deinit {
    mailbox.state.withLock { $0.isEnding = true }
    mailbox.post()
  }

  package func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    let wasEmpty = mailbox.state.withLock { state in
      state.jobs.append(job)
      return state.jobs.count == 1
    }
    if wasEmpty { mailbox.post() }
  }

  private static func work(_ mailbox: Mailbox, _ executor: UnownedSerialExecutor) {
    while true {
      mailbox.wait()
      while true {
        let (jobs, isEnding) = mailbox.state.withLock { state in
          defer { state.jobs = [] }
          return (state.jobs, state.isEnding)
        }
        if jobs.isEmpty {
          if isEnding { return }
          break
        }
        for job in jobs { job.runSynchronously(on: executor) }
      }
    }
  }

  private final class Start: Sendable {
    let executor: UnownedSerialExecutor
    let mailbox: Mailbox

    init(executor: UnownedSerialExecutor, mailbox: Mailbox) {
      self.executor = executor
      self.mailbox = mailbox
    }
  }
}
