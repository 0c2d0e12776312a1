import Glibc

/// Turns SIGINT and SIGTERM into calls: the first asks, the second is final.
///
/// The handler only writes to a pipe, which is all that a handler may do; a thread of its own reads it.
enum Interrupts {
  nonisolated private static let pipe: (read: Int32, write: Int32) = {
    var ends: [Int32] = [-1, -1]
    _ = Glibc.pipe(&ends)
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    return (ends[0], ends[1])
  }()

  /// Calls `first` on the first signal and `second` on the next, on a thread of its own.
  static func watch(first: @escaping @Sendable () -> Void, second: @escaping @Sendable () -> Void) {
    guard pipe.read >= 0 else { return }
    let box = Unmanaged.passRetained(Reactions(first: first, second: second))
    var thread = pthread_t()
    pthread_create(
      &thread, nil,
      { argument in
        guard let argument else { return nil }
        let reactions = Unmanaged<Reactions>.fromOpaque(argument).takeRetainedValue()
        var byte: UInt8 = 0
        if Interrupts.next(&byte) { reactions.first() }
        if Interrupts.next(&byte) { reactions.second() }
        return nil
      }, box.toOpaque())
    pthread_detach(thread)
    for number in [SIGINT, SIGTERM] {
      signal(number) { _ in Interrupts.note() }
    }
  }

  private static func note() {
    var byte: UInt8 = 1
    _ = write(pipe.write, &byte, 1)
  }

  private static func next(_ byte: inout UInt8) -> Bool {
    while true {
      let count = read(pipe.read, &byte, 1)
      if count == 1 { return true }
      if count < 0, errno == EINTR { continue }
      return false
    }
  }

  private final class Reactions: Sendable {
    let first: @Sendable () -> Void
    let second: @Sendable () -> Void

    init(first: @escaping @Sendable () -> Void, second: @escaping @Sendable () -> Void) {
      self.first = first
      self.second = second
    }
  }
}
