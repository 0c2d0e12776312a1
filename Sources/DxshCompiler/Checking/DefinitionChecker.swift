import DxshExpressions
import DxshSyntax

/// Checks a file's constants and functions.
struct DefinitionChecker {
  /// How many expressions a function's body may be with the bodies of those that it calls, which stand in the place of
  /// the calls.
  static let sizeLimit = 20_000
  /// How deep they may nest, so that a call fits every place that an expression may stand in.
  static let depthLimit = 500

  let session: CheckSession

  func check(_ module: Module) {
    var names = session.importNames.dictionary
    for declaration in module.declarations {
      switch declaration {
      case .constant(let declared):
        guard enter(declared.name, &names) else { continue }
        session.definitions.constants[declared.name.text] = .init(declaration: declared)
      case .function(let declared):
        let name = Name(declared.path.text, at: declared.path.range)
        guard !declared.path.isMissing, enter(name, &names) else { continue }
        session.definitions.functions[name.text] = .init(declaration: declared)
      case .type, .enumeration, .node, .workflow, .secret, .connection, .connectionKind, .importing, .defaults, .test,
        .unreadable:
        break
      }
    }
    for name in session.definitions.constants.keys.sorted() { _ = session.constant(name) }
    for name in session.definitions.functions.keys.sorted() { _ = session.function(name) }
  }

  private func enter(_ name: Name, _ names: inout [String: SourceRange]) -> Bool {
    if name.isMissing { return false }
    if let first = names[name.text] {
      session.report(.duplicate("the name", name, first: first))
      return false
    }
    names[name.text] = name.range
    return true
  }

  /// The constant's value, which is computed here: a constant that fails is a mistake of the file (rule 49).
  func check(_ declaration: ConstantDeclaration) -> TypedExpression {
    let expected = declaration.type.map { TypeResolver(session: session).resolve($0) }
    let errors = session.errorCount
    let typed = ExpressionChecker(session: session, scope: NoNames()).check(declaration.value, expecting: expected)
    guard session.errorCount == errors, typed.type != .unknown else {
      return TypedExpression(typed.expression, .unknown)
    }
    do {
      let value = try Evaluator.evaluateEarly(typed.expression)
      return TypedExpression(.constant(Constant(value)), typed.type)
    } catch {
      session.report(.failingConstant(error.message, at: declaration.value.range))
      return TypedExpression(typed.expression, .unknown)
    }
  }

  /// Nil when its signature or its body has a mistake.
  func check(_ declaration: FunctionDeclaration) -> CheckedFunction? {
    let name = Name(declaration.path.text, at: declaration.path.range)
    if declaration.path.names.count > 1 || isTaken(name.text) {
      session.report(.reservedFunction(name))
      return nil
    }
    guard let body = declaration.body else {
      session.report(.missingBody(name))
      return nil
    }
    let typeParameters = declaration.typeParameters.map(\.text)
    let resolver = TypeResolver(session: session, parameters: Set(typeParameters))
    let parameters = ParameterChecker(session: session, resolver: resolver).check(declaration.parameters)
    let result = resolver.resolve(declaration.result)
    var checker = ExpressionChecker(session: session, scope: NoNames())
    for parameter in parameters { checker = checker.binding(parameter.name, parameter.type, origin: nil) }
    let errors = session.errorCount
    let typed = checker.check(body, expecting: result)
    let (size, depth) = typed.expression.extent
    if size > Self.sizeLimit || depth > Self.depthLimit {
      session.report(.functionTooLarge(name))
      return nil
    }
    guard session.errorCount == errors, result != .unknown else { return nil }
    return CheckedFunction(
      name: name, typeParameters: typeParameters, parameters: parameters, result: result, body: typed.expression,
      size: size, depth: depth)
  }

  private func isTaken(_ name: String) -> Bool {
    FunctionLibrary.overloads(named: name, in: .dxsh).contains { $0.style == .global }
      || ["has", "try", "attempt", "declassify"].contains(name)
  }
}

extension CheckSession {
  var errorCount: Int { diagnostics.count { $0.severity == .error } }

  /// The constant of a name; nil when there is none.
  func constant(_ name: String) -> TypedExpression? {
    guard let constant = definitions.constants[name] else { return nil }
    switch constant.progress {
    case .done(let typed): return typed
    case .mistaken: return .unknown
    case .underWay:
      report(.circularDefinition(constant.declaration.name))
      return .unknown
    case .declared:
      definitions.constants[name]?.progress = .underWay
      let typed = DefinitionChecker(session: self).check(constant.declaration)
      definitions.constants[name]?.progress = .done(typed)
      return typed
    }
  }

  /// The function of a name: nil when there is none, or nothing checked inside when it has a mistake.
  func function(_ name: String) -> CheckedFunction?? {
    guard let function = definitions.functions[name] else { return nil }
    switch function.progress {
    case .done(let checked): return .some(checked)
    case .mistaken: return .some(nil)
    case .underWay:
      report(.circularDefinition(Name(name, at: function.declaration.path.range)))
      return .some(nil)
    case .declared:
      definitions.functions[name]?.progress = .underWay
      let checked = DefinitionChecker(session: self).check(function.declaration)
      definitions.functions[name]?.progress = checked.map { .done($0) } ?? .mistaken
      return .some(checked)
    }
  }
}

extension Expression {
  /// How many expressions it is, and how deep they nest.
  var extent: (size: Int, depth: Int) {
    var (size, depth) = (1, 0)
    for child in children {
      let inner = child.extent
      size += inner.size
      depth = max(depth, inner.depth)
    }
    return (size, depth + 1)
  }

  /// The expression where there are so many locals more below those from `first` on.
  func movingLocals(from first: Int, by distance: Int) -> Expression {
    if distance == 0 { return self }
    switch self {
    case .local(let number): return .local(number >= first ? number + distance : number)
    case .comprehension(var macro):
      if macro.local >= first { macro.local += distance }
      return Expression.comprehension(macro).replacingChildren(
        children.map { $0.movingLocals(from: first, by: distance) })
    case .letting(let local, let value, in: let body):
      return .letting(
        local >= first ? local + distance : local, value.movingLocals(from: first, by: distance),
        in: body.movingLocals(from: first, by: distance))
    case .constant, .binding, .failure: return self
    case .field, .optionalField, .member, .presence, .index, .optionalIndex, .call, .dispatch, .and, .or, .conditional,
      .list, .record, .map, .ifPresent, .interpolation, .conform, .attempt, .outcome:
      return replacingChildren(children.map { $0.movingLocals(from: first, by: distance) })
    }
  }
}
