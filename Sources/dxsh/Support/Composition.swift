import DxshCompiler
import DxshNodes
import DxshRuntime
import DxshSyntax

/// Where the parts are chosen and put together.
enum Composition {
  static let library = NodeLibrary(families: StandardLibrary.families) { StandardLibrary.source(of: $0) }

  static func compile(_ path: String, number: Int = 0) throws(CallFailure) -> Compilation {
    let bytes = try SourceLoader.read(path)
    let name = path == "-" ? "<stdin>" : path
    return DxshCompiler.compile(SourceFile(id: FileID(number), name: name, bytes: bytes), library: library)
  }

  /// The nodes of the library. One that only a file declares has no implementation, which ends its run at the start.
  static var nodes: NodeRegistry { NodeRegistry(AllNodes.list) }
}
