import DxshRuntime
import Glibc

/// An open file, closed when the value goes out of scope. What goes wrong is a failure that names the file.
struct OpenFile: ~Copyable {
  private let descriptor: Int32
  private let place: FilePlace
  /// What the file is opened for, as a verb: `read`.
  private let action: String

  /// `flags` are those of `open(2)`. Never waits, not even for the other end of a pipe.
  init(_ place: FilePlace, to action: String, _ flags: Int32) throws(NodeFailure) {
    self.place = place
    self.action = action
    var opened: Int32
    repeat {
      opened = open(place.absolute, flags | O_CLOEXEC | O_NONBLOCK | O_NOCTTY, 0o666)
    } while opened < 0 && errno == EINTR
    guard opened >= 0 else { throw FileFailure.failure(errno, action, place) }
    self.descriptor = opened
  }

  deinit { close(descriptor) }

  func status() throws(NodeFailure) -> stat {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw FileFailure.failure(errno, action, place) }
    return status
  }

  /// Throws for what is no regular file.
  func expectRegular() throws(NodeFailure) {
    let kind = try status().st_mode & S_IFMT
    guard kind != S_IFDIR else { throw FileFailure.failure(EISDIR, action, place) }
    guard kind == S_IFREG else {
      throw NodeFailure("io", "cannot \(action) \"\(place.given)\": it is a device, a pipe or a socket")
    }
  }

  func setPermissions(_ mode: mode_t) throws(NodeFailure) {
    guard fchmod(descriptor, mode & 0o7777) == 0 else { throw FileFailure.failure(errno, action, place) }
  }

  /// At most `limit` bytes from the position on; fewer at the end of the file or when the task was cancelled.
  func read(limit: Int) throws(NodeFailure) -> [UInt8] {
    var bytes: [UInt8] = []
    while bytes.count < limit, !Task.isCancelled {
      let wanted = min(limit - bytes.count, 1 << 20)
      var result = 0
      let chunk = [UInt8](unsafeUninitializedCapacity: wanted) { buffer, count in
        repeat { result = Glibc.read(descriptor, buffer.baseAddress, wanted) } while result < 0 && errno == EINTR
        count = max(result, 0)
      }
      guard result >= 0 else { throw FileFailure.failure(errno, action, place) }
      if result == 0 { break }
      bytes.append(contentsOf: chunk)
    }
    return bytes
  }

  /// Stops early when the task was cancelled.
  func write(_ bytes: [UInt8]) throws(NodeFailure) {
    var written = 0
    while written < bytes.count, !Task.isCancelled {
      let count = bytes.withUnsafeBytes { buffer in
        Glibc.write(descriptor, buffer.baseAddress?.advanced(by: written), min(buffer.count - written, 1 << 20))
      }
      if count >= 0 {
        written += count
      } else if errno != EINTR {
        throw FileFailure.failure(errno, action, place)
      }
    }
  }

  /// Waits until what was written has reached the disk.
  func synchronize() throws(NodeFailure) {
    guard fsync(descriptor) == 0 else { throw FileFailure.failure(errno, action, place) }
  }
}
