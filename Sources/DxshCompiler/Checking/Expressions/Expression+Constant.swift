import DxshExpressions

extension Expression {
  /// The value of an expression of literals alone; nil for any other, and where it fails.
  var constantValue: Value? {
    if case .constant(let constant) = self { return constant.value }
    return isOfLiterals ? try? Evaluator.evaluateEarly(self) : nil
  }

  /// The value of an expression of literals, and of names that stand for such; nil for any other, and where it fails.
  func constantValue(in scope: any NameScope) -> Value? {
    if case .constant(let constant) = self { return constant.value }
    return replacingNames(in: scope).flatMap { try? Evaluator.evaluateEarly($0) }
  }

  /// Nil when something in it is not known.
  private func replacingNames(in scope: any NameScope) -> Expression? {
    switch self {
    case .constant: return self
    case .binding(let depth, let slot): return scope.constant(depth: depth, slot: slot).map { .constant(Constant($0)) }
    case .list, .map, .record, .call, .interpolation:
      var parts: [Expression] = []
      for child in children {
        guard let part = child.replacingNames(in: scope) else { return nil }
        parts.append(part)
      }
      return replacingChildren(parts)
    case .local, .field, .optionalField, .member, .presence, .index, .optionalIndex, .dispatch, .and, .or,
      .conditional, .ifPresent, .letting, .comprehension, .conform, .attempt, .outcome, .failure:
      return nil
    }
  }

  private var isOfLiterals: Bool {
    switch self {
    case .constant: true
    case .list, .map, .record, .call, .interpolation: children.allSatisfy(\.isOfLiterals)
    case .binding, .local, .field, .optionalField, .member, .presence, .index, .optionalIndex, .dispatch, .and, .or,
      .conditional, .ifPresent, .letting, .comprehension, .conform, .attempt, .outcome, .failure:
      false
    }
  }
}
