import DxshExpressions
import DxshSyntax

/// A function of the library as `stdlib/functions/` declares it.
struct DeclaredFunction: Sendable {
  /// What tells overloads apart and how each is called.
  struct Signature: Hashable, CustomStringConvertible, Sendable {
    var name: String
    var style: Overload.Style
    var parameters: [String]
    var result: String
    var isPartial: Bool

    var description: String {
      "\(style) \(name)(\(parameters.joined(separator: ", "))) -> \(result)\(isPartial ? ", partial" : "")"
    }
  }

  static let onlyInCEL = "Only in plain CEL."
  static let onlyInFiles = "Only in `.dxsh` files."

  let signature: Signature
  /// The declaration as it is written.
  let text: String
  let errors: [String]
  let documentation: String

  init(_ declaration: FunctionDeclaration, in file: SourceFile) {
    signature = Signature(
      name: declaration.path.text, style: declaration.receiver == nil ? .global : .member,
      parameters: declaration.parameters.map { Self.text(of: $0.type) }, result: Self.text(of: declaration.result),
      isPartial: !declaration.errors.isEmpty)
    text = file.text(declaration.range)
    errors = declaration.errors.map(\.text)
    documentation = declaration.documentation ?? ""
  }

  /// Its first sentence, which is its first paragraph.
  var summary: String {
    documentation.split(separator: "\n", omittingEmptySubsequences: false)
      .prefix { !$0.isEmpty && !$0.hasPrefix("```") && !Self.marks.contains(String($0)) }
      .joined(separator: " ")
  }

  var dialects: Overload.Dialects {
    let lines = documentation.split(separator: "\n").map(String.init)
    return lines.contains(Self.onlyInCEL) ? .cel : lines.contains(Self.onlyInFiles) ? .dxsh : .both
  }

  static let marks = [onlyInCEL, onlyInFiles]

  private static func text(of type: TypeSyntax) -> String {
    switch type.kind {
    case .missing: return "?"
    case .optional(let wrapped): return text(of: wrapped) + "?"
    case .record(let fields):
      return "{ " + fields.map { "\($0.name.text): \(text(of: $0.type))" }.joined(separator: ", ") + " }"
    case .named(let path, let arguments):
      return path.text + (arguments.isEmpty ? "" : "<\(arguments.map(text).joined(separator: ", "))>")
    }
  }
}

extension DeclaredFunction.Signature {
  /// That of an overload.
  init(_ overload: Overload) {
    // No author can write the type of no value, which is what an optional without one has inside.
    let result = overload.result == .optional(.never) ? Type.optional(.parameter("A")) : overload.result
    self.init(
      name: overload.name, style: overload.style, parameters: overload.parameters.map(\.description),
      result: result.description, isPartial: overload.isPartial)
  }
}
