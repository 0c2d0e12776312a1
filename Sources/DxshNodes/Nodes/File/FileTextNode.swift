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
    guard artifact.size <= limit else {
      let allowed = SizeText.format(Int64(limit))
      throw NodeFailure("too_large", "the file \"\(artifact.name)\" is larger than the limit of \(allowed)")
    }
    let bytes = try ArtifactFolder(context).bytes(of: artifact)
    if let offset = UTF8Check.firstInvalid(in: bytes) {
      throw NodeFailure("encoding", "the file \"\(artifact.name)\" is not UTF-8 text: see its byte \(offset + 1)")
    }
    return .string(Text(validUTF8: bytes))
  }
}
