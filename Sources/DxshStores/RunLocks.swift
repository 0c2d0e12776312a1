import DxshRuntime
import Glibc
import Synchronization

/// What runs are under way, as locks on single bytes of a file: byte n for run n. The system releases them when the
/// process dies, however it dies (fcntl(2), "Open file description locks").
final class RunLocks: Sendable {
  private let descriptor: Int32
  /// The runs of this process, which its own locks do not keep apart.
  private let own = Mutex<Set<Int64>>([])

  /// `F_OFD_GETLK` and `F_OFD_SETLK` of Linux (fcntl.h), which Glibc shows only with _GNU_SOURCE.
  private static let getLock: Int32 = 36
  private static let setLock: Int32 = 37

  init(_ path: String) throws(RunStoreError) {
    descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      throw RunStoreError(
        .unavailable, "\(path) cannot be opened for writing: \(String(cString: strerror(errno)))")
    }
  }

  deinit { close(descriptor) }

  /// Nil while this or another process has the run.
  func claim(_ run: Int64) throws(RunStoreError) -> RunClaim? {
    guard own.withLock({ $0.insert(run).inserted }) else { return nil }
    guard lock(run, Int16(F_WRLCK), Self.setLock) != nil else {
      let reason = errno
      _ = own.withLock { $0.remove(run) }
      if reason == EAGAIN || reason == EACCES { return nil }
      throw RunStoreError(.unavailable, "the run cannot be locked: \(String(cString: strerror(reason)))")
    }
    return RunClaim { [self] in
      _ = lock(run, Int16(F_UNLCK), Self.setLock)
      _ = own.withLock { $0.remove(run) }
    }
  }

  /// Whether this or another process has the run.
  func isClaimed(_ run: Int64) -> Bool {
    if own.withLock({ $0.contains(run) }) { return true }
    return lock(run, Int16(F_WRLCK), Self.getLock).map { $0 != Int16(F_UNLCK) } ?? false
  }

  /// The type of lock that the call leaves; nil when it fails.
  private func lock(_ run: Int64, _ type: Int16, _ command: Int32) -> Int16? {
    var region = flock()
    region.l_type = type
    region.l_whence = Int16(SEEK_SET)
    region.l_start = off_t(run)
    region.l_len = 1
    return fcntl(descriptor, command, &region) == 0 ? region.l_type : nil
  }
}
