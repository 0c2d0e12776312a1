import CDxshProcess
import DxshRuntime
import Glibc
import Synchronization

/// Reads what programs write and notices when they end: one thread for all programs of this process, so that a program
/// costs two changes of threads, to this one and back.
final class ProcessWatch: Sendable {
  /// What an event is about; in the lowest bits of its token, above which is the program's `RunningProcess.number`.
  private enum Subject: UInt64 {
    case exit, output, error
  }

  /// As much as a pipe holds unless it is told otherwise, and at most unless the machine allows more, in bytes
  /// (pipe(7)).
  private static let pipeSize = 65_536
  private static let largestPipe = 1 << 20
  private static let current = Mutex<ProcessWatch?>(nil)

  private let epoll: OwnedDescriptor
  /// By their numbers; their descriptors are used and closed under this lock alone, as others get the same ones later.
  private let processes = Mutex<[UInt64: RunningProcess]>([:])

  /// Made when it is needed first; throws what the system refuses it for.
  static func get() throws(SystemError) -> ProcessWatch {
    try current.withLock { watch throws(SystemError) in
      if let watch { return watch }
      let made = try ProcessWatch()
      watch = made
      return made
    }
  }

  private init() throws(SystemError) {
    epoll = try OwnedDescriptor(epoll_create1(Int32(EPOLL_CLOEXEC)))
    // Where there are no such descriptors, that is known before a program is started.
    _ = try OwnedDescriptor(dxsh_pidfd_open(getpid()))
    // Whoever started this process may have made it ignore the ends of its children, of which nobody could ask then.
    signal(SIGCHLD, SIG_DFL)
    guard DetachedThread.start({ [self] in watch() }) else { throw SystemError(EAGAIN) }
  }

  /// Looks after it from now on, until it is removed.
  func add(_ process: RunningProcess) throws(SystemError) {
    processes.withLock { $0[process.number] = process }
    do throws(SystemError) {
      try observe(process.output, .output, process)
      try observe(process.error, .error, process)
      try observe(process.exit, .exit, process)
    } catch {
      remove(process)
      throw error
    }
  }

  private func observe(_ descriptor: Int32, _ subject: Subject, _ process: RunningProcess) throws(SystemError) {
    let token = process.number << 2 | subject.rawValue
    var event = epoll_event(events: EPOLLIN.rawValue, data: epoll_data_t(u64: token))
    guard epoll_ctl(epoll.number, EPOLL_CTL_ADD, descriptor, &event) == 0 else { throw SystemError(errno) }
  }

  /// Closes its descriptors: what its children still write goes nowhere. Once is enough.
  func remove(_ process: RunningProcess) {
    processes.withLock { processes in
      guard processes.removeValue(forKey: process.number) != nil else { return }
      for descriptor in [process.exit, process.output, process.error] {
        ignore(descriptor)
        close(descriptor)
      }
    }
  }

  /// Closing a descriptor is not enough: a program that is just being started may still have it.
  private func ignore(_ descriptor: Int32) {
    epoll_ctl(epoll.number, EPOLL_CTL_DEL, descriptor, nil)
  }

  private func ignore(_ descriptor: Int32, of process: RunningProcess) {
    processes.withLock { if $0[process.number] != nil { ignore(descriptor) } }
  }

  private func watch() -> Never {
    var events = [epoll_event](repeating: epoll_event(), count: 64)
    var buffer = [UInt8](repeating: 0, count: Self.pipeSize)
    while true {
      let count = epoll_wait(epoll.number, &events, Int32(events.count), -1)
      for event in events.prefix(Int(max(count, 0))) {
        let token = event.data.u64
        // One that was removed may have more events here.
        guard let process = processes.withLock({ $0[token >> 2] }) else { continue }
        switch Subject(rawValue: token & 3) {
        case .output: if read(.output, of: process, &buffer) == 0 { ignore(process.output, of: process) }
        case .error: if read(.error, of: process, &buffer) == 0 { ignore(process.error, of: process) }
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
    guard let leavesOthers = process.takeStatus() else { return }
    if leavesOthers { ignore(process.exit, of: process) } else { remove(process) }
    process.finish()
  }

  /// How much there was, 0 at its end; nil when there is nothing.
  private func read(_ stream: RunningProcess.Stream, of process: RunningProcess, _ buffer: inout [UInt8]) -> Int? {
    let descriptor = stream == .output ? process.output : process.error
    let count = processes.withLock { processes in
      processes[process.number] == nil ? -1 : Glibc.read(descriptor, &buffer, buffer.count)
    }
    guard count >= 0 else { return nil }
    if count > 0 { process.note(Array(buffer[..<count]), in: stream) }
    return count
  }
}
