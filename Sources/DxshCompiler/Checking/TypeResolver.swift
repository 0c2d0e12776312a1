import DxshExpressions
import DxshSyntax

/// Turns written types into types.
struct TypeResolver {
  let session: CheckSession
  /// The type parameters of the declaration around it.
  var parameters: Set<String> = []

  /// `unknown`, and a diagnostic, where there is no such type.
  func resolve(_ syntax: TypeSyntax) -> Type {
    switch syntax.kind {
    case .missing: return .unknown
    case .optional(let wrapped): return resolve(wrapped).asOptional
    case .record(let fields): return .record(record(fields))
    case .named(let path, let arguments): return named(path, arguments, at: syntax.range)
    }
  }

  private func record(_ fields: [TypeSyntax.Field]) -> RecordType {
    var known: [String: SourceRange] = [:]
    var result: [RecordType.Field] = []
    for field in fields where !field.name.isMissing {
      let type = resolve(field.type)
      if let first = known[field.name.text] {
        session.report(.duplicate("the field", field.name, first: first))
      } else {
        known[field.name.text] = field.name.range
        result.append(.init(field.name.text, type))
      }
    }
    return RecordType(result)
  }

  private func named(_ path: Path, _ arguments: [TypeSyntax], at range: SourceRange) -> Type {
    let name = path.text
    if name == "connection" { return connection(arguments, at: range) }
    let resolved = arguments.map(resolve)
    if let count = TypeTable.constructors[name] {
      guard resolved.count == count else {
        session.report(.wrongTypeArguments(name, expected: count, at: range))
        return .unknown
      }
      if name == "list" { return .list(resolved[0]) }
      if name == "secret" { return resolved[0].asSecret }
      if !resolved[0].isKeyType { session.report(.badKeyType(resolved[0], at: arguments[0].range)) }
      return .map(resolved[0], resolved[1])
    }
    let known = parameters.contains(name) ? .parameter(name) : TypeTable.builtIn[name] ?? session.types.declared[name]
    if let known {
      session.noteUse(of: name)
      if !arguments.isEmpty { session.report(.wrongTypeArguments(name, expected: 0, at: range)) }
      return known
    }
    if session.isLost(name) { return .unknown }
    session.report(
      .unknownName("type", name, code: .unknownType, candidates: session.types.candidates + parameters, at: path.range))
    return .unknown
  }

  /// `connection<kind>`, whose argument is no type.
  private func connection(_ arguments: [TypeSyntax], at range: SourceRange) -> Type {
    guard arguments.count == 1, case .named(let kind, let inner) = arguments[0].kind, inner.isEmpty else {
      session.report(.wrongTypeArguments("connection", expected: 1, at: range))
      return .unknown
    }
    if session.connectionKind(kind.text) != nil { return .connection(kind.text) }
    session.report(
      .unknownName(
        "kind of connection", kind.text, code: .unknownType, candidates: session.connectionKinds(near: kind.text),
        at: kind.range))
    return .unknown
  }
}
