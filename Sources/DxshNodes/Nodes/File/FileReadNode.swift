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
    if let offset = UTF8Check.firstInvalid(in: bytes) {
      throw NodeFailure("encoding", "\"\(place.given)\" is not UTF-8 text: see its byte \(offset + 1)")
    }
    return .string(Text(validUTF8: bytes))
  }

  private static func read(_ place: FilePlace, limit: Int) throws(NodeFailure) -> [UInt8] {
    let file = try OpenFile(place, to: "read", O_RDONLY)
    let kind = try file.status().st_mode & S_IFMT
    guard kind != S_IFDIR else { throw FileFailure.failure(EISDIR, "read", place) }
    guard kind == S_IFREG else {
      throw NodeFailure("io", "cannot read \"\(place.given)\": it is a device, a pipe or a socket")
    }
    let bytes = try file.read(limit: limit == .max ? limit : limit + 1)
    guard bytes.count <= limit else {
      let allowed = SizeText.format(Int64(limit))
      throw NodeFailure("too_large", "\"\(place.given)\" is larger than the limit of \(allowed)")
    }
    return bytes
  }
}
