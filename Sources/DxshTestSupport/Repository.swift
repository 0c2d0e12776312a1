import Glibc

/// The project's own files, found from where this one lies.
package enum Repository {
  /// Without a slash at the end.
  package static let root: String = {
    let parts = #filePath.split(separator: "/").dropLast(3)
    return "/" + parts.joined(separator: "/")
  }()

  package static func read(_ path: String) -> String? {
    bytes(of: path.hasPrefix("/") ? path : root + "/" + path).map { String(decoding: $0, as: UTF8.self) }
  }

  package static func bytes(of path: String) -> [UInt8]? {
    let descriptor = open(path, O_RDONLY)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = Glibc.read(descriptor, &buffer, buffer.count)
      if count <= 0 { return count == 0 ? bytes : nil }
      bytes += buffer[..<count]
    }
  }

  package static func exists(_ path: String) -> Bool { access(root + "/" + path, F_OK) == 0 }

  package static func isFile(_ folder: String, _ name: String) -> Bool { access(folder + "/" + name, F_OK) == 0 }

  package static func write(_ text: String, to path: String) {
    let descriptor = open(path.hasPrefix("/") ? path : root + "/" + path, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
    guard descriptor >= 0 else { return }
    defer { close(descriptor) }
    _ = Array(text.utf8).withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
  }

  /// The files below a folder of the repository, as paths from its root, sorted; hidden ones left out.
  package static func files(below folder: String, withEnding ending: String = "") -> [String] {
    guard let directory = opendir(root + "/" + folder) else { return [] }
    defer { closedir(directory) }
    var found: [String] = []
    while let entry = readdir(directory) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name.hasPrefix(".") { continue }
      let path = folder + "/" + name
      var status = stat()
      guard lstat(root + "/" + path, &status) == 0 else { continue }
      if status.st_mode & S_IFMT == S_IFDIR {
        found += files(below: path, withEnding: ending)
      } else if name.hasSuffix(ending) {
        found.append(path)
      }
    }
    return found.sorted()
  }
}
