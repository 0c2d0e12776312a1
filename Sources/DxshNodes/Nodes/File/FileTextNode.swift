package import DxshExpressions
package import DxshRuntime

/// `file.text`: the content of a kept file as text.
package struct FileTextNode: NodeImplementation {
  package let name = "file.text"

  package init() {}

  @concurrent
  package func call(_ call: NodeCall, in context: NodeContext) async throws -> Value {
    let artifact = call.file("from")
    let limit = call.size("limit")
    guard artifact.size <= limit else { throw FileFailure.tooLarge(artifact.name, limit: limit) }
    return .string(try FileFailure.text(try ArtifactFolder(context).bytes(of: artifact), of: artifact.name))
  }
}
