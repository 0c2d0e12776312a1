import DxshSyntax
import DxshTestSupport
import Testing

/// A file of `stdlib/functions/`: its functions, and above them a title and an introduction.
struct FunctionTopic: CustomTestStringConvertible, Sendable {
  /// That of the file.
  let name: String
  let title: String
  let introduction: String
  let functions: [DeclaredFunction]
  let diagnostics: [String]

  var testDescription: String { name }

  static let folder = "stdlib/functions"

  static let all: [FunctionTopic] = Repository.files(below: folder, withEnding: ".dxsh").map { path in
    FunctionTopic(path, Repository.read(path) ?? "")
  }

  private init(_ path: String, _ text: String) {
    name = String(path.dropFirst(Self.folder.count + 1).dropLast(5))
    let head = text.split(separator: "\n", omittingEmptySubsequences: false)
      .prefix { $0.hasPrefix("//") && !$0.hasPrefix("///") }
      .map { $0.dropFirst(2).drop { $0 == " " } }
    title = String(head.first ?? "")
    introduction = head.dropFirst(2).joined(separator: "\n")
    let file = SourceFile(id: FileID(0), name: path, text: text)
    let parsed = parse(file)
    diagnostics = parsed.diagnostics.map { "\(LineIndex(file).position(of: Int($0.range.start)).line): \($0.message)" }
    functions = parsed.tree.declarations.compactMap { declaration in
      guard case .function(let function) = declaration else { return nil }
      return DeclaredFunction(function, in: file)
    }
  }

  /// Each name with its functions, in the order of the file.
  var groups: [(name: String, functions: [DeclaredFunction])] {
    var groups: [(name: String, functions: [DeclaredFunction])] = []
    for function in functions {
      if let group = groups.firstIndex(where: { $0.name == function.signature.name }) {
        groups[group].functions.append(function)
      } else {
        groups.append((function.signature.name, [function]))
      }
    }
    return groups
  }
}
