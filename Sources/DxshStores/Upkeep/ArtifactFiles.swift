import DxshTime
import Glibc

/// The contents of values of type `file` that a store keeps, each in a file named by its digest.
struct ArtifactFiles {
  let folder: String

  /// The names of what was last kept before a time. By when the system says that a file changed, which nobody can set:
  /// a copy of an old file is new.
  func names(before time: Timestamp) -> [String] {
    guard let directory = opendir(folder) else { return [] }
    defer { closedir(directory) }
    var names: [String] = []
    while let entry = readdir(directory) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if Self.isContent(name) || Self.isUnfinished(name), isOlder(name, than: time) { names.append(name) }
    }
    return names
  }

  /// Removes a file unless it was kept once more since.
  func remove(_ name: String, before time: Timestamp) -> Bool {
    isOlder(name, than: time) && unlink("\(folder)/\(name)") == 0
  }

  /// What a process left that died while it kept something; `.dxsh-…` as nodes name it.
  static func isUnfinished(_ name: String) -> Bool { name.hasPrefix(".dxsh-") }

  private static func isContent(_ name: String) -> Bool {
    name.utf8.count == 64
      && name.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
  }

  private func isOlder(_ name: String, than time: Timestamp) -> Bool {
    var status = stat()
    guard lstat("\(folder)/\(name)", &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return false }
    let changed = Timestamp(seconds: Int64(status.st_ctim.tv_sec), nanoseconds: Int64(status.st_ctim.tv_nsec))
    return changed.map { $0 < time } ?? false
  }
}
