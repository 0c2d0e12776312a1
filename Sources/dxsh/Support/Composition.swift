import DxshCompiler
import DxshNodes
import DxshRuntime
import DxshSyntax
import DxshTime

/// Where the parts are chosen and put together.
enum Composition {
  static let library = NodeLibrary(families: StandardLibrary.families) { StandardLibrary.source(of: $0) }

  static func compile(_ path: String) throws(CallFailure) -> Compilation {
    let name = path == "-" ? SourceTexts.standardInput : path
    return compile(
      SourceFile(id: FileID(0), name: name, bytes: try SourceLoader.read(path)), SourceTexts(), SystemClock().now())
  }

  static func compile(
    _ file: SourceFile, _ texts: SourceTexts, _ now: Timestamp, keepsTrees: Bool = false
  ) -> Compilation {
    DxshCompiler.compile(
      file, library: library, imports: imports(texts), time: TimeContext(asOf: now, zones: .system),
      keepsTrees: keepsTrees)
  }

  /// Imported files stand at a path relative to the file that imports them, for standard input to this folder.
  private static func imports(_ texts: SourceTexts) -> ImportSource {
    ImportSource { path, importer in
      let folder = importer.name.lastIndex(of: "/").map { String(importer.name[...$0]) } ?? ""
      let name = normalized(folder + path)
      do throws(CallFailure) {
        return .success(.init(name: name, bytes: try texts.read(name)))
      } catch {
        return .failure(.init(error.message))
      }
    }
  }

  /// Without `.` and, where they can be taken back, `..`.
  private static func normalized(_ path: String) -> String {
    var parts: [Substring] = []
    for part in path.split(separator: "/") where part != "." {
      if part == "..", let last = parts.last, last != ".." { parts.removeLast() } else { parts.append(part) }
    }
    return (path.hasPrefix("/") ? "/" : "") + parts.joined(separator: "/")
  }

  /// The nodes of the library. One that only a file declares has no implementation, which ends its run at the start.
  static var nodes: NodeRegistry { NodeRegistry(AllNodes.list) }
}
