import DxshExpressions
package import DxshTime

/// How long a workflow may take (`limits`); nil where it does not say.
package struct PlanTimeLimits: Sendable, Hashable {
  /// From its beginning, waits included; above zero.
  package var duration: TimeSpan?
  /// While an attempt of one of its steps is under way; above zero.
  package var active: TimeSpan?

  package init(duration: TimeSpan? = nil, active: TimeSpan? = nil) {
    self.duration = duration
    self.active = active
  }

  func validate(_ path: String) throws(PlanError) {
    if let duration, duration <= .zero {
      throw PlanError("what a workflow may take is above zero", path: "\(path)/duration")
    }
    if let active, active <= .zero {
      throw PlanError("what a workflow may take is above zero", path: "\(path)/active")
    }
  }
}

/// `"duration": ns, "active": ns` among the fields of the workflow.
extension PlanTimeLimits {
  func write(to json: inout JSONStream) {
    json.write("duration", duration.map { Int($0.clampedNanoseconds) })
    json.write("active", active.map { Int($0.clampedNanoseconds) })
  }

  init(in fields: inout JSONFields) throws(JSONFormError) {
    let (duration, active) = (
      try fields.readIfPresent("duration", PlanAtom.number), try fields.readIfPresent("active", PlanAtom.number)
    )
    self.init(
      duration: duration.map { TimeSpan(nanoseconds: Int64($0)) },
      active: active.map { TimeSpan(nanoseconds: Int64($0)) })
  }
}

/// Of what a moment is when a call, or the whole run, has to be over.
package enum TimeLimit: String, Sendable, CaseIterable {
  /// The policy of a call.
  case deadline
  /// Of a workflow's `limits`.
  case duration, active

  /// The path of that moment: `load@deadline`, `@duration` of the run's own workflow.
  package func path(of call: String) -> String { "\(call)@\(rawValue)" }

  /// What a path is the moment of: the path of the call, empty for the run's own workflow; nil when it is that of no
  /// such moment.
  package static func limited(by path: String) -> (limit: TimeLimit, call: String)? {
    for limit in allCases where path.hasSuffix("@\(limit.rawValue)") {
      return (limit, String(path.dropLast(limit.rawValue.count + 1)))
    }
    return nil
  }
}
