/// What formatting a file gives.
package struct Formatted: Sendable {
  package var bytes: [UInt8]
  /// Of reading the file. Declarations and items with errors stay as they are.
  package var diagnostics: [Diagnostic]
  /// Declarations without errors that stay as they are because their formatted text does not read the same: a mistake of
  /// the printer.
  package var unproven: [SourceRange] = []

  package var hasErrors: Bool { diagnostics.contains { $0.severity == .error } }
}

/// Writes a `.dxsh` file in its one style. Nothing is lost: comments, spellings of literals and up to one empty line
/// between elements stay; what cannot be read stays as it is, and everything around it is formatted.
///
/// - width: how many columns lines have, where they can be broken
/// - lines: only what overlaps these lines (from 1) changes
package func format(_ file: SourceFile, width: Int = 100, lines: ClosedRange<Int>? = nil) -> Formatted {
  let parsed = parse(file)
  // Text that is no UTF-8 could not be written back.
  guard String(validating: file.bytes, as: UTF8.self) != nil else {
    return Formatted(bytes: file.bytes, diagnostics: parsed.diagnostics)
  }
  var formatter = Formatter(file, parsed, width: width, lines: lines)
  return formatter.run()
}
