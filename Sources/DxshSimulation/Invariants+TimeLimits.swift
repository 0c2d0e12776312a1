import DxshPlan
import DxshRuntime
import DxshTime

extension Invariants {
  /// 20, by an account of its own: `lost5xactive40/` is over when it has worked for 40 seconds.
  /// - events: all of a journal
  func checkTimeLimits(_ events: [RecordedEvent]) -> [String] {
    let calls = Set(
      events.compactMap { event in
        event.path.split(separator: "/").first.map(String.init).flatMap {
          $0.hasPrefix("lost") && $0.contains("x") && event.path != $0 ? $0 : nil
        }
      })
    return calls.sorted().flatMap { call in
      guard let number = call.split(whereSeparator: { !$0.isNumber }).last.flatMap({ Int($0) }) else {
        return [String]()
      }
      let limit = TimeLimit(rawValue: call.contains("xactive") ? "active" : "duration") ?? .duration
      return check(call, limit, seconds: number, events)
    }
  }

  private func check(_ call: String, _ limit: TimeLimit, seconds: Int, _ events: [RecordedEvent]) -> [String] {
    var broken: [String] = []
    var account = WorkAccount(of: call)
    var isOver = false
    // What was under way when a person was asked goes on until there is an answer, in whatever process.
    var begun: [String: Int] = [:]
    for event in events {
      account.take(event)
      // It is all to be made again, with its time anew.
      if case .reopened = event.kind { (account, isOver) = (WorkAccount(of: call), false) }
      // Another version of the file says anew when it has to be over.
      if case .migrated = event.kind { (account, isOver) = (WorkAccount(of: call), false) }
      guard event.path.hasPrefix(call + "/") || event.path.hasPrefix(call + "@") else { continue }
      switch event.kind {
      case .timeReached where event.path == limit.path(of: call):
        isOver = true
        if limit == .active, account.worked < TimeSpan(nanoseconds: Int64(seconds) * 1_000_000_000) {
          broken.append("\(call): over after \(account.worked) of work")
        }
        // The call began no earlier than the run.
        if limit == .duration, let start = events.first?.at, event.at < start.after(seconds: seconds) {
          broken.append("\(call): over too early, at \(event.at)")
        }
      case .attemptStarted(let attempt):
        let name = StepPlace(event.path).name
        let isBegunBefore = begun.updateValue(attempt, forKey: event.path) == attempt
        if isOver, !isBegunBefore, Plan.undone(by: event.path) == nil, Plan.verified(by: event.path) == nil,
          !name.hasPrefix("z")
        {
          broken.append("\(event.path): begun after its workflow was over")
        }
      case .cancelled, .succeeded, .attemptFailed, .indeterminate, .settled: begun[event.path] = nil
      default: break
      }
    }
    return broken
  }
}

/// How long attempts of a workflow's steps have been under way, as far as a journal says.
private struct WorkAccount {
  private let prefix: String
  private(set) var worked = TimeSpan.zero
  private var underWay: Set<String> = []
  private var last: Timestamp?

  init(of call: String) { prefix = call + "/" }

  mutating func take(_ event: RecordedEvent) {
    var isLost = false
    if case .resumed = event.kind { isLost = true }
    var before = last
    if case .clock(_, _, let change) = event.kind { before = before?.adding(change) }
    if !underWay.isEmpty, !isLost, let before, event.at > before {
      worked = worked.adding(event.at.since(before)) ?? worked
    }
    last = event.at
    if isLost { underWay = [] }
    guard event.path.hasPrefix(prefix) else { return }
    switch event.kind {
    case .attemptStarted: underWay.insert(event.path)
    case .succeeded, .polled, .attemptFailed, .refused, .indeterminate, .settled, .cancelled, .recalled, .fellBack:
      underWay.remove(event.path)
    case .started, .cancelRequested, .received, .timeReached, .clock, .resumed, .migrated, .ended, .reopened: break
    }
  }
}
