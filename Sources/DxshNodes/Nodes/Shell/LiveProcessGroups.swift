import Glibc
import Synchronization

/// The process groups of all calls under way, so that a program that must end at once leaves none of them behind.
package enum LiveProcessGroups {
  private static let leaders = Mutex<Set<pid_t>>([])

  static func insert(_ group: ProcessGroup) {
    leaders.withLock { _ = $0.insert(group.leader) }
  }

  static func remove(_ group: ProcessGroup) {
    leaders.withLock { _ = $0.remove(group.leader) }
  }

  /// Ends every process of every group without asking.
  package static func killAll() {
    leaders.withLock { leaders in
      for leader in leaders { kill(-leader, SIGKILL) }
    }
  }
}
