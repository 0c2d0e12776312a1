package import DxshExpressions
package import DxshRuntime
import Glibc

/// `file.list`: the entries of a folder, sorted by name.
package struct FileListNode: NodeImplementation {
  package let name = "file.list"
  private static let entry = RecordShape(["name", "path", "size", "directory"])

  package init() {}

  @concurrent
  package func call(_ call: NodeCall, in context: NodeContext) async throws -> Value {
    let place = try FilePlace(call.string("path"), in: context.directory)
    let pattern = call.string("pattern")
    let names = try Self.names(in: place).filter { fnmatch(pattern, $0, FNM_PERIOD) == 0 }
    let entries = names.map { name in (name: Text(name), place: place.appending(name)) }
      .sorted { $0.name < $1.name }
    try Task.checkCancellation()
    return .list(entries.compactMap { Self.describe($0.name, $0.place) })
  }

  private static func names(in place: FilePlace) throws(NodeFailure) -> [String] {
    guard let folder = opendir(place.absolute) else {
      throw FileFailure.failure(errno, "list", place)
    }
    defer { closedir(folder) }
    var names: [String] = []
    errno = 0
    while let entry = readdir(folder) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(validatingCString: $0) }
      }
      guard let name else {
        throw NodeFailure("io", "cannot list \"\(place.given)\": the name of one of its files is not UTF-8")
      }
      if name != ".", name != ".." { names.append(name) }
      errno = 0
    }
    guard errno == 0 else { throw FileFailure.failure(errno, "list", place) }
    return names
  }

  /// Nil when the file is gone by now. A symbolic link counts as what it leads to, if it leads anywhere.
  private static func describe(_ name: Text, _ place: FilePlace) -> Value? {
    var status = stat()
    guard stat(place.absolute, &status) == 0 || lstat(place.absolute, &status) == 0 else { return nil }
    let isFolder = status.st_mode & S_IFMT == S_IFDIR
    let size = status.st_mode & S_IFMT == S_IFREG ? Int64(status.st_size) : 0
    return .record(
      RecordValue(entry, [.string(name), .text(place.given), .size(size), .bool(isFolder)]))
  }
}
