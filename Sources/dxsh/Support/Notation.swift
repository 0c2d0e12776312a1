import DxshSyntax

/// A way to write workflows that `dxsh fmt` formats, known by the ending of a file's name.
struct Notation: Sendable {
  let ending: String
  /// The formatted file, for a width in columns and, unless nil, only these lines.
  let format: @Sendable (SourceFile, Int, ClosedRange<Int>?) -> Formatted

  static let dxsh = Notation(ending: ".dxsh") { file, width, lines in
    DxshSyntax.format(file, width: width, lines: lines)
  }

  static let yaml = Notation(ending: ".dxsh.yaml") { file, _, _ in formatYAML(file) }
  static let yml = Notation(ending: ".dxsh.yml") { file, _, _ in formatYAML(file) }

  /// The more special endings first.
  static let all = [yaml, yml, dxsh]

  /// The notation of a file; what has no known ending, and standard input, is read as `.dxsh`.
  static func of(_ path: String) -> Notation { all.first { path.hasSuffix($0.ending) } ?? (isYAML(path) ? yaml : dxsh) }
}
