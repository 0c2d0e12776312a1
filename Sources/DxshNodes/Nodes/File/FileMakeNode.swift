package import DxshExpressions
package import DxshRuntime

/// `file.make`: a text as a value that steps hand on as a file.
package struct FileMakeNode: NodeImplementation {
  package let name = "file.make"

  package init() {}

  @concurrent
  package func call(_ call: NodeCall, in context: NodeContext) async throws -> Value {
    .box(.file(try ArtifactFolder(context).keep(call.text("text").utf8, named: call.string("name"))))
  }
}
