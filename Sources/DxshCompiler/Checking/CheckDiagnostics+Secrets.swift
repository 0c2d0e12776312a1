import DxshExpressions
import DxshSyntax

/// The wording of what is wrong with secrets and connections. A diagnostic names the secret, never a value.
extension Diagnostic {
  private static let remedy = "leave it out, or open it on purpose: `declassify(…, reason: \"…\")`"

  /// What would get out: the secret or connection behind an expression.
  private static func subject(_ type: Type, _ origin: Name?) -> String {
    let kind = type.containsSecret ? "secret" : "connection"
    return origin.map { "the \(kind) `\($0.text)`" } ?? "a \(kind)"
  }

  private static func declaration(_ origin: Name?, besides range: SourceRange) -> [Related] {
    guard let origin, origin.range != range else { return [] }
    return [Related(origin.range, "`\(origin.text)` is declared here")]
  }

  /// A value with a secret in it where one without is expected.
  static func secretLeaks(
    _ type: Type, to target: Type, in place: SecretPlace, origin: Name?, at range: SourceRange
  ) -> Diagnostic {
    let what = subject(type, origin)
    let related = declaration(origin, besides: range)
    switch place {
    case .value:
      return Diagnostic(
        .typeMismatch, "this is \(type), and \(target) is expected", at: range, related: related,
        help: "what is made of a secret is secret: write `\(target.asSecret)`, or `declassify(…, reason: \"…\")`")
    case .message:
      return Diagnostic(
        .secretInMessage, "\(what) would stand in a message", at: range, related: related, help: remedy)
    case .output: return secretKept(type, "the output", origin: origin, at: range)
    case .condition:
      return Diagnostic(
        .secretDecides, "\(what) would decide what is done, which everybody sees", at: range, related: related,
        help: "decide by something that is not secret, or open the choice: `declassify(…, reason: \"…\")`")
    case .argument(let parameter, let callee):
      return Diagnostic(
        .secretInArgument, "\(what) would reach `\(parameter)` of `\(callee)`, which takes no secrets", at: range,
        related: related, help: "give it to a parameter whose type is `secret<…>`; \(remedy)")
    }
  }

  /// A secret or connection in a value that is written to the journal of a run or handed to whoever asks.
  static func secretKept(_ type: Type, _ place: String, origin: Name?, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      .secretKept, "\(subject(type, origin)) would be kept in \(place)", at: range,
      related: declaration(origin, besides: range),
      help: type.containsSecret ? remedy : "connections stay inside the run: leave it out")
  }

  /// A type with secrets in it for something that is kept.
  static func secretTypeKept(_ type: Type, _ place: String, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      .secretKept, "\(place) cannot be \(type): it is kept where others can read it", at: range,
      help: type.containsSecret
        ? "declare `secret name: T = env(\"X\")` at the top of the file" : "connections stay inside the run")
  }

  static func badSecretType(_ type: Type, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      .badOperand, "a secret cannot be declared as \(type)", at: range,
      help: "it is read from text: write `string`, or another type without parts, such as `int`")
  }

  static func badSecretSource(_ source: ExpressionSyntax) -> Diagnostic {
    let help = "write `env(\"TOKEN\")` with the name of the variable that holds it"
    switch source.kind {
    case .literal, .interpolation:
      return Diagnostic(
        .hardcodedSecret, "a secret is not written into the file", at: source.range,
        help: "put it into a variable of the environment, and \(help)")
    default:
      return Diagnostic(
        .badOperand, "a secret comes from a variable of the environment", at: source.range, help: help)
    }
  }

  static func declassifyForm(at range: SourceRange) -> Diagnostic {
    Diagnostic(
      .missingArgument, "`declassify` takes a value and a reason in words", at: range,
      help: "write `declassify(e, reason: \"why everybody may see it\")`")
  }

  static func needlessDeclassify(_ type: Type, at range: SourceRange) -> Diagnostic {
    Diagnostic(.badOperand, "there is no secret in this: it is \(type)", at: range, help: "remove `declassify`")
  }

  static func opaqueConnection(at range: SourceRange) -> Diagnostic {
    Diagnostic(
      .badOperand, "nothing can be computed with a connection", at: range,
      help: "give it to the parameter `connection` of a node")
  }
}
