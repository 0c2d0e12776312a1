/// What can be asked of a `file`: `name size sha256`. Its content is read by steps.
extension FunctionLibrary {
  static let artifactOverloads: [Overload] = [
    Overload("name", "file_name", .member, [.file], .string, in: .dxsh, asking("name") { .text($0.name) }),
    Overload("size", "file_size", .member, [.file], .size, in: .dxsh, asking("size") { .size($0.size) }),
    Overload("sha256", "file_sha256", .member, [.file], .string, in: .dxsh, asking("sha256") { .text($0.digest) }),
  ]

  private static func asking(_ name: String, _ question: @escaping @Sendable (Artifact) -> Value) -> Function.Body {
    .unary { value throws(EvaluationError) in
      guard case .boxed(let box) = value, case .file(let artifact) = box.content else { throw .noOverload(name, value) }
      return question(artifact)
    }
  }
}

extension Type {
  /// A file that the run keeps.
  package static let file = Type.abstract("file", [])
}
