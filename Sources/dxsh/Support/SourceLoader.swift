import DxshSyntax
import Glibc

/// Reads source files, and finds them in folders.
enum SourceLoader {
  /// Larger files are refused: a workflow of a million steps fits.
  static let sizeLimit = 64 << 20

  /// The bytes of a file; `-` is standard input.
  static func read(_ path: String, limit: Int = sizeLimit) throws(CallFailure) -> [UInt8] {
    if path == "-" { return try bytes(of: STDIN_FILENO, "standard input", limit) }
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw CallFailure("cannot read \(path): \(reason())") }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw CallFailure("cannot read \(path): \(reason())") }
    if status.st_mode & S_IFMT == S_IFDIR { throw CallFailure("cannot read \(path): it is a folder") }
    if status.st_size > limit { throw tooLarge(path, limit) }
    return try bytes(of: descriptor, path, limit)
  }

  /// The workflow files that the arguments name: files as they are, folders searched for workflows of both notations,
  /// sorted. Hidden and symbolically linked folders are left out.
  /// - endings: of the names that are looked for in folders
  /// - purpose: what the files are for, as a verb
  static func files(
    in arguments: [String], endings: [String] = [".dxsh", ".dxsh.yaml", ".dxsh.yml"], purpose: String = "check"
  ) throws(CallFailure) -> [String] {
    var files: [String] = []
    for argument in arguments {
      var status = stat()
      if argument != "-", stat(argument, &status) != 0 { throw CallFailure("cannot read \(argument): \(reason())") }
      guard argument != "-", status.st_mode & S_IFMT == S_IFDIR else {
        files.append(argument)
        continue
      }
      let found = try sources(below: argument, endings)
      if found.isEmpty { throw CallFailure("nothing to \(purpose): there is no .dxsh file in \(argument)") }
      files += found
    }
    return files
  }

  private static func sources(below folder: String, _ endings: [String]) throws(CallFailure) -> [String] {
    guard let names = Folder.names(in: folder) else { throw CallFailure("cannot read \(folder): \(reason())") }
    var files: [String] = []
    for name in names.sorted() where !name.hasPrefix(".") {
      let path = folder.hasSuffix("/") ? folder + name : folder + "/" + name
      var status = stat()
      guard lstat(path, &status) == 0 else { continue }
      if status.st_mode & S_IFMT == S_IFDIR {
        files += try sources(below: path, endings)
      } else if endings.contains(where: name.hasSuffix) {
        files.append(path)
      }
    }
    return files
  }

  private static func bytes(of descriptor: Int32, _ name: String, _ limit: Int) throws(CallFailure) -> [UInt8] {
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = Glibc.read(descriptor, &buffer, buffer.count)
      if count == 0 { return bytes }
      guard count > 0 else {
        if errno == EINTR { continue }
        throw CallFailure("cannot read \(name): \(reason())")
      }
      bytes += buffer[..<count]
      if bytes.count > limit { throw tooLarge(name, limit) }
    }
  }

  private static func tooLarge(_ path: String, _ limit: Int) -> CallFailure {
    CallFailure("cannot read \(path): it is larger than \(limit >> 20) MiB, the limit for a file")
  }

  /// The last system call's reason, in words.
  static func reason() -> String { String(cString: strerror(errno)) }
}
