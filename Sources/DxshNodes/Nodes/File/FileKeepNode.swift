package import DxshExpressions
package import DxshRuntime

/// `file.keep`: a copy of a file as a value that steps hand on.
package struct FileKeepNode: NodeImplementation {
  package let name = "file.keep"

  package init() {}

  @concurrent
  package func call(_ call: NodeCall, in context: NodeContext) async throws -> Value {
    let place = try FilePlace(call.string("path"), in: context.directory)
    return .box(.file(try ArtifactFolder(context).keep(place)))
  }
}
