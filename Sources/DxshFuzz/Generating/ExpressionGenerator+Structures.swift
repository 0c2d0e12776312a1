import DxshExpressions

/// Expressions that are neither leaves nor calls.
extension ExpressionGenerator {
  /// What a type is made with: literals of collections, macros, logic.
  mutating func structure(_ type: Type) -> String {
    switch type {
    case .bool: return logic()
    case .list(let element): return list(element)
    case .map(let key, let value): return map(key, value)
    case .optional(let wrapped): return optional(wrapped)
    case .record(let record):
      var fields: [String] = []
      for field in record.fields { fields.append("\(field.name): \(expression(field.type))") }
      return "{ \(fields.joined(separator: ", ")) }"
    case .string where !isCEL: return "\"<${\(expression(Universe.renderable(&choices)))}>\""
    default: return wrapping(type)
    }
  }

  /// What gives any type: choices, elements, names for parts.
  mutating func wrapping(_ type: Type) -> String {
    switch choices.below(isCEL ? 7 : 4) {
    case 0: return "(\(expression(.bool)) ? \(expression(type)) : \(expression(type)))"
    case 1:
      let text = "[\(expression(type)), \(expression(type))][\(expression(.int))]"
      return isCEL ? text : unfailing(text, type)
    case 2:
      let key = Universe.key(&choices)
      let text = "{\(mapKey(expression(key))): \(expression(type))}[\(expression(key))]"
      return isCEL ? text : unfailing(text, type)
    case 3:
      if !isCEL, type.isOptional { return leaf(type) }
      return "(\(expression(isCEL ? .optional(type) : type.asOptional))).orValue(\(expression(type)))"
    case 4: return "{\"f\": \(expression(type))}.f"
    case 5:
      let values = Universe.type(&choices, dialect)
      let name = newName()
      let value = expression(values)
      return "cel.bind(\(name), \(value), \(with([(name, values)]) { $0.expression(type) }))"
    default:
      // The values of one block see their own block, so that blocks are not put into blocks.
      if names.contains(where: { $0.name == "cel.index(0)" }) { return leaf(type) }
      let values = Universe.scalar(&choices, dialect)
      let value = expression(values)
      return "cel.block([\(value)], \(with([("cel.index(0)", values)]) { $0.expression(type) }))"
    }
  }

  private mutating func logic() -> String {
    switch choices.below(6) {
    case 0: return "(\(expression(.bool)) && \(expression(.bool)))"
    case 1: return "(\(expression(.bool)) || \(expression(.bool)))"
    case 2:
      let element = Universe.type(&choices, dialect)
      return macro(choices.one(of: ["all", "exists", "existsOne"]), over: .list(element), [element]) {
        $0.expression(.bool)
      }
    case 3:
      let (key, value) = (Universe.key(&choices), Universe.scalar(&choices, dialect))
      let types = isCEL && choices.below(2) == 0 ? [key, value] : [key]
      return macro(choices.one(of: ["all", "exists", "existsOne"]), over: .map(key, value), types) {
        $0.expression(.bool)
      }
    case 4:
      let value = Universe.scalar(&choices, dialect)
      return isCEL ? "has((\(expression(.map(.string, value)))).f)" : "has(row.note)"
    default:
      let type = Universe.type(&choices, dialect)
      return "(\(expression(type)) == \(expression(type)))"
    }
  }

  private mutating func list(_ element: Type) -> String {
    switch choices.below(isCEL ? 7 : 5) {
    case 0: return "[\(expression(element)), \(expression(element)), \(expression(element))]"
    case 1:
      return "[\(expression(element)), ?\(expression(isCEL ? .optional(element) : element.asOptional))]"
    case 2:
      let source = Universe.type(&choices, dialect)
      return macro("map", over: .list(source), [source]) { $0.expression(element) }
    case 3: return macro("filter", over: .list(element), [element]) { $0.expression(.bool) }
    case 4:
      let key = choices.one(of: [Type.int, .string, .double, .bool, .timestamp, .duration, .bytes])
      return macro("sortBy", over: .list(element), [element]) { $0.expression(key) }
    case 5:
      let source = Universe.scalar(&choices, dialect)
      return macro("map", over: .list(source), [source]) { "\($0.expression(.bool)), \($0.expression(element))" }
    default:
      let source = Universe.scalar(&choices, dialect)
      return macro("transformList", over: .list(source), [.int, source]) { $0.expression(element) }
    }
  }

  private mutating func map(_ key: Type, _ value: Type) -> String {
    switch choices.below(isCEL ? 5 : 3) {
    case 0:
      let first = "\(mapKey(expression(key))): \(expression(value))"
      return "{\(first), \(mapKey(expression(key))): \(expression(value))}"
    case 1:
      let optional = expression(isCEL ? .optional(value) : value.asOptional)
      return "{\(mapKey(expression(key))): \(expression(value)), ?\(mapKey(expression(key))): \(optional)}"
    case 2:
      guard !isCEL, case .list(let element) = value else { return leaf(.map(key, value)) }
      return macro("groupBy", over: .list(element), [element]) { $0.expression(key) }
    case 3:
      let source = Universe.scalar(&choices, dialect)
      return macro("transformMap", over: .map(key, source), [key, source]) { $0.expression(value) }
    default:
      let source = Universe.scalar(&choices, dialect)
      return macro("transformMapEntry", over: .list(source), [.int, source]) {
        "{\($0.mapKey($0.expression(key))): \($0.expression(value))}"
      }
    }
  }

  private mutating func optional(_ wrapped: Type) -> String {
    switch choices.below(isCEL ? 6 : 4) {
    case 0: return "optional.of(\(expression(wrapped)))"
    case 1: return "\(expression(.list(wrapped)))[?\(expression(.int))]"
    case 2: return "\(expression(.map(.string, wrapped)))[?\(expression(.string))]"
    case 3:
      return isCEL
        ? "\(expression(.map(.string, wrapped))).?f" : "(\(expression(.bool)) ? \(expression(wrapped)) : none)"
    case 4:
      let source = Universe.scalar(&choices, dialect)
      return macro("optMap", over: .optional(source), [source]) { $0.expression(wrapped) }
    default:
      let source = Universe.scalar(&choices, dialect)
      return macro("optFlatMap", over: .optional(source), [source]) { $0.expression(.optional(wrapped)) }
    }
  }

  /// A macro of one variable for each of the types.
  private mutating func macro(
    _ name: String, over range: Type, _ types: [Type], _ body: (inout ExpressionGenerator) -> String
  ) -> String {
    let source = expression(range)
    let first = newName()
    let variables = types.count == 1 ? [first] : [first, first == "v" ? "w" : "v"]
    let inner = with(Array(zip(variables, types)), body)
    return "(\(source)).\(name)(\(variables.joined(separator: ", ")), \(inner))"
  }
}

extension Universe {
  /// A type that text can be made of.
  static func renderable(_ choices: inout Choices) -> Type {
    choices.one(of: [.int, .string, .bool, .double, .uint, .timestamp, .duration, .size, .decimal, .money])
  }
}
