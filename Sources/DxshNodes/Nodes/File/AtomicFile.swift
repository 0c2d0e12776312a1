import DxshRuntime
import Glibc

/// Replaces a file so that readers, and a crash at any moment, find the old content or the new one.
enum AtomicFile {
  /// Writes a temporary file beside the target, waits until it is on the disk, and gives it the target's name.
  /// Missing folders are made. A file that is replaced hands on its permissions; through a symbolic link the file
  /// that it leads to is replaced. Throws `NodeFailure`, or `CancellationError` before anything changed; either
  /// way the temporary file is gone.
  static func write(_ bytes: [UInt8], to place: FilePlace) throws {
    try write(to: place) { file in try file.write(bytes) }
  }

  /// - fill: writes the content
  static func write(to place: FilePlace, _ fill: (borrowing OpenFile) throws -> Void) throws {
    let target = followed(place)
    try makeFolders(target.parent, for: place)
    try make(in: target.parent, for: place) { file in
      var old = stat()
      if stat(target.absolute, &old) == 0 { try file.setPermissions(old.st_mode) }
      try fill(file)
      return target
    }
  }

  /// Makes a file under a temporary name in a folder that is there, and gives it its own once it is on the disk.
  /// - place: for messages
  /// - fill: writes the content and says where in the folder the file belongs
  static func make(
    in folder: FilePlace, for place: FilePlace, _ fill: (borrowing OpenFile) throws -> FilePlace
  ) throws {
    let temporary = FilePlace(temporaryIn: folder, given: place.given)
    do {
      let file = try OpenFile(temporary, to: "write", O_WRONLY | O_CREAT | O_EXCL)
      let target = try fill(file)
      try file.synchronize()
      try Task.checkCancellation()
      guard rename(temporary.absolute, target.absolute) == 0 else { throw FileFailure.failure(errno, "write", place) }
    } catch {
      unlink(temporary.absolute)
      throw error
    }
    // The rename itself is lasting once the folder is; some file systems cannot be asked for that.
    if let folder = try? OpenFile(folder, to: "write", O_RDONLY) { try? folder.synchronize() }
  }

  /// Where the symbolic links at a place lead; the place itself when there are none or they lead nowhere.
  private static func followed(_ place: FilePlace) -> FilePlace {
    guard let path = realpath(place.absolute, nil) else { return place }
    defer { free(path) }
    return FilePlace(given: place.given, absolute: String(cString: path))
  }

  static func makeFolders(_ folder: FilePlace, for place: FilePlace, mode: mode_t = 0o777) throws(NodeFailure) {
    var missing: [FilePlace] = []
    var next = folder
    while access(next.absolute, F_OK) != 0, errno == ENOENT, next.absolute != "/" {
      missing.append(next)
      next = next.parent
    }
    for folder in missing.reversed() {
      // Another step may have made it in the meantime.
      guard mkdir(folder.absolute, mode) == 0 || errno == EEXIST else {
        throw FileFailure.failure(errno, "make the folder for", place)
      }
    }
  }
}

extension FilePlace {
  /// A name in the folder that nothing else has, hidden, and short enough for any file system.
  fileprivate init(temporaryIn folder: FilePlace, given: String) {
    let unique = String(UInt64.random(in: .min ... .max), radix: 36)
    self.init(given: given, absolute: folder.appending(".dxsh-\(unique)").absolute)
  }
}
