package import DxshExpressions
package import DxshRuntime

/// `file.write`: a whole file, replaced at once.
package struct FileWriteNode: NodeImplementation {
  package let name = "file.write"
  private static let result = RecordShape(["path", "size"])

  package init() {}

  @concurrent
  package func call(_ call: NodeCall, in context: NodeContext) async throws -> Value {
    let place = try FilePlace(call.string("path"), in: context.directory)
    let bytes = call.text("text").utf8
    try AtomicFile.write(bytes, to: place)
    return .record(RecordValue(Self.result, [.text(place.given), .size(Int64(bytes.count))]))
  }
}
