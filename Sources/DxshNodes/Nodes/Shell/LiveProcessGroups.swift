import Glibc
import Synchronization

/// The process groups of all calls under way, so that a program that must end at once leaves none of them behind.
package enum LiveProcessGroups {
  /// How many calls have a group: one may have the number of another that is just over.
  private static let leaders = Mutex<[pid_t: Int]>([:])

  static func insert(_ group: ProcessGroup) {
    leaders.withLock { $0[group.leader, default: 0] += 1 }
  }

  static func remove(_ group: ProcessGroup) {
    leaders.withLock { leaders in
      let count = leaders[group.leader, default: 0] - 1
      leaders[group.leader] = count > 0 ? count : nil
    }
  }

  /// Ends every process of every group without asking.
  package static func killAll() {
    leaders.withLock { leaders in
      for leader in leaders.keys { kill(-leader, SIGKILL) }
    }
  }
}
