import DxshExpressions
import DxshSyntax

/// Types one expression of plain CEL and resolves its names and overloads.
///
/// What it cannot decide before (an argument of type `dyn`, several overloads) is left to be decided when the
/// expression is evaluated (CEL specification, "Gradual Type Checking").
struct CELChecker {
  typealias ID = CELTypes.ID

  /// An expression with its type.
  struct Typed {
    var expression: Expression
    var type: ID
  }

  let environment: CELEnvironment
  var types = CELTypes()
  private(set) var diagnostics: [Diagnostic] = []
  private var guesses = Guesses()
  /// The variables of macros, the innermost last; the number of each is its position.
  var locals: [(name: String, type: ID)] = []
  /// What the names of variables and types came to that were looked up.
  let names = NameTable<Typed>()
  /// What a qualified name may begin with.
  let roots: CELEnvironment.Roots
  /// The overloads of the binary operators that were looked up, by their index.
  var operators = [CELFunction?](repeating: nil, count: BinaryOperator.allCases.count)
  /// The overloads of the functions that were looked up.
  let functions = NameTable<CELFunction?>()
  /// Where the values of the blocks of `cel.block` begin among the locals.
  var blocks: [Int] = []

  init(_ environment: CELEnvironment) {
    self.environment = environment
    roots = environment.roots
  }

  /// What an expression came to, with the type that it was found to have.
  mutating func check(_ syntax: ExpressionSyntax) -> (expression: Expression, type: Type) {
    let typed = infer(syntax)
    return (typed.expression, types.type(typed.type))
  }

  /// The mistakes found since they were last taken.
  mutating func takeDiagnostics() -> [Diagnostic] {
    defer { diagnostics = [] }
    return diagnostics
  }

  mutating func report(_ diagnostic: Diagnostic) {
    if environment.isChecked { diagnostics.append(diagnostic) }
  }

  /// What stands for an expression that has a mistake: it is reported, or fails when it is evaluated.
  mutating func mistake(_ diagnostic: Diagnostic) -> Typed {
    report(diagnostic)
    return Typed(expression: .failure(EvaluationError(.decode, diagnostic.message)), type: types.dyn)
  }

  mutating func mistake(_ misspelling: Misspelling) -> Typed { mistake(misspelling.guessed(&guesses)) }

  mutating func infer(_ syntax: ExpressionSyntax) -> Typed {
    switch syntax.kind {
    case .missing: return Typed(expression: .failure(EvaluationError(.decode, "no expression")), type: types.dyn)
    case .literal(let literal): return infer(literal, at: syntax, negated: false)
    case .name(let name): return infer(name: name, at: syntax)
    case .select(let base, let field, let optional): return select(field, of: base, optional: optional, at: syntax)
    case .index(let base, let key, let optional): return element(of: base, at: key, optional: optional, syntax)
    case .call(let name, let arguments): return call(name, arguments, at: syntax)
    case .method(let base, let name, let arguments): return call(name, on: base, arguments, at: syntax)
    case .unary(let symbol, let operand): return unary(symbol, operand, at: syntax)
    case .binary(let symbol, let left, let right): return binary(symbol, left, right, at: syntax)
    case .conditional(let condition, let yes, let no): return conditional(condition, yes, no, at: syntax)
    case .list(let elements): return list(elements)
    case .map(let entries): return map(entries)
    case .emptyBraces: return map([])
    case .parenthesized(let inner): return infer(inner)
    case .record, .interpolation, .cast, .match: return mistake(.notInCEL(at: syntax.range))
    }
  }

  // MARK: - Literals

  mutating func infer(_ literal: ExpressionSyntax.Literal, at syntax: ExpressionSyntax, negated: Bool) -> Typed {
    switch literal {
    case .null: return constant(.null, types.null)
    case .bool(let value): return constant(.bool(value), types.bool)
    case .int(let magnitude):
      guard let value = negated ? Int64(exactly: -Int128(magnitude)) : Int64(exactly: magnitude) else {
        return mistake(
          .literalOutOfRange("an int goes from -9223372036854775808 to 9223372036854775807", at: syntax.range))
      }
      return constant(.int(value), types.int)
    case .uint(let value): return constant(.uint(value), types.uint)
    case .double(let value): return constant(.double(negated ? -value : value), types.double)
    case .string(let text): return constant(.text(text), types.string)
    case .bytes(let bytes): return constant(.bytes(bytes), types.bytes)
    case .duration, .size: return mistake(.notInCEL(at: syntax.range))
    }
  }

  func constant(_ value: Value, _ type: ID) -> Typed {
    Typed(expression: .constant(Constant(value)), type: type)
  }

  mutating func list(_ elements: [ExpressionSyntax.Element]) -> Typed {
    var expressions: [Expression] = []
    expressions.reserveCapacity(elements.count)
    var type: ID?
    for element in elements {
      let typed = infer(element.value)
      let content = element.optional ? contents(of: typed, at: element.value) : typed.type
      type = types.join(type, content)
      expressions.append(element.optional ? .ifPresent(typed.expression) : typed.expression)
    }
    let element = type ?? types.newVariable()
    return Typed(expression: .list(expressions), type: types.list(of: element))
  }

  mutating func map(_ entries: [ExpressionSyntax.Entry]) -> Typed {
    var expressions: [Expression] = []
    var (keyType, valueType): (ID?, ID?)
    for entry in entries {
      let key = infer(entry.key)
      let value = infer(entry.value)
      keyType = types.join(keyType, key.type)
      valueType = types.join(valueType, entry.optional ? contents(of: value, at: entry.value) : value.type)
      expressions += [key.expression, entry.optional ? .ifPresent(value.expression) : value.expression]
    }
    let key = keyType ?? types.newVariable()
    let value = valueType ?? types.newVariable()
    return Typed(expression: .map(expressions), type: types.map(key, value))
  }

  /// The type inside an optional element's type.
  private mutating func contents(of typed: Typed, at syntax: ExpressionSyntax) -> ID {
    if case .optional(let wrapped) = types.node(typed.type) { return wrapped }
    if !types.isDyn(typed.type) {
      report(.notOptional(types.type(typed.type), at: syntax.range))
    }
    return types.dyn
  }

  // MARK: - Locals

  /// Checks with more locals.
  mutating func with<Result>(
    _ variables: [(name: String, type: ID)], _ body: (inout CELChecker) -> Result
  ) -> Result {
    locals += variables
    defer { locals.removeLast(variables.count) }
    return body(&self)
  }
}
