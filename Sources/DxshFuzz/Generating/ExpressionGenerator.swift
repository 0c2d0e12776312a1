import DxshExpressions

/// Makes the text of an expression of a type from bytes: grammar and types, over all functions of the library.
///
/// The text has no mistakes in its types unless it is to be wild; of what fails only at run time there is all.
struct ExpressionGenerator {
  let dialect: Overload.Dialects
  let isWild: Bool
  var choices: Choices
  /// The names that can be used, those of macros last.
  var names: [(name: String, type: Type)]
  private var overloads: OverloadTable
  /// How many parts the expression may still have.
  private var room = 80
  /// How deep the place is.
  private var depth = 0

  static let depthLimit = 10

  init(_ bytes: [UInt8], _ dialect: Overload.Dialects, names: [(name: String, type: Type)], isWild: Bool) {
    self.dialect = dialect
    self.isWild = isWild
    self.names = names
    choices = Choices(bytes)
    overloads = OverloadTable(dialect)
  }

  var isCEL: Bool { dialect == .cel }

  /// An expression of a type in brackets or without operators outside.
  mutating func expression(_ type: Type) -> String {
    room -= 1
    depth += 1
    defer { depth -= 1 }
    guard room > 0, depth < Self.depthLimit, !choices.isAtEnd else { return leaf(type) }
    let type = isWild && choices.below(12) == 0 ? Universe.type(&choices, dialect) : type
    switch choices.below(8) {
    case 0: return leaf(type)
    case 1: return name(type) ?? leaf(type)
    case 2: return structure(type)
    case 3: return wrapping(type)
    default: return call(type) ?? structure(type)
    }
  }

  /// Another expression, after this one; the room is new.
  mutating func another(_ type: Type) -> String {
    room = 80
    return expression(type)
  }

  // MARK: - Names and calls

  private mutating func name(_ type: Type) -> String? {
    var fitting: [String] = []
    var seen: Set<String> = []
    // A macro's variable hides those further out.
    for candidate in names.reversed() where seen.insert(candidate.name).inserted && candidate.type == type {
      fitting.append(candidate.name)
    }
    return fitting.isEmpty ? nil : choices.one(of: fitting)
  }

  private mutating func call(_ type: Type) -> String? {
    let isOpen = isWild && choices.below(10) == 0
    let candidates = overloads.overloads(giving: isOpen ? .dyn : type, isWild: isWild)
    guard !candidates.isEmpty else { return nil }
    var (overload, pattern) = choices.one(of: candidates)
    var arguments: [String] = []
    for parameter in overload.parameters { arguments.append(argument(parameter, &pattern)) }
    let text = OverloadText.call(overload, arguments)
    return isCEL || !overload.isPartial ? text : unfailing(text, type)
  }

  /// An argument for a parameter; what its type parameters stand for is decided when they are first met.
  private mutating func argument(_ parameter: Type, _ pattern: inout TypePattern) -> String {
    for name in TypePattern.parameters(of: parameter) where pattern[name] == nil {
      pattern[name] = Universe.scalar(&choices, dialect)
    }
    switch pattern.type(parameter, dialect) {
    case .dyn, .json: return expression(Universe.type(&choices, dialect))
    case .list(.dyn): return "[\(expression(Universe.scalar(&choices, dialect)))]"
    case let type: return expression(type)
    }
  }

  /// In files what may fail is tried, and another value stands in its place.
  mutating func unfailing(_ text: String, _ type: Type) -> String {
    if type.isOptional { return "try(\(text))" }
    return isWild && choices.below(4) == 0 ? text : "try(\(text)).orValue(\(leaf(type)))"
  }

  /// Expressions in which more names can be used.
  mutating func with(_ more: [(String, Type)], _ body: (inout ExpressionGenerator) -> String) -> String {
    names += more.map { ($0.0, $0.1) }
    defer { names.removeLast(more.count) }
    return body(&self)
  }

  /// The name of a macro's variable, which may hide another one.
  mutating func newName() -> String { choices.one(of: ["i", "j", "k", "v", "n"]) }
}
