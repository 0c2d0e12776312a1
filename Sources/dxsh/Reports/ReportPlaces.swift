import DxshSyntax

/// Turns ranges into the files, lines and columns that reports have.
struct ReportPlaces {
  struct Place {
    /// From 1.
    let line: Int
    /// From 1, in Unicode scalars.
    let column: Int
    /// From 1, in code units of UTF-16.
    let wideColumn: Int
  }

  private var files: [FileID: (file: SourceFile, lines: LineIndex)] = [:]
  private let here = Folder.absolute(".")

  init(_ files: [SourceFile]) {
    for file in files { self.files[file.id] = (file, LineIndex(file)) }
  }

  func file(of range: SourceRange) -> SourceFile? { files[range.file]?.file }

  func start(of range: SourceRange) -> Place { place(Int(range.start), range.file) }
  func end(of range: SourceRange) -> Place { place(Int(range.end), range.file) }

  private func place(_ offset: Int, _ id: FileID) -> Place {
    guard let (file, lines) = files[id] else { return Place(line: 1, column: 1, wideColumn: 1) }
    let (line, column) = lines.position(of: offset)
    // What lies outside the first plane takes two code units; its first byte in UTF-8 is 0xF0 or more.
    var position = min(max(offset, 0), file.bytes.count)
    var pairs = 0
    while position > 0, file.bytes[position - 1] != UInt8(ascii: "\n") {
      position -= 1
      if file.bytes[position] >= 0xF0 { pairs += 1 }
    }
    return Place(line: line, column: column, wideColumn: column + pairs)
  }

  /// The path of a file from this folder, as the services that read reports want it; for a file of the library, and
  /// for standard input, its name.
  func path(of range: SourceRange) -> String {
    guard let file = file(of: range) else { return "" }
    let identity = SourceTexts.identity(of: file.name)
    return identity.hasPrefix("/") ? RelativePath.from(here, to: identity) : file.name
  }
}
