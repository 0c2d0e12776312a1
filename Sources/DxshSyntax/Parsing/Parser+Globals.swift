/// What a file declares for all its workflows: secrets and connections.
extension Parser {
  /// `secret name: T = env("X")`
  mutating func parseSecret() -> SecretDeclaration {
    let documentation = takeDocumentation()
    let start = token.start
    advance()
    let name = parseName("the name of the secret")
    var type: TypeSyntax?
    if token.kind != .assign, !isRecovering {
      expectTypeColon(of: name)
      if !isRecovering { type = parseType() }
    }
    expectAssign("`=` and where the secret comes from, as in `env(\"TOKEN\")`")
    let source = parseValue()
    return SecretDeclaration(
      documentation: documentation, name: name, type: type, source: source, range: range(from: start))
  }

  /// `connection name = kind(…)`, or the declaration of a kind: `connection kind(…)`
  mutating func parseConnection() -> Declaration {
    let documentation = takeDocumentation()
    let start = token.start
    advance()
    if token.kind == .identifier, peek().kind == .leftParen || peek().kind == .dot {
      let path = parsePath("the name of the kind")
      let parameters = isRecovering ? [] : parseParameters(of: path.names[path.names.count - 1])
      return .connectionKind(
        ConnectionKindDeclaration(
          documentation: documentation, path: path, parameters: parameters, range: range(from: start)))
    }
    let name = parseName("the name of the connection")
    expectAssign("`=` and a kind with its settings, as in `sqlite(path: \"orders.db\")`")
    let call =
      isRecovering
      ? Call(path: Path([Name("", at: gap)]), arguments: [], range: gap)
      : parseCall("a kind of connection with its settings, as in `sqlite(path: \"orders.db\")`")
    return .connection(
      ConnectionDeclaration(documentation: documentation, name: name, call: call, range: range(from: start)))
  }
}
