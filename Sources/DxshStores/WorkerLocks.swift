import DxshRuntime
import Glibc
import Synchronization

/// Which processes live, as locks on single bytes of a file, one for each worker of the store. The system releases them
/// when the process dies, however it dies (fcntl(2), "Open file description locks").
final class WorkerLocks: Sendable {
  private let descriptor: Int32
  /// Those taken here, which the system does not show to their own holder.
  private let own = Mutex<Set<Int64>>([])

  /// `F_OFD_GETLK` and `F_OFD_SETLK` of Linux (fcntl.h), which Glibc shows only with _GNU_SOURCE.
  private static let getLock: Int32 = 36
  private static let setLock: Int32 = 37
  /// The bytes before were locked for runs by earlier versions.
  private static let firstByte: Int64 = 1 << 40

  init(_ path: String) throws(RunStoreError) {
    descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      throw RunStoreError(
        .unavailable, "\(path) cannot be opened for writing: \(String(cString: strerror(errno)))")
    }
  }

  deinit { close(descriptor) }

  /// Locks the worker's byte until this process dies or drops the locks.
  func take(_ worker: Int64) throws(RunStoreError) {
    guard lock(worker, Self.setLock) != nil else {
      let reason =
        errno == EAGAIN || errno == EACCES
        ? "another process has the whole store, as `dxsh store rebuild` does; try again when it has ended"
        : "the file of locks cannot be locked: \(String(cString: strerror(errno)))"
      throw RunStoreError(.unavailable, reason)
    }
    _ = own.withLock { $0.insert(worker) }
  }

  /// Whether a process, or another user of the store in this one, has the worker's byte.
  func isTaken(_ worker: Int64) -> Bool {
    own.withLock { $0.contains(worker) } || (lock(worker, Self.getLock).map { $0 != Int16(F_UNLCK) } ?? true)
  }

  /// Locks the bytes of all workers, those to come too; false while another process has one of them.
  func takeAll() -> Bool { lock(0, Self.setLock, count: 0) != nil }

  /// The type of lock that the call leaves; nil when it fails.
  /// - count: how many workers, from that one on; 0 for all
  private func lock(_ worker: Int64, _ command: Int32, count: off_t = 1) -> Int16? {
    var region = flock()
    region.l_type = Int16(F_WRLCK)
    region.l_whence = Int16(SEEK_SET)
    region.l_start = off_t(Self.firstByte + worker)
    region.l_len = count
    return fcntl(descriptor, command, &region) == 0 ? region.l_type : nil
  }
}
