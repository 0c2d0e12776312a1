import DxshExpressions
import DxshPlan
import DxshSyntax
import DxshTime

/// Checks what stands before a workflow's items: its limits, and the default policies of its steps and loops.
struct HeaderChecker {
  let session: CheckSession

  // MARK: - Limits

  func limits(_ limits: LimitsDeclaration?) -> CheckedLimits {
    var checked = CheckedLimits()
    var names: [String: SourceRange] = [:]
    for entry in limits?.fields ?? [] where !entry.name.isMissing {
      if let first = names[entry.name.text] {
        session.report(.duplicate("the limit", entry.name, first: first))
        continue
      }
      names[entry.name.text] = entry.name.range
      switch LimitName(rawValue: entry.name.text) {
      case .concurrency: checked.concurrency = width(entry.value)
      case .memory: checked.memory = memory(entry.value)
      case .duration: checked.time.duration = span(entry)
      case .active: checked.time.active = span(entry)
      case .cost: reportUnsupported(entry, .money)
      case nil:
        session.report(
          .unknownName(
            "limit", entry.name.text, candidates: LimitName.allCases.map(\.rawValue), at: entry.name.range))
      }
    }
    return checked
  }

  /// A limit with a mistake in it is reported for that alone.
  private func reportUnsupported(_ entry: FieldEntry, _ type: Type) {
    let errors = session.errorCount
    _ = ExpressionChecker(session: session, scope: NoNames()).check(entry.value, expecting: type)
    if session.errorCount == errors { session.report(.notSupported("this limit", at: entry.name.range)) }
  }

  private func span(_ entry: FieldEntry) -> TimeSpan? {
    let errors = session.errorCount
    let typed = ExpressionChecker(session: session, scope: NoNames()).check(entry.value, expecting: .duration)
    guard typed.type == .duration, session.errorCount == errors else { return nil }
    guard case .duration(let span)? = typed.expression.constantValue, span > .zero, span.fitsNanoseconds else {
      session.report(
        .badPolicyValue("`\(entry.name.text)` takes a duration above 0s, of at most 292 years", at: entry.value.range))
      return nil
    }
    return span
  }

  private func memory(_ syntax: ExpressionSyntax) -> Int64? {
    let errors = session.errorCount
    let typed = ExpressionChecker(session: session, scope: NoNames()).check(syntax, expecting: .size)
    guard typed.type == .size, session.errorCount == errors else { return nil }
    guard case .size(let bytes)? = typed.expression.constantValue, bytes > 0 else {
      session.report(.badPolicyValue("`memory` takes a size above zero", at: syntax.range))
      return nil
    }
    return bytes
  }

  private func width(_ syntax: ExpressionSyntax) -> Int? {
    let expressions = ExpressionChecker(session: session, scope: NoNames())
    let errors = session.errorCount
    let typed = expressions.check(syntax, expecting: .int)
    guard typed.type == .int, session.errorCount == errors else { return nil }
    guard case .int(let count)? = typed.expression.constantValue, count >= 1 else {
      session.report(.badPolicyValue("`concurrency` takes a whole number from 1", at: syntax.range))
      return nil
    }
    return Int(clamping: count)
  }

  // MARK: - Defaults

  /// The policies that hold for each step and loop of the workflow that has none of that name (rule 46).
  func defaults(
    _ own: DefaultsDeclaration?, of file: [Call], parameters: [ParameterSignature]
  ) -> [Call] {
    let names = ScopeNames(outline: Outline([]), parent: nil)
    for parameter in parameters { names.bind(parameter.name, parameter.type) }
    let checked = check(own, of: file, scope: LeafScope(names: names, block: 0))
    return checked + file.filter { call in !checked.contains { $0.path.text == call.path.text } }
  }

  /// The file's own, which know no parameters.
  func defaults(of module: Module) -> [Call] {
    var found: DefaultsDeclaration?
    for case .defaults(let declared) in module.declarations {
      if let found {
        session.report(
          .duplicate("the", Name("defaults", at: declared.range), first: found.range))
      } else {
        found = declared
      }
    }
    return check(found, of: [], scope: NoNames())
  }

  private func check(_ declaration: DefaultsDeclaration?, of file: [Call], scope: any NameScope) -> [Call] {
    guard let declaration else { return [] }
    let expressions = ExpressionChecker(session: session, scope: scope)
    PolicyChecker(expressions).check(defaults: declaration.policies, of: file)
    return declaration.policies
  }
}

private enum LimitName: String, CaseIterable {
  case concurrency, memory, duration, active, cost
}
