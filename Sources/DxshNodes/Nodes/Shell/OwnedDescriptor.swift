import CDxshProcess
import Glibc

/// A file descriptor that is closed when nobody has it any longer.
struct OwnedDescriptor: ~Copyable {
  let number: Int32

  /// Takes what a call of the system gave, and throws its error where that is negative.
  init(_ number: Int32) throws(SystemError) {
    guard number >= 0 else { throw SystemError(errno) }
    self.number = number
  }

  deinit { close(number) }

  /// Somebody else closes it.
  consuming func release() -> Int32 {
    let number = number
    discard self
    return number
  }
}

/// Both ends of a pipe of which the reader does not block.
struct Pipe: ~Copyable {
  let reader: OwnedDescriptor
  let writer: OwnedDescriptor

  init() throws(SystemError) {
    var ends: [Int32] = [-1, -1]
    guard dxsh_pipe(&ends) == 0 else { throw SystemError(errno) }
    let reader = try OwnedDescriptor(ends[0])
    let writer = try OwnedDescriptor(ends[1])
    guard fcntl(reader.number, F_SETFL, O_NONBLOCK) == 0 else { throw SystemError(errno) }
    self.reader = reader
    self.writer = writer
  }
}
