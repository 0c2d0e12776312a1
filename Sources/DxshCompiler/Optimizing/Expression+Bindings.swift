import DxshExpressions

extension Expression {
  /// An expression of so many parts, or with a macro, costs more than the copy of a value.
  private static let lightParts = 8

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

  /// Whether computing it once instead of often is worth the copies of its value.
  var isHeavy: Bool {
    var left = Self.lightParts
    return isHeavy(&left)
  }

  private func isHeavy(_ left: inout Int) -> Bool {
    left -= 1
    if left < 0 { return true }
    if case .comprehension = self { return true }
    for child in children where child.isHeavy(&left) { return true }
    return false
  }

  /// Visits every slot that the expression reads, as (scopes further out, slot).
  func forEachBinding(_ visit: (Int, Int) -> Void) {
    if case .binding(let depth, let slot) = self { return visit(depth, slot) }
    for child in children { child.forEachBinding(visit) }
  }

  /// The expression with others in the place of what it reads; nil keeps a binding.
  func replacingBindings(_ change: (_ depth: Int, _ slot: Int) -> Expression?) -> Expression {
    if case .binding(let depth, let slot) = self { return change(depth, slot) ?? self }
    let parts = children
    return parts.isEmpty ? self : replacingChildren(parts.map { $0.replacingBindings(change) })
  }
}
