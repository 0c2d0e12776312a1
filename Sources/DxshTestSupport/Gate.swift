import Glibc

/// Holds threads up until a test opens it, once and for all.
package final class Gate: Sendable {
  private let reading: Int32
  private let writing: Int32

  package init() {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { preconditionFailure("no pipe") }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    self.reading = ends[0]
    self.writing = ends[1]
  }

  deinit {
    close(reading)
    close(writing)
  }

  /// Blocks the thread until the gate is open.
  package func wait() {
    var waiting = pollfd(fd: reading, events: Int16(POLLIN), revents: 0)
    while poll(&waiting, 1, -1) < 0, errno == EINTR {}
  }

  package func open() {
    var byte: UInt8 = 1
    _ = write(writing, &byte, 1)
  }
}
