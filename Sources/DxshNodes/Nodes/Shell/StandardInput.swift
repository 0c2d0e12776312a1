import CDxshProcess
import Glibc

/// What a program reads: a file in memory, so that nobody has to feed a pipe that the program may close.
enum StandardInput {
  /// `/dev/null` for nothing.
  static func open(holding bytes: [UInt8]) throws(SystemError) -> OwnedDescriptor {
    guard !bytes.isEmpty else { return try OwnedDescriptor(Glibc.open("/dev/null", O_RDONLY | O_CLOEXEC)) }
    let file = try OwnedDescriptor(dxsh_memory_file())
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { write(file.number, $0.baseAddress, $0.count) }
      if count < 0 { throw SystemError(errno) }
      rest = rest.dropFirst(count)
    }
    lseek(file.number, 0, SEEK_SET)
    return file
  }
}
