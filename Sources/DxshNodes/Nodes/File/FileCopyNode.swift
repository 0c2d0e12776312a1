package import DxshExpressions
package import DxshRuntime

/// `file.copy`: the content of a kept file, written to a place on the machine.
package struct FileCopyNode: NodeImplementation {
  package let name = "file.copy"
  private static let result = RecordShape(["path", "size"])

  package init() {}

  @concurrent
  package func call(_ call: NodeCall, in context: NodeContext) async throws -> Value {
    let place = try FilePlace(call.string("path"), in: context.directory)
    let artifact = call.file("from")
    try ArtifactFolder(context).copy(artifact, to: place)
    return .record(RecordValue(Self.result, [.text(place.given), .size(artifact.size)]))
  }
}
