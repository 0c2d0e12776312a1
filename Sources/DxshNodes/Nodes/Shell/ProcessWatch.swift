import CDxshProcess
import DxshRuntime
import Glibc
import Synchronization

/// Reads what programs write and notices when they end: one thread for all programs of this process, so that a program
/// costs two changes of threads, to this one and back.
final class ProcessWatch: Sendable {
  /// What an event is about; in the lowest bits of its token, the others of which are the program's process number.
  private enum Subject: UInt64 {
    case exit, output, error
  }

  /// As much as a pipe holds unless it is told otherwise, and at most, in bytes (pipe(7)).
  private static let pipeSize = 65_536
  private static let largestPipe = 1 << 20
  /// Nil where the system refuses a thread, or what it waits with.
  static let shared = ProcessWatch()

  private let epoll: Int32
  private let processes = Mutex<[pid_t: RunningProcess]>([:])

  private init?() {
    epoll = epoll_create1(Int32(EPOLL_CLOEXEC))
    guard epoll >= 0 else { return nil }
    // Whoever started this process may have made it ignore the ends of its children, of which nobody could ask then.
    signal(SIGCHLD, SIG_DFL)
    guard DetachedThread.start({ [self] in watch() }) else { return nil }
  }

  /// Looks after it from now on, to its end.
  func add(_ process: RunningProcess) throws(SystemError) {
    processes.withLock { $0[process.group.leader] = process }
    do throws(SystemError) {
      try observe(process.output, .output, process)
      try observe(process.error, .error, process)
      try observe(process.exit, .exit, process)
    } catch {
      forget(process)
      throw error
    }
  }

  private func observe(_ descriptor: Int32, _ subject: Subject, _ process: RunningProcess) throws(SystemError) {
    let token = UInt64(process.group.leader) << 2 | subject.rawValue
    var event = epoll_event(events: EPOLLIN.rawValue, data: epoll_data_t(u64: token))
    guard epoll_ctl(epoll, EPOLL_CTL_ADD, descriptor, &event) == 0 else { throw SystemError(errno) }
  }

  /// Closing a descriptor is not enough: a program that is just being started may still have it.
  private func ignore(_ descriptor: Int32) {
    epoll_ctl(epoll, EPOLL_CTL_DEL, descriptor, nil)
  }

  private func forget(_ process: RunningProcess) {
    processes.withLock { processes in
      processes[process.group.leader] = nil
      for descriptor in [process.exit, process.output, process.error] {
        ignore(descriptor)
        close(descriptor)
      }
    }
  }

  private func watch() -> Never {
    var events = [epoll_event](repeating: epoll_event(), count: 64)
    var buffer = [UInt8](repeating: 0, count: Self.pipeSize)
    while true {
      let count = epoll_wait(epoll, &events, Int32(events.count), -1)
      for event in events.prefix(Int(max(count, 0))) {
        let token = event.data.u64
        // One that has ended may have more events here.
        guard let process = processes.withLock({ $0[pid_t(truncatingIfNeeded: token >> 2)] }) else { continue }
        switch Subject(rawValue: token & 3) {
        case .output: if read(.output, of: process, &buffer) == 0 { ignore(process.output) }
        case .error: if read(.error, of: process, &buffer) == 0 { ignore(process.error) }
        case .exit: finish(process, &buffer)
        case nil: break
        }
      }
    }
  }

  /// Its children may have its pipes for as long as they like: what is in them now is all that counts.
  private func finish(_ process: RunningProcess, _ buffer: inout [UInt8]) {
    for stream in [RunningProcess.Stream.output, .error] {
      var rest = Self.largestPipe
      while rest > 0, let count = read(stream, of: process, &buffer), count > 0 { rest -= count }
    }
    guard process.takeStatus() else { return }
    forget(process)
    process.finish()
  }

  /// How much there was, 0 at its end; nil when there is nothing.
  private func read(_ stream: RunningProcess.Stream, of process: RunningProcess, _ buffer: inout [UInt8]) -> Int? {
    let descriptor = stream == .output ? process.output : process.error
    let count = processes.withLock { processes in
      // Once it is closed, its number may be another's.
      processes[process.group.leader] === process ? Glibc.read(descriptor, &buffer, buffer.count) : -1
    }
    guard count >= 0 else { return nil }
    if count > 0 { process.note(Array(buffer[..<count]), in: stream) }
    return count
  }
}
