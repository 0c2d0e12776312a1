import Glibc

/// Where a command writes what it makes anew each time: neither into the store nor over what is something else.
enum OutputPlace {
  /// Throws where the path is in a state folder, or a file is there that does not begin as such files do.
  /// - kind: what such files hold
  static func check(
    _ path: String, outside folder: String, holding kind: String, beginning: String
  ) throws(CallFailure) {
    guard !Folder.holds(folder, path) else {
      throw CallFailure("\(path) is in the state folder \(folder): name a file elsewhere")
    }
    var status = stat()
    guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_size > 0 else { return }
    guard try SourceLoader.beginning(of: path, beginning.utf8.count) == Array(beginning.utf8) else {
      throw CallFailure("\(path) is there and holds no \(kind) of dxsh: name another file, or remove it")
    }
  }
}
