import DxshRuntime
import Glibc
import Synchronization

/// Measures the memory of process groups that somebody wants to know of, from time to time, all of them at once.
final class GroupMeasuring: Sendable {
  private struct Measured {
    let meter: UseMeter
    var next: ContinuousClock.Instant
    var pause: Duration
  }

  private struct State {
    /// By their leaders.
    var groups: [pid_t: Measured] = [:]
    var isMeasuring = false
  }

  static let shared = GroupMeasuring()
  /// How often it looks whether a group is due, and how long after its start the first is.
  private static let tick = Duration.milliseconds(20)

  private let state = Mutex(State())

  func add(_ group: ProcessGroup, _ meter: UseMeter) {
    let isFirst = state.withLock { state in
      state.groups[group.leader] = Measured(meter: meter, next: .now + Self.tick, pause: Self.tick)
      defer { state.isMeasuring = true }
      return !state.isMeasuring
    }
    if isFirst { Task { await measure() } }
  }

  func remove(_ group: ProcessGroup) {
    state.withLock { _ = $0.groups.removeValue(forKey: group.leader) }
  }

  /// Until there is no group.
  @concurrent private func measure() async {
    while true {
      try? await ContinuousClock().sleep(for: Self.tick)
      let due: [pid_t: UseMeter]? = state.withLock { state in
        state.isMeasuring = !state.groups.isEmpty
        return state.isMeasuring ? takeDue(&state.groups) : nil
      }
      guard let due else { return }
      if due.isEmpty { continue }
      let memory = ProcessGroup.memory(of: due.keys)
      for (leader, meter) in due { meter.note(memory: memory[leader] ?? 0) }
    }
  }

  /// The pauses between measurements of a group grow.
  private func takeDue(_ groups: inout [pid_t: Measured]) -> [pid_t: UseMeter] {
    let now = ContinuousClock.now
    var due: [pid_t: UseMeter] = [:]
    for (leader, group) in groups where group.next <= now {
      due[leader] = group.meter
      let pause = min(group.pause * 2, .milliseconds(500))
      groups[leader] = Measured(meter: group.meter, next: now + pause, pause: pause)
    }
    return due
  }
}
