import DxshSyntax

/// Where the texts of workflow files are read: those that are being fixed from memory, all others from the disk.
struct SourceTexts: Sendable {
  /// How standard input is called.
  static let standardInput = "<stdin>"

  /// By the identity of the file.
  private var changed: [String: [UInt8]] = [:]

  func read(_ path: String) throws(CallFailure) -> [UInt8] {
    if !changed.isEmpty, let bytes = changed[Self.identity(of: path)] { return bytes }
    return try SourceLoader.read(path)
  }

  mutating func change(_ identity: String, to bytes: [UInt8]) { changed[identity] = bytes }

  /// Two names of one file have one identity: its path from the root, links resolved.
  static func identity(of name: String) -> String {
    name == "-" || name == standardInput ? standardInput : Folder.absolute(name)
  }
}

extension Diagnostic {
  /// The same with other numbers of its files.
  func inFiles(_ number: (FileID) -> FileID) -> Diagnostic {
    func moved(_ range: SourceRange) -> SourceRange {
      SourceRange(file: number(range.file), start: range.start, end: range.end)
    }
    var copy = self
    copy.range = moved(range)
    copy.related = related.map { Related(moved($0.range), $0.message) }
    copy.fix = fix.map { fix in Fix(fix.title, fix.edits.map { Edit(moved($0.range), $0.replacement) }) }
    return copy
  }
}
