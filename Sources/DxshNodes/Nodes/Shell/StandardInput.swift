import DxshRuntime
import Glibc
import SystemPackage

/// What a program reads: a file in memory, so that nobody has to feed a pipe that the program may close.
enum StandardInput {
  /// `/dev/null` for nothing. The caller closes the descriptor.
  static func descriptor(holding bytes: [UInt8]) throws(NodeFailure) -> FileDescriptor {
    do {
      guard !bytes.isEmpty else { return try FileDescriptor.open("/dev/null", .readOnly) }
      let name = "/dxsh-\(String(UInt64.random(in: .min ... .max), radix: 36))"
      let number = shm_open(name, O_RDWR | O_CREAT | O_EXCL, 0o600)
      guard number >= 0 else { throw Errno(rawValue: errno) }
      shm_unlink(name)
      let file = FileDescriptor(rawValue: number)
      do {
        try file.writeAll(bytes)
        _ = try file.seek(offset: 0, from: .start)
      } catch {
        try? file.close()
        throw error
      }
      return file
    } catch {
      throw NodeFailure("spawn", "cannot hand the input to the program: \(error)")
    }
  }
}
