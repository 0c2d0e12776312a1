/// The elements of expressions, types and calls.
extension CommentElements {
  /// - trails: whether the line can end after it
  mutating func add(_ expression: ExpressionSyntax, trails: Bool = true) {
    add(expression.range, trails: trails)
    switch expression.kind {
    case .missing, .literal, .name, .emptyBraces: break
    case .select(let base, let field, _):
      add(base, trails: true)
      add(field.range, trails: false)
    case .index(let base, let index, _):
      add(base, trails: false)
      add(index)
    case .call(_, let arguments): add(arguments)
    case .method(let base, let name, let arguments):
      add(base, trails: true)
      add(name.range, trails: false)
      add(arguments)
    case .unary(_, let operand): add(operand, trails: trails)
    case .binary(let sign, let left, let right):
      add(left, trails: sign != .membership)
      add(right, trails: trails)
    case .conditional(let condition, let then, let other):
      add(condition)
      add(then)
      add(other, trails: trails)
    case .list(let elements):
      for element in elements { add(element.value) }
    case .record(let fields):
      for field in fields {
        add(field.name.range.joined(with: field.value.range))
        add(field.value)
      }
    case .map(let entries):
      for entry in entries {
        add(entry.key, trails: false)
        add(entry.key.range.joined(with: entry.value.range))
        add(entry.value)
      }
    case .interpolation: addText(expression.range)
    case .match(let subject, let arms):
      add(subject, trails: false)
      for arm in arms {
        add(arm.range)
        add(arm.value)
      }
    case .cast(let base, let type):
      add(base)
      add(type, trails: trails)
    case .parenthesized(let inner): add(inner)
    }
    if !trails { forbid(after: expression.range.end) }
  }

  mutating func add(_ arguments: [Argument]) {
    for argument in arguments {
      add(argument.range)
      add(argument.value)
    }
  }

  mutating func add(_ call: Call, trails: Bool = true) {
    add(call.range, trails: trails)
    add(call.arguments)
    if !trails { forbid(after: call.range.end) }
  }

  mutating func add(_ type: TypeSyntax, trails: Bool = true) {
    add(type.range, trails: trails)
    addType(endingAt: type.range.end)
    switch type.kind {
    case .missing: break
    case .named(_, let arguments):
      for argument in arguments { add(argument) }
    case .optional(let wrapped):
      add(wrapped, trails: false)
    case .record(let fields):
      for field in fields {
        add(field.range)
        add(field.type)
        if let refinement = field.refinement { add(refinement) }
      }
    }
    if !trails { forbid(after: type.range.end) }
  }

  mutating func add(_ parameters: [Parameter]) {
    for parameter in parameters {
      add(parameter.range)
      let hasMore = parameter.defaultValue != nil || !parameter.annotations.isEmpty
      add(parameter.type, trails: !hasMore)
      for (index, annotation) in parameter.annotations.enumerated() {
        add(annotation, trails: index == parameter.annotations.count - 1 && parameter.defaultValue == nil)
      }
      if let value = parameter.defaultValue { add(value) }
      if let refinement = parameter.refinement { add(refinement) }
    }
  }
}
