import DxshExpressions

extension Expression {
  /// The value of an expression of literals alone; nil for any other, and where it fails.
  var constantValue: Value? {
    if case .constant(let constant) = self { return constant.value }
    return isOfLiterals ? try? Evaluator.evaluateEarly(self) : nil
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
