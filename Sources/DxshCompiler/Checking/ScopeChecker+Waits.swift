import DxshExpressions
import DxshPlan
import DxshSyntax
import DxshTime

/// Waits (rule 12): what is waited for, for how long, and what it gives.
extension ScopeChecker {
  func check(_ item: WaitItem, _ expressions: ExpressionChecker) -> CheckedLeaf.Kind {
    checkAfter(item.after, expressions)
    var type: Type
    let alternatives: [PlanWait.Alternative]
    var isForTime = false
    switch item.target {
    case .call(let call):
      let source = check(call, item.resultType, expressions)
      type = source?.type ?? .unknown
      alternatives = source.map { [.init(name: nil, source: $0.source)] } ?? []
      isForTime = source.map { !$0.source.isSignal } ?? false
    case .any(let written):
      let choice = check(written, expressions, hasTimeout: !item.policies.isEmpty)
      type = choice.type
      alternatives = choice.alternatives
      if let written = item.resultType { session.report(.castOfChoice(at: written.range)) }
    }
    let timeout = PolicyChecker(expressions).check(
      wait: item.policies, isForTime: isForTime)
    if timeout != nil, case .call = item.target { type = type.asOptional }
    settle(item.name, type)
    if alternatives.isEmpty { return .invalid }
    return .wait(
      CheckedWait(
        plan: PlanWait(
          alternatives: alternatives, timeout: timeout, slot: names.entries.slot(of: item.name.text)),
        range: item.range))
  }

  /// `any { … }`: a record of the name of the one that came about, and what it gave.
  private func check(
    _ written: [WaitItem.Alternative], _ expressions: ExpressionChecker, hasTimeout: Bool
  ) -> (type: Type, alternatives: [PlanWait.Alternative]) {
    var fields: [RecordType.Field] = []
    var alternatives: [PlanWait.Alternative] = []
    var seen: [String: SourceRange] = [:]
    for alternative in written {
      let source = check(alternative.call, alternative.resultType, expressions)
      guard !alternative.name.isMissing else { continue }
      let name = alternative.name.text
      if let first = seen[name] {
        session.report(.duplicate("the alternative", alternative.name, first: first))
        continue
      }
      seen[name] = alternative.name.range
      if name == "chosen" || name == PlanWait.timeoutName {
        session.report(.reservedAlternative(alternative.name))
      }
      fields.append(.init(name, source?.type.asOptional ?? .unknown))
      if let source { alternatives.append(.init(name: name, source: source.source)) }
    }
    let members = fields.map(\.name) + (hasTimeout ? [PlanWait.timeoutName] : [])
    let chosen = Type.enumeration(.chosen(members))
    let isWhole = alternatives.count == written.count
    return (.record(RecordType([.init("chosen", chosen)] + fields)), isWhole ? alternatives : [])
  }

  private func check(
    _ call: Call, _ resultType: TypeSyntax?, _ expressions: ExpressionChecker
  ) -> (source: PlanWait.Source, type: Type)? {
    guard !call.path.isMissing else { return nil }
    guard let kind = WaitKind(rawValue: call.path.text) else {
      session.report(
        .unknownName(
          "wait", call.path.text, candidates: WaitKind.allCases.map(\.rawValue), at: call.path.range))
      call.arguments.forEach { _ = expressions.lookingForNames.infer($0.value) }
      return nil
    }
    if let resultType, kind != .signal { session.report(.castOfTime(kind.rawValue, at: resultType.range)) }
    var substitution = Substitution()
    let arguments = expressions.bind(
      call, to: kind.parameters, of: kind.rawValue, declared: nil, &substitution)
    switch kind {
    case .delay:
      if case .duration(let span)? = arguments[0].constantValue, span.isNegative, let value = call.arguments.first {
        session.report(.badPolicyValue("a delay is not negative", at: value.range))
      }
      return (.delay(arguments[0]), .timestamp)
    case .until: return (.until(arguments[0]), .timestamp)
    case .signal:
      let type = resultType.map(TypeResolver(session: session).resolve) ?? .json
      if type.isConfined, let resultType {
        session.report(.secretTypeKept(type, "what a signal brings", at: resultType.range))
        return nil
      }
      session.bringsUntrusted = true
      let key = arguments[1].constantValue?.isNone == true ? nil : arguments[1]
      return (.signal(name: arguments[0], key: key, type), type)
    }
  }

  // MARK: - Waits that do nothing

  /// A wait for a time that nothing waits for holds nobody up. The rounds of a loop wait for what stands in them.
  func checkIdleWaits(_ dependencies: [[Int]]) {
    guard place != .loop else { return }
    var hasSuccessor = [Bool](repeating: false, count: dependencies.count)
    for edges in dependencies {
      for edge in edges { hasSuccessor[edge] = true }
    }
    for (number, leaf) in outline.leaves.enumerated() {
      guard case .wait(let item) = leaf.item, case .call(let call) = item.target, !hasSuccessor[number],
        let kind = WaitKind(rawValue: call.path.text), kind != .signal, !names.entries.isUsed(item.name.text)
      else { continue }
      session.report(.idleWait(item.name))
    }
  }
}

/// What can be waited for.
private enum WaitKind: String, CaseIterable {
  case delay, until, signal

  var parameters: [ParameterSignature] {
    switch self {
    case .delay: [ParameterSignature(name: "span", type: .duration)]
    case .until: [ParameterSignature(name: "time", type: .timestamp)]
    case .signal:
      [
        ParameterSignature(name: "name", type: .string),
        ParameterSignature(name: "key", type: .optional(.string), defaultValue: .constant(Constant(.none))),
      ]
    }
  }
}

extension PlanWait.Source {
  var isSignal: Bool {
    if case .signal = self { true } else { false }
  }
}

extension CheckedScope {
  /// The waits in it, those in loops, handlers and called workflows among them: where each is written.
  var waits: [SourceRange] {
    leaves.flatMap { leaf -> [SourceRange] in
      switch leaf.kind {
      case .wait(let wait): [wait.range]
      case .invocation(let invocation): invocation.mayWait ? [invocation.range] : []
      case .loop(let loop): loop.body.waits
      case .iteration(let iteration): iteration.body.waits
      case .attempt(let attempt): attempt.body.waits + attempt.handler.waits
      case .value, .call, .condition, .assertion, .failure, .approval, .output, .barrier, .invalid: []
      }
    }
  }
}

extension Diagnostic {
  fileprivate static func castOfChoice(at range: SourceRange) -> Diagnostic {
    Diagnostic(
      .typeMismatch, "what `any` gives is a record of its alternatives", at: range,
      help: "say `as` behind the signal that it is about")
  }

  fileprivate static func castOfTime(_ kind: String, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      .typeMismatch, "`\(kind)` gives the time when it was over, a timestamp", at: range, help: "leave `as` away")
  }

  fileprivate static func reservedAlternative(_ name: Name) -> Diagnostic {
    Diagnostic(
      .duplicateName, "the field `\(name.text)` of what `any` gives has a meaning already", at: name.range,
      help: "call the alternative something else")
  }

  fileprivate static func idleWait(_ name: Name) -> Diagnostic {
    Diagnostic(
      .idleWait, "nothing waits for `\(name.text)`", at: name.range,
      help: "say `after \(name.text)` where it is to be waited for, or put both into a `sequence`")
  }

  static func waitInFinally(at range: SourceRange) -> Diagnostic {
    Diagnostic(
      .waitInFinally, "`finally` does not wait", at: range,
      help: "wait before, in the body of the workflow")
  }
}
