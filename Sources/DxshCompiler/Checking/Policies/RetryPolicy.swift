import DxshExpressions
import DxshPlan
import DxshSyntax
import DxshTime

/// `retry(n, backoff: fixed(d) | linear(d) | exponential(d, max:, factor:), jitter:, only: [kinds],
/// unless: e, budget: d)`: `n` attempts in total (rule 63), none after a failure `error` for which `unless` holds (rule
/// 42), and none that would begin more than the budget after the first.
/// With `jitter`, the default, a delay is a random part of what `backoff` says.
extension PolicyChecker {
  /// - more: kinds of failure that an attempt can end with besides the node's
  /// - error: the type of `error.kind`
  func retry(
    _ call: Call, of signature: NodeSignature?, more: [String] = [], error: Type
  ) -> PlanCall.Retry {
    let backoff = call.arguments.firstIndex { $0.label?.text == "backoff" }
    let only = call.arguments.firstIndex { $0.label?.text == "only" }
    let unless = call.arguments.firstIndex { $0.label?.text == "unless" }
    let others = [backoff, only, unless]
    let arguments = bind(call, to: Self.retryParameters) { !others.contains($0) }
    if case .int(let count)? = known(arguments[0]), count < 1,
      let first = call.arguments.indices.first(where: { !others.contains($0) })
    {
      session.report(.badPolicyValue("`retry` takes at least 1 attempt", at: call.arguments[first].value.range))
    }
    let delays = backoff.flatMap { self.backoff(call.arguments[$0].value) }
    let budget = arguments[2] == Self.none ? nil : arguments[2]
    check(budget: budget, delays, call)
    return PlanCall.Retry(
      attempts: arguments[0], backoff: delays, jitter: arguments[1],
      only: only.flatMap { kinds(call.arguments[$0].value, of: signature, more) },
      unless: unless.flatMap { exception(call.arguments[$0].value, kind: error) }, budget: budget)
  }

  /// A time in which at least a second attempt can begin.
  private func check(budget: Expression?, _ backoff: PlanCall.Retry.Backoff?, _ call: Call) {
    guard case .duration(let budget)? = known(budget) else { return }
    let range = call.argument(for: "budget", at: 2)?.value.range ?? call.range
    if budget <= .zero {
      return session.report(.badPolicyValue("attempts begin for some time, so a `budget` is above 0s", at: range))
    }
    let first: Expression
    switch backoff {
    case .fixed(let delay)?, .linear(let delay)?, .exponential(let delay, _, _)?: first = delay
    case nil: return
    }
    if case .duration(let delay)? = known(first), delay > budget {
      session.report(.delayAboveBudget(delay, budget, at: range))
    }
  }

  private func exception(_ syntax: ExpressionSyntax, kind: Type) -> PlanCall.Retry.Exception? {
    let type = ErrorKinds.typeInPolicies(kind)
    // In `defaults`, where nothing has a slot.
    let slot = expressions.scope.bindHidden("error", type) ?? 0
    var expressions = expressions
    expressions.scope = NameInScope(
      "error", TypedExpression(.binding(depth: 0, slot: slot), type), in: expressions.scope)
    let condition = expressions.check(syntax, expecting: .bool)
    return PlanCall.Retry.Exception(slot: slot, condition: condition.expression)
  }

  /// What `error.kind` may be in `defaults`, which are of no step: what an attempt of one of its nodes can end with.
  func kindOfAny(_ call: Call) -> Type {
    guard let unless = call.arguments.first(where: { $0.label?.text == "unless" }) else { return .unknown }
    var mentions = Mentions()
    mentions.visit(unless.value)
    let names = mentions.names.subtracting(["error", "circuit_open"])
    return .enumeration(.errorKind(session.attemptErrors(naming: names) + ["circuit_open"]))
  }

  /// An effect that must not repeat is not retried.
  func checkRepeatable(_ signature: NodeSignature, _ call: Call) {
    if call.arguments.first?.value.whole == 1 { return }
    session.report(.retryOfOnce(signature, at: call.range))
  }

  private static let none = Expression.constant(Constant(.none))
  private static let retryParameters = [
    ParameterSignature(name: "attempts", type: .int),
    ParameterSignature(name: "jitter", type: .bool, defaultValue: .constant(Constant(.bool(true)))),
    ParameterSignature(name: "budget", type: .duration, defaultValue: none),
  ]
  private static let delay = ParameterSignature(name: "delay", type: .duration)
  private static let growingDelayParameters = [
    delay,
    ParameterSignature(name: "max", type: .duration, defaultValue: none),
    ParameterSignature(name: "factor", type: .double, defaultValue: none),
  ]

  private func backoff(_ syntax: ExpressionSyntax) -> PlanCall.Retry.Backoff? {
    guard case .call(let name, let arguments) = syntax.kind else {
      session.report(
        .badPolicyValue("`backoff` takes `fixed(d)`, `linear(d)` or `exponential(d, max: d)`", at: syntax.range))
      return nil
    }
    let call = Call(path: Path(name), arguments: arguments, range: syntax.range)
    switch name.text {
    case "fixed": return .fixed(delay(call))
    case "linear": return .linear(delay(call))
    case "exponential":
      let values = bind(call, to: Self.growingDelayParameters)
      for (value, argument) in zip(values, call.arguments) { requireNotNegative(value, argument) }
      let none = Self.none
      if case .double(let factor)? = known(values[2]), factor <= 0,
        let argument = arguments.first(where: { $0.label?.text == "factor" }) ?? arguments.last
      {
        session.report(.badPolicyValue("a delay grows by a `factor` above 0", at: argument.value.range))
      }
      if case .duration(let first)? = known(values[0]), case .duration(let most)? = known(values[1]),
        most < first
      {
        session.report(.delayAboveMaximum(first, most, at: call.range))
      }
      return .exponential(
        values[0], max: values[1] == none ? nil : values[1], factor: values[2] == none ? nil : values[2])
    default:
      session.report(
        .unknownName("backoff", name.text, candidates: ["fixed", "linear", "exponential"], at: name.range))
      return nil
    }
  }

  /// The argument of a backoff that has only one.
  private func delay(_ call: Call) -> Expression {
    let value = bind(call, to: Self.delay)
    if let argument = call.arguments.first { requireNotNegative(value, argument) }
    return value
  }

  /// Nothing is waited for less than no time.
  private func requireNotNegative(_ value: Expression, _ argument: Argument) {
    if case .duration(let span)? = known(value), span.isNegative {
      session.report(.badPolicyValue("a delay is not negative", at: argument.value.range))
    }
  }

  /// The kinds of failure in `only: […]`: those that an attempt can end with.
  private func kinds(_ syntax: ExpressionSyntax, of signature: NodeSignature?, _ more: [String]) -> [String]? {
    guard case .list(let elements) = syntax.kind else {
      session.report(.badPolicyValue("`only` takes a list of error kinds, such as `[timeout]`", at: syntax.range))
      return nil
    }
    return elements.compactMap { element in
      guard case .name(let kind) = element.value.kind else {
        session.report(.badPolicyValue("`only` takes the names of error kinds", at: element.value.range))
        return nil
      }
      if let signature, !signature.attemptErrors.contains(kind), !more.contains(kind) {
        session.report(.retryOfOther(kind, signature, at: element.value.range))
      }
      return kind
    }
  }
}

extension Diagnostic {
  static func retryOfNone(_ kind: String, _ errors: ErrorKinds, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      .deadHandler, "the workflow never ends with `\(kind)`", at: range,
      help: "it can end with \(errors.names.map { "`\($0)`" }.joined(separator: ", "))")
  }

  fileprivate static func delayAboveBudget(_ first: TimeSpan, _ budget: TimeSpan, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      .timeoutInversion, "the first delay, \(first), is longer than the budget of \(budget) for all attempts",
      at: range, help: "write a `budget` above \(first), or a shorter delay")
  }

  fileprivate static func delayAboveMaximum(_ first: TimeSpan, _ most: TimeSpan, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      .timeoutInversion, "the first delay, \(first), is longer than the longest, \(most)", at: range,
      help: "write `fixed(\(most))`, or a `max` above \(first)")
  }
}
