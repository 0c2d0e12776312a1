import DxshExpressions
import DxshPlan
import DxshSyntax
import DxshTime

/// `limit(pool, n)`, `rate(n, per: d, key:, burst:)` and `breaker(name, failures:, window:, open:, half_open:)`: what
/// an attempt needs before it may begin, which all runs of a store share (rule 42).
///
/// Names are values of the step; numbers are known beforehand, so that a file has one meaning of each name.
extension PolicyChecker {
  func limit(_ call: Call) -> PlanCall.Limits.Pool? {
    guard let values = known(call, Self.limitParameters, unknown: [0]), let slots = values.count(1) else { return nil }
    agree("pool", values.name(0), "\(slots) slots", at: call)
    return PlanCall.Limits.Pool(name: values.expressions[0], capacity: slots)
  }

  /// - node: whose rate it is where none other is named
  func rate(_ call: Call, of node: String?) -> PlanCall.Limits.Rate? {
    guard let values = known(call, Self.rateParameters, unknown: [2]), let count = values.count(0),
      let period = values.span(1), let burst = values.count(3)
    else { return nil }
    let hasKey = values.expressions[2] != Self.none
    agree("rate", hasKey ? values.name(2) : node, "\(count) per \(period), \(burst) at once", at: call)
    return PlanCall.Limits.Rate(
      key: hasKey ? values.expressions[2] : nil, count: count, period: period, burst: burst)
  }

  func breaker(_ call: Call) -> PlanCall.Limits.Breaker? {
    guard let values = known(call, Self.breakerParameters, unknown: [0]), let failures = values.count(1),
      let window = values.span(2), let open = values.span(3), let probes = values.count(4)
    else { return nil }
    // Each of them is kept.
    if failures > Self.failureLimit {
      session.report(
        .badPolicyValue("a breaker counts at most \(Self.failureLimit) failures", at: call.range))
      return nil
    }
    agree("breaker", values.name(0), "\(failures) failures in \(window), open \(open), half open \(probes)", at: call)
    return PlanCall.Limits.Breaker(
      name: values.expressions[0], failures: failures, window: window, open: open, probes: probes)
  }

  private static let failureLimit = 1000
  private static let none = Expression.constant(Constant(.none))
  private static let one = Expression.constant(Constant(.int(1)))
  private static let limitParameters = [
    ParameterSignature(name: "pool", type: .string), ParameterSignature(name: "slots", type: .int),
  ]
  private static let rateParameters = [
    ParameterSignature(name: "count", type: .int), ParameterSignature(name: "per", type: .duration),
    ParameterSignature(name: "key", type: .string, defaultValue: none),
    ParameterSignature(name: "burst", type: .int, defaultValue: one),
  ]
  private static let breakerParameters = [
    ParameterSignature(name: "name", type: .string), ParameterSignature(name: "failures", type: .int),
    ParameterSignature(name: "window", type: .duration), ParameterSignature(name: "open", type: .duration),
    ParameterSignature(name: "half_open", type: .int, defaultValue: one),
  ]

  // MARK: - Values

  /// The arguments of a policy, all but some of them known.
  private struct KnownArguments {
    let expressions: [Expression]
    /// As far as they are the same in every run.
    let values: [Value?]

    func count(_ number: Int) -> Int? { if case .int(let count)? = values[number] { Int(count) } else { nil } }
    func span(_ number: Int) -> TimeSpan? { if case .duration(let span)? = values[number] { span } else { nil } }
    func name(_ number: Int) -> String? { if case .string(let text)? = values[number] { text.string } else { nil } }
  }

  /// Nil where there is a mistake, which is reported.
  private func known(
    _ call: Call, _ parameters: [ParameterSignature], unknown: Set<Int>
  ) -> KnownArguments? {
    let errors = session.errorCount
    let values = bind(call, to: parameters)
    guard session.errorCount == errors else { return nil }
    for (number, parameter) in parameters.enumerated() where !unknown.contains(number) {
      let range = call.argument(for: parameter.name, at: number)?.value.range ?? call.range
      let (isAboveZero, isTooLarge): (Bool, Bool)
      switch known(values[number]) {
      case .int(let count)?: (isAboveZero, isTooLarge) = (count > 0, count > Int32.max)
      case .duration(let span)?: (isAboveZero, isTooLarge) = (span > .zero, !span.fitsNanoseconds)
      default:
        session.report(
          .badPolicyValue(
            "the `\(parameter.name)` of a `\(call.path.text)` is a constant: all runs share it", at: range))
        return nil
      }
      guard isAboveZero, !isTooLarge else {
        session.report(
          .badPolicyValue(
            isAboveZero
              ? "the `\(parameter.name)` of a `\(call.path.text)` is too large"
              : "the `\(parameter.name)` of a `\(call.path.text)` is above zero", at: range))
        return nil
      }
    }
    return KnownArguments(expressions: values, values: values.map(known))
  }

  /// What has one name has the same numbers everywhere in the file.
  private func agree(_ kind: String, _ name: String?, _ numbers: String, at call: Call) {
    guard let name else { return }
    let first = session.sharedLimits["\(kind) \(name)"] ?? (numbers, call.range)
    session.sharedLimits["\(kind) \(name)"] = first
    if first.numbers != numbers {
      session.report(.limitsDisagree(kind, name, numbers, first: first, at: call.range))
    }
  }
}

extension Diagnostic {
  fileprivate static func limitsDisagree(
    _ kind: String, _ name: String, _ numbers: String, first: (numbers: String, range: SourceRange),
    at range: SourceRange
  ) -> Diagnostic {
    Diagnostic(
      .limitsDisagree, "the \(kind) \"\(name)\" has \(numbers) here, and \(first.numbers) elsewhere", at: range,
      related: [Related(first.range, "it is also used here")],
      help: "say the same numbers wherever it is used, or use another name")
  }
}
