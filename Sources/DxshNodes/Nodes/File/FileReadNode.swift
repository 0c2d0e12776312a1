package import DxshExpressions
package import DxshRuntime
import Glibc

/// `file.read`: a whole file as text.
package struct FileReadNode: NodeImplementation {
  package let name = "file.read"

  package init() {}

  @concurrent
  package func call(_ call: NodeCall, in context: NodeContext) async throws -> Value {
    let place = try FilePlace(call.string("path"), in: context.directory)
    let bytes = try Self.read(place, limit: call.size("limit"))
    try Task.checkCancellation()
    return .string(try FileFailure.text(bytes, of: place.given))
  }

  private static func read(_ place: FilePlace, limit: Int) throws(NodeFailure) -> [UInt8] {
    let file = try OpenFile(place, to: "read", O_RDONLY)
    try file.expectRegular()
    let bytes = try file.read(limit: limit == .max ? limit : limit + 1)
    guard bytes.count <= limit else { throw FileFailure.tooLarge(place.given, limit: limit) }
    return bytes
  }
}
