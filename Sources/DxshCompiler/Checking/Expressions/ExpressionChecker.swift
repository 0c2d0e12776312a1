import DxshExpressions
import DxshSyntax

/// An expression with its type. Invariant: the value's shape at run time is exactly what the type says, since every
/// widening to another record type inserts a projection.
struct TypedExpression {
  var expression: Expression
  var type: Type

  init(_ expression: Expression, _ type: Type) {
    self.expression = expression
    self.type = type
  }

  /// What stands for an expression with a mistake in it.
  static let unknown = TypedExpression(.constant(Constant(.none)), .unknown)
}

/// Where names come from: the scope that an expression stands in.
protocol NameScope: AnyObject {
  /// What a name means here; nil when nothing of that name is bound. Notes the use.
  func resolve(_ name: String) -> TypedExpression?
  /// The declared secret or connection that a name's value comes from; nil when it may leave the run.
  func origin(of name: String) -> Name?
  /// Whether a name is among those that could be meant here.
  func isVisible(_ name: String) -> Bool
  /// The names that could be meant here; only for mistakes, since it takes as long as there are many.
  var visibleNames: [String] { get }
  /// Makes a slot that no author can name; nil where nothing has one.
  func bindHidden(_ name: String, _ type: Type) -> Int?
  /// The value that a name has in every run, as far as policies take such; nil where it is not known.
  func constant(depth: Int, slot: Int) -> Value?
}

extension NameScope {
  func constant(depth _: Int, slot _: Int) -> Value? { nil }
  func bindHidden(_: String, _: Type) -> Int? { nil }
}

/// Types one expression, in one place of the text.
struct ExpressionChecker {
  let session: CheckSession
  var scope: any NameScope
  var facts: Facts
  /// The macros' variables, the innermost last.
  private(set) var locals: [(name: String, type: Type, origin: Name?)] = []
  /// What the whole expression is for.
  var place = SecretPlace.value
  /// Whether a failing operation is caught here, by `try(e)`.
  private(set) var isGuarded = false
  /// Whether the expression stands where something has a mistake in it.
  private(set) var onlyNames = false

  init(session: CheckSession, scope: any NameScope, facts: Facts = Facts()) {
    self.session = session
    self.scope = scope
    self.facts = facts
  }

  /// Of what stands where something has a mistake in it only names are looked at, and a failed operation is none where
  /// a condition that may have proven it has one.
  func report(_ diagnostic: Diagnostic) {
    if isSaid(diagnostic.code) { session.report(diagnostic) }
  }

  func report(_ misspelling: Misspelling) {
    if isSaid(misspelling.diagnostic.code) { session.report(misspelling) }
  }

  private func isSaid(_ code: DiagnosticCode) -> Bool {
    switch code {
    case .unknownName, .unknownType, .unknownField, .notSupported: true
    case .optionalNotNarrowed, .partialOperation: !onlyNames && !session.hasError(in: facts.conditions)
    default: !onlyNames
    }
  }

  /// The expression where a value of `expected` is wanted: literals adapt to it, and the result is converted to it. Nil
  /// expects nothing.
  func check(_ syntax: ExpressionSyntax, expecting expected: Type?) -> TypedExpression {
    let typed = infer(syntax, expecting: expected)
    guard let expected else { return typed }
    return coerce(typed, to: expected, at: syntax)
  }

  /// The expression with the type it has; `expected` is only a hint.
  func infer(_ syntax: ExpressionSyntax, expecting expected: Type? = nil) -> TypedExpression {
    if case .unknown? = expected, !onlyNames { return lookingForNames.infer(syntax, expecting: expected) }
    // A literal adapts to what is inside a secret.
    var expected = expected
    if case .secret(let content)? = expected?.unwrapped, content.isScalar { expected = content }
    switch syntax.kind {
    case .missing: return .unknown
    case .literal(let literal): return check(literal, at: syntax.range, negated: false, expecting: expected)
    case .name(let name): return check(name: name, at: syntax, expecting: expected)
    case .select(let base, let field, let optional): return select(field, of: base, optional: optional, at: syntax)
    case .index(let base, let index, let optional): return element(of: base, at: index, optional: optional, syntax)
    case .call(let name, let arguments): return call(name, arguments, at: syntax)
    case .method(let base, let name, let arguments): return call(name, on: base, arguments, at: syntax)
    case .unary(let symbol, let operand): return unary(symbol, operand, at: syntax, expecting: expected)
    case .binary(let symbol, let left, let right): return binary(symbol, left, right, at: syntax, expecting: expected)
    case .conditional(let condition, let yes, let no):
      return conditional(condition, yes, no, at: syntax, expecting: expected)
    case .list(let elements): return list(elements, at: syntax, expecting: expected)
    case .record(let fields): return record(fields, at: syntax, expecting: expected)
    case .map(let entries): return map(entries, at: syntax, expecting: expected)
    case .emptyBraces: return emptyBraces(at: syntax, expecting: expected)
    case .interpolation(let segments): return interpolation(segments)
    case .cast(let operand, let type): return cast(operand, to: type, at: syntax)
    case .match(let subject, let arms): return match(subject, arms, at: syntax, expecting: expected)
    case .parenthesized(let inner): return infer(inner, expecting: expected)
    }
  }

  /// The checker inside a macro: with one variable more, and what is known of it.
  func binding(_ name: String, _ type: Type, origin: Name?) -> ExpressionChecker {
    var inner = self
    inner.facts.forget(name)
    inner.locals.append((name, type, origin))
    return inner
  }

  /// Takes the number of one more local, which no name means.
  mutating func bindUnnamed(_ type: Type) { locals.append(("", type, nil)) }

  /// The checker where the optional of a path has a value.
  func knowing(present path: String) -> ExpressionChecker {
    var inner = self
    inner.facts.insert(present: path)
    return inner
  }

  /// The checker where `condition` has been found to be `value`.
  func knowing(_ condition: ExpressionSyntax, is value: Bool) -> ExpressionChecker {
    var inner = self
    inner.facts.learn(condition, is: value)
    return inner
  }

  var guarded: ExpressionChecker {
    var inner = self
    inner.isGuarded = true
    return inner
  }

  /// The checker of what stands where something has a mistake in it.
  var lookingForNames: ExpressionChecker {
    var inner = self
    inner.onlyNames = true
    return inner
  }

  /// Reports a partial operation that nothing proves or catches (rule 49).
  func requireProof(_ what: String, remedy: String, fix: Diagnostic.Fix? = nil, at range: SourceRange) {
    guard !isGuarded else { return }
    report(.partialOperation(what, remedy: remedy, fix: fix, at: range))
  }
}

// MARK: - Conversion

extension ExpressionChecker {
  /// The expression as one of type `target`, or a diagnostic. A type that is not known silences.
  func coerce(_ typed: TypedExpression, to target: Type, at syntax: ExpressionSyntax) -> TypedExpression {
    if typed.type.isUnknown || target.isUnknown { return TypedExpression(typed.expression, target) }
    guard typed.type.isAssignable(to: target) else {
      report(mismatch(typed.type, target, at: syntax))
      return TypedExpression(typed.expression, .unknown)
    }
    return convert(typed, to: target)
  }

  /// The expression as one of type `target`, to which it is assignable.
  func convert(_ typed: TypedExpression, to target: Type) -> TypedExpression {
    if case .ifPresent(let optional) = typed.expression {
      let content = convert(TypedExpression(optional, typed.type.asOptional), to: target.asOptional)
      return TypedExpression(.ifPresent(content.expression), target)
    }
    guard target.needsConforming(from: typed.type) else { return TypedExpression(typed.expression, target) }
    return TypedExpression(.conform(typed.expression, target.restricted(to: typed.type)), target)
  }

  private func mismatch(_ type: Type, _ target: Type, at syntax: ExpressionSyntax) -> Diagnostic {
    if type.containsSecret, type.withoutSecrets.isAssignable(to: target) {
      return .secretLeaks(type, to: target, in: place, origin: origin(of: syntax), at: syntax.range)
    }
    if type.isOptional, !target.isOptional, type.unwrapped.isAssignable(to: target), type.unwrapped != .never {
      return .optionalNotNarrowed(type, path: syntax.path, at: syntax.range)
    }
    if type == .json {
      return .undecodedJSON("json where \(target) is expected", fix: nil, at: syntax.range)
    }
    if case .record(let own) = type.unwrapped, case .record(let wanted) = target.unwrapped {
      return .recordMismatch(own, wanted, type, target, at: syntax.range)
    }
    return .typeMismatch(found: type, expected: target, at: syntax.range)
  }

  /// `e as T`: a value of json is decoded, which can fail; any other must fit already.
  private func cast(_ operand: ExpressionSyntax, to written: TypeSyntax, at syntax: ExpressionSyntax) -> TypedExpression
  {
    let target = TypeResolver(session: session).resolve(written)
    let typed = infer(operand, expecting: target)
    guard !typed.type.isUnknown, !target.isUnknown else { return TypedExpression(typed.expression, target) }
    let content = typed.type.unwrapped.isSecret ? typed.type.withoutSecrets : typed.type
    if content.unwrapped == .json || content == .dyn {
      requireProof(
        "`as \(target)` fails when the value is something else",
        remedy: "write `try(… as \(target))`, which is none then", at: syntax.range)
      return TypedExpression(
        .conform(typed.expression, target), content == typed.type ? target : target.asSecret)
    }
    return coerce(typed, to: target, at: operand)
  }
}
