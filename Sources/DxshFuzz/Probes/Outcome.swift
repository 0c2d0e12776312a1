import DxshExpressions

/// What an evaluation came to.
enum Outcome {
  case value(Value)
  case failure(EvaluationError)

  /// What one evaluation may cost, in units of `Meter`.
  static let budget = 200_000

  init(_ expression: Expression, _ dialect: Overload.Dialects, in frame: Frame) {
    do throws(EvaluationError) {
      self = .value(try Program(expression, dialect: dialect).evaluate(in: frame, budget: Self.budget))
    } catch {
      self = .failure(error)
    }
  }

  /// Whether it ended for its cost, which says nothing of what it means.
  var isLimit: Bool {
    if case .failure(let failure) = self { failure.kind == .limit } else { false }
  }

  /// Whether no program can tell them apart. Values that are too large to look at are taken to be the same.
  func isSame(as other: Outcome) -> Bool {
    switch (self, other) {
    case (.value(let left), .value(let right)):
      !left.isSmall || !right.isSmall || left.isIdentical(to: right)
    case (.failure(let left), .failure(let right)): left == right
    default: false
    }
  }

  var description: String {
    switch self {
    case .value(let value): value.isSmall ? "\(value)" : value.summary
    case .failure(let failure): "\(failure.kind): \(failure.message)"
    }
  }
}

extension Value {
  /// Whether it can be looked at whole: a value may share its parts so often that going through them has no end.
  var isSmall: Bool {
    var room = 20_000
    return take(&room, depth: 0)
  }

  private func take(_ room: inout Int, depth: Int) -> Bool {
    room -= 1
    guard room >= 0, depth < 1_000 else { return false }
    switch self {
    case .none, .null, .bool, .int, .uint, .double, .timestamp, .duration, .size: return true
    case .string(let text):
      room -= text.utf8.count / 32
      return room >= 0
    case .bytes(let bytes):
      room -= bytes.count / 32
      return room >= 0
    case .list(let elements): return elements.allSatisfy { $0.take(&room, depth: depth + 1) }
    case .map(let map):
      return map.entries.allSatisfy { $0.key.take(&room, depth: depth + 1) && $0.value.take(&room, depth: depth + 1) }
    case .record(let record): return record.fields.allSatisfy { $0.take(&room, depth: depth + 1) }
    case .boxed(let box):
      if case .optional(let content) = box.content { return content.take(&room, depth: depth + 1) }
      return true
    }
  }
}
