import DxshExpressions
package import DxshPlan

/// Computes what can be known before the run: constant parts of expressions, and the branches that constant
/// conditions choose. A constant part that fails is left to fail in the run.
package struct FoldConstants: PlanPass {
  package let name = "fold constants"
  package let summary = "computes once, before the run, what depends on nothing that the run gives"

  /// How many elements a macro may visit here, so that compiling stays fast.
  private static let elementLimit = 1_000
  /// How many parts and bytes of text a value may have to stand in the plan.
  private static let sizeLimit = 10_000

  package init() {}

  package func run(_ plan: Plan) -> PassResult {
    var result = PassResult(plan)
    for index in plan.parameters.indices {
      var folds = 0
      guard let value = plan.parameters[index].defaultValue, let folded = Self.folded(value, &folds) else { continue }
      result.plan.parameters[index].defaultValue = folded
      result.notes.append(Self.note(plan.parameters[index].name, folds))
    }
    if let body = Self.folded(plan.body, within: "", &result.notes) { result.plan.body = body }
    if let finally = plan.finally, let folded = Self.folded(finally, within: "finally/", &result.notes) {
      result.plan.finally = folded
    }
    return result
  }

  /// Nil when nothing was folded.
  private static func folded(_ scope: PlanScope, within prefix: String, _ notes: inout [String]) -> PlanScope? {
    var result: PlanScope?
    for (index, node) in scope.nodes.enumerated() {
      var folds = 0
      var kind = node.kind.replacingExpressions { folded($0, &folds) }
      kind = (kind ?? node.kind).replacingInnerExpressions { folded($0, &folds) } ?? kind
      if folds > 0 { notes.append(note(prefix + node.path, folds)) }
      let before = node.kind.scopes
      let after = before.map { folded($0, within: "\(prefix)\(node.path)/", &notes) }
      if after.contains(where: { $0 != nil }) {
        kind = (kind ?? node.kind).replacing(scopes: zip(after, before).map { $0 ?? $1 })
      }
      guard let kind else { continue }
      if result == nil { result = scope }
      result?.nodes[index].kind = kind
    }
    return result
  }

  private static func note(_ path: String, _ folds: Int) -> String {
    "\(path): \(folds == 1 ? "one part" : "\(folds) parts") computed"
  }

  /// Nil when nothing in the expression was folded.
  private static func folded(_ expression: Expression, _ folds: inout Int) -> Expression? {
    if expression.isLeaf { return nil }
    var parts = expression.children
    var result: Expression?
    var isChanged = false
    for index in parts.indices {
      guard let part = folded(parts[index], &folds) else { continue }
      parts[index] = part
      isChanged = true
    }
    if isChanged { result = expression.replacingChildren(parts) }
    guard let simplified = simplified(result ?? expression, parts) else { return result }
    folds += 1
    return simplified
  }

  /// The whole expression, whose parts are folded, as a simpler one; nil when it is simple enough.
  private static func simplified(_ expression: Expression, _ parts: [Expression]) -> Expression? {
    switch expression {
    case .constant, .binding, .local, .failure, .letting, .ifPresent, .dispatch: nil
    case .and: logical(parts, decisive: false)
    case .or: logical(parts, decisive: true)
    case .conditional:
      if case .constant(let condition) = parts[0] {
        condition.value.isIdentical(to: .bool(true)) ? parts[1] : parts[2]
      } else {
        nil
      }
    case .comprehension(let macro): isClosed(macro) ? evaluated(expression) : nil
    case .field, .optionalField, .member, .presence, .index, .optionalIndex, .call, .list, .record, .map,
      .interpolation,
      .conform, .attempt, .outcome:
      parts.allSatisfy(\.isConstant) ? evaluated(expression) : nil
    }
  }

  /// `false && e` and `e && false` are false whatever `e` does, an error included; `true && e` is `e`.
  private static func logical(_ parts: [Expression], decisive: Bool) -> Expression? {
    for part in parts {
      if case .constant(let constant) = part, constant.value.isIdentical(to: .bool(decisive)) { return part }
    }
    if case .constant(let constant) = parts[0], constant.value.isIdentical(to: .bool(!decisive)) { return parts[1] }
    return nil
  }

  /// Whether a macro visits a few elements that are known, and nothing else; macros in macros are left alone.
  private static func isClosed(_ macro: Comprehension) -> Bool {
    guard macro.local == 0, macro.initial == nil, case .constant(let range) = macro.range else { return false }
    let count: Int
    if case .list(let elements) = range.value {
      count = elements.count
    } else if case .map(let map) = range.value {
      count = map.entries.count
    } else {
      return false
    }
    return count <= elementLimit && isClosed(macro.body) && (macro.condition.map(isClosed) ?? true)
  }

  private static func isClosed(_ expression: Expression) -> Bool {
    switch expression {
    case .constant, .local, .failure: true
    case .binding, .comprehension, .letting: false
    case .field, .optionalField, .member, .presence, .index, .optionalIndex, .call, .dispatch, .and, .or, .conditional,
      .list, .record, .map, .ifPresent, .interpolation, .conform, .attempt, .outcome:
      expression.children.allSatisfy(isClosed)
    }
  }

  private static func evaluated(_ expression: Expression) -> Expression? {
    guard let value = try? Evaluator.evaluateEarly(expression) else { return nil }
    var room = sizeLimit
    return fits(value, in: &room) ? .constant(Constant(value)) : nil
  }

  private static func fits(_ value: Value, in room: inout Int) -> Bool {
    room -= 1
    switch value {
    case .string(let text): room -= text.utf8.count
    case .bytes(let bytes): room -= bytes.count
    case .list(let elements): return room >= elements.count && elements.allSatisfy { fits($0, in: &room) }
    case .map(let map):
      return room >= map.entries.count
        && map.entries.allSatisfy { fits($0.key, in: &room) && fits($0.value, in: &room) }
    case .record(let record): return record.fields.allSatisfy { fits($0, in: &room) }
    case .boxed(let box):
      if case .optional(let content) = box.content { return fits(content, in: &room) }
    case .none, .null, .bool, .int, .uint, .double, .timestamp, .duration, .size: break
    }
    return room >= 0
  }
}
