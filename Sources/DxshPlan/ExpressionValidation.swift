import DxshExpressions

/// Checks what evaluating an expression relies on: that its bindings and locals exist, that functions have as many
/// arguments as they take, and that it does not nest too deep.
struct ExpressionValidation {
  /// Of the scopes around the expression, outermost first.
  let slotCounts: [Int]

  func check(_ expression: Expression) throws(PlanError) {
    try check(expression, depth: 1, locals: 0)
  }

  /// `locals` is the number of macros around the expression.
  private func check(_ expression: Expression, depth: Int, locals: Int) throws(PlanError) {
    guard depth <= Expression.depthLimit else {
      throw PlanError("the expression nests more than \(Expression.depthLimit) deep")
    }
    switch expression {
    case .constant, .failure: break
    case .binding(let scope, let slot): try checkBinding(scope, slot)
    case .local(let number):
      guard number >= 0, number < locals else { throw PlanError("there is no macro variable \(number)") }
    case .field(let operand, _, _), .optionalField(let operand, _), .member(let operand, _), .presence(let operand, _),
      .conform(let operand, _), .attempt(let operand), .outcome(let operand), .ifPresent(let operand):
      try check(operand, depth: depth + 1, locals: locals)
    case .index(let left, let right), .optionalIndex(let left, let right), .and(let left, let right),
      .or(let left, let right):
      try check(left, depth: depth + 1, locals: locals)
      try check(right, depth: depth + 1, locals: locals)
    case .call(let function, let arguments):
      guard arguments.count == function.arity else {
        throw PlanError("the function \"\(function.id)\" takes \(function.arity) arguments, not \(arguments.count)")
      }
      try check(arguments, depth: depth, locals: locals)
    case .conditional(let condition, let yes, let no):
      try check(condition, depth: depth + 1, locals: locals)
      try check(yes, depth: depth + 1, locals: locals)
      try check(no, depth: depth + 1, locals: locals)
    case .dispatch(_, _, let parts), .list(let parts), .interpolation(let parts):
      try check(parts, depth: depth, locals: locals)
    case .record(let names, let fields):
      guard names.count == fields.count else {
        throw PlanError("a record of \(names.count) names has \(fields.count) values")
      }
      guard Set(names).count == names.count else { throw PlanError("a record has a name twice") }
      try check(fields, depth: depth, locals: locals)
    case .map(let entries):
      guard entries.count.isMultiple(of: 2) else { throw PlanError("the last key of a map has no value") }
      try check(entries, depth: depth, locals: locals)
    case .letting(let local, let value, in: let body):
      try checkNumber(local, locals)
      try check(value, depth: depth + 1, locals: locals)
      try check(body, depth: depth + 1, locals: locals + 1)
    case .comprehension(let comprehension): try check(comprehension, depth: depth, locals: locals)
    }
  }

  private func check(_ parts: [Expression], depth: Int, locals: Int) throws(PlanError) {
    for part in parts { try check(part, depth: depth + 1, locals: locals) }
  }

  private func checkBinding(_ scope: Int, _ slot: Int) throws(PlanError) {
    guard scope >= 0, scope < slotCounts.count else {
      throw PlanError("there is no scope \(scope) further out")
    }
    guard slot >= 0, slot < slotCounts[slotCounts.count - 1 - scope] else {
      let place = scope == 0 ? "the scope" : "the scope \(scope) further out"
      throw PlanError("\(place) has no slot \(slot)")
    }
  }

  private func check(_ macro: Comprehension, depth: Int, locals: Int) throws(PlanError) {
    try checkNumber(macro.local, locals)
    guard macro.kind.variables.contains(macro.variables), (macro.kind == .fold) == (macro.initial != nil) else {
      throw PlanError("the macro `\(macro.kind.rawValue)` is not complete")
    }
    try check(macro.range, depth: depth + 1, locals: locals)
    if let initial = macro.initial { try check(initial, depth: depth + 1, locals: locals) }
    let inner = locals + macro.variables
    if let condition = macro.condition { try check(condition, depth: depth + 1, locals: inner) }
    try check(macro.body, depth: depth + 1, locals: inner)
  }

  private func checkNumber(_ number: Int, _ locals: Int) throws(PlanError) {
    guard number == locals else {
      throw PlanError("the variable of the macro has the number \(number) instead of \(locals)")
    }
  }
}
