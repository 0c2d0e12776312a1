import DxshExpressions

extension Expression {
  /// Whether it is one word: nothing is inside.
  var isLeaf: Bool {
    switch self {
    case .constant, .binding, .local, .failure: true
    case .field, .optionalField, .member, .presence, .index, .optionalIndex, .call, .dispatch, .and, .or, .conditional,
      .list, .record, .map, .ifPresent, .letting, .comprehension, .interpolation, .conform, .attempt, .outcome:
      false
    }
  }

  /// Whether it is a constant.
  var isConstant: Bool {
    if case .constant = self { true } else { false }
  }

  /// Whether it always has a value: nothing in it can overflow, be missing or be malformed.
  var cannotFail: Bool { !mayFail }

  /// Visits every slot that the expression reads, as (scopes further out, slot).
  func forEachBinding(_ visit: (Int, Int) -> Void) {
    if case .binding(let depth, let slot) = self { return visit(depth, slot) }
    for child in children { child.forEachBinding(visit) }
  }
}
