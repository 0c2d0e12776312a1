import DxshExpressions
import DxshPlan

/// Folds expressions, in frames of which something is known.
final class ConstantFolder {
  /// How many elements a macro may visit here, so that compiling stays fast.
  private static let elementLimit = 1_000
  /// How many parts and bytes of text a value may have to stand in the plan.
  private static let sizeLimit = 10_000

  /// The frames around the expression, the innermost last.
  var frames: [KnownSlots] = []
  /// How many parts were computed.
  var folds = 0
  /// What the parameters of functions around are, by their numbers.
  private var locals: [Int: Constant] = [:]

  /// Nil when nothing in the expression was folded.
  func folded(_ expression: Expression) -> Expression? {
    switch expression {
    case .binding(let depth, let slot):
      guard depth < frames.count, let value = frames[frames.count - 1 - depth].value(of: slot) else { return nil }
      folds += 1
      return .constant(value)
    case .local(let number):
      guard let value = locals[number] else { return nil }
      folds += 1
      return .constant(value)
    case .letting(let local, let value, in: let body): return folded(local, value, in: body)
    case .constant, .failure: return nil
    case .field, .optionalField, .member, .presence, .index, .optionalIndex, .call, .dispatch, .and, .or, .conditional,
      .list, .record, .map, .ifPresent, .comprehension, .interpolation, .conform, .attempt, .outcome:
      break
    }
    var parts = expression.children
    var result: Expression?
    var isChanged = false
    for index in parts.indices {
      guard let part = folded(parts[index]) else { continue }
      parts[index] = part
      isChanged = true
    }
    if isChanged { result = expression.replacingChildren(parts) }
    guard let simplified = Self.simplified(result ?? expression, parts) else { return result }
    folds += 1
    return simplified
  }

  /// A parameter that is a constant is put in its places. The rest of the parameters keep their numbers, so it stays
  /// named where the whole is none.
  private func folded(_ local: Int, _ value: Expression, in body: Expression) -> Expression? {
    let newValue = folded(value)
    if case .constant(let constant) = newValue ?? value { locals[local] = constant }
    let newBody = folded(body)
    let isKnown = locals.removeValue(forKey: local) != nil
    if isKnown, (newBody ?? body).isConstant {
      folds += 1
      return newBody ?? body
    }
    guard newValue != nil || newBody != nil else { return nil }
    return .letting(local, newValue ?? value, in: newBody ?? body)
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
    case .comprehension(let macro):
      isClosed(macro) ? evaluated(expression.movingLocals(from: 0, by: -macro.local)) : nil
    case .field, .optionalField, .member, .presence, .index, .optionalIndex, .call, .list, .record, .map,
      .interpolation, .conform, .attempt, .outcome:
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
    guard case .constant(let range) = macro.range else { return false }
    let count: Int
    if case .list(let elements) = range.value {
      count = elements.count
    } else if case .map(let map) = range.value {
      count = map.entries.count
    } else {
      return false
    }
    guard count <= elementLimit, macro.initial?.isConstant ?? true else { return false }
    return [macro.condition, macro.body].allSatisfy { $0.map { isClosed($0, from: macro.local) } ?? true }
  }

  /// Whether it reads nothing but locals from a number on.
  private static func isClosed(_ expression: Expression, from first: Int) -> Bool {
    switch expression {
    case .constant, .failure: true
    case .local(let number): number >= first
    case .binding, .comprehension: false
    case .field, .optionalField, .member, .presence, .index, .optionalIndex, .call, .dispatch, .and, .or, .conditional,
      .list, .record, .map, .ifPresent, .letting, .interpolation, .conform, .attempt, .outcome:
      expression.children.allSatisfy { isClosed($0, from: first) }
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
