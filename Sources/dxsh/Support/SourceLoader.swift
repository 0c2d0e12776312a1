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
    return try bytes(of: descriptor, path, limit, expected: Int(status.st_size))
  }

  /// At most so many bytes of a file, from its beginning.
  static func beginning(of path: String, _ count: Int) throws(CallFailure) -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw CallFailure("cannot read \(path): \(reason())") }
    defer { close(descriptor) }
    var buffer = [UInt8](repeating: 0, count: count)
    let found = Glibc.read(descriptor, &buffer, count)
    guard found >= 0 else { throw CallFailure("cannot read \(path): \(reason())") }
    return Array(buffer[..<found])
  }

  /// The endings of the names of workflow files.
  static let endings = [".dxsh", ".dxsh.yaml", ".dxsh.yml"]

  /// The workflow files that the arguments name: files as they are, folders searched for workflows of both notations,
  /// sorted. Hidden and symbolically linked folders are left out.
  /// - endings: of the names that are looked for in folders
  /// - purpose: what the files are for, as a verb
  static func files(
    in arguments: [String], endings: [String] = endings, purpose: String = "check"
  ) throws(CallFailure) -> [String] {
    let search = Search(in: arguments, endings: endings, purpose: purpose)
    if let failure = search.failures.first { throw failure }
    return search.files.map(\.path)
  }

  /// What the arguments of a call name, as `files(in:)` says, with what could not be read.
  struct Search {
    /// The path as it was given or found, and whether it was found in a folder.
    private(set) var files: [(path: String, isFound: Bool)] = []
    private(set) var failures: [CallFailure] = []

    init(in arguments: [String], endings: [String] = SourceLoader.endings, purpose: String = "check") {
      for argument in arguments {
        var status = stat()
        if argument != "-", stat(argument, &status) != 0 {
          failures.append(CallFailure("cannot read \(argument): \(reason())"))
        } else if argument == "-" || status.st_mode & S_IFMT != S_IFDIR {
          files.append((argument, false))
        } else {
          let before = (files.count, failures.count)
          search(argument, endings)
          guard before == (files.count, failures.count) else { continue }
          failures.append(CallFailure("nothing to \(purpose): there is no .dxsh file in \(argument)"))
        }
      }
    }

    private mutating func search(_ folder: String, _ endings: [String]) {
      guard let names = Folder.names(in: folder) else {
        return failures.append(CallFailure("cannot read \(folder): \(reason())"))
      }
      for name in names.sorted() where !name.hasPrefix(".") {
        let path = folder.hasSuffix("/") ? folder + name : folder + "/" + name
        var status = stat()
        guard lstat(path, &status) == 0 else { continue }
        if status.st_mode & S_IFMT == S_IFDIR {
          search(path, endings)
        } else if endings.contains(where: name.hasSuffix) {
          files.append((path, true))
        }
      }
    }
  }

  private static func bytes(
    of descriptor: Int32, _ name: String, _ limit: Int, expected: Int = 0
  ) throws(CallFailure) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(expected)
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
