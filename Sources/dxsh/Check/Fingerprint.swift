import DxshPlan
import DxshSyntax

/// What a diagnostic is known by in the next version of a file: its code, the file and the flagged text. Lines before
/// it, and blanks in it, change nothing.
enum Fingerprint {
  /// - path: how the file is called there, which must not depend on where the program runs
  static func of(_ diagnostic: Diagnostic, in source: SourceFile, path: String) -> String {
    let flagged = source.text(diagnostic.range).split(whereSeparator: \.isWhitespace).joined(separator: " ")
    return hash([diagnostic.code.rawValue, path, flagged])
  }

  /// The fingerprint of the second, the third … of the same, so that all differ.
  static func distinct(_ fingerprint: String, number: Int) -> String {
    number == 0 ? fingerprint : hash([fingerprint, String(number)])
  }

  private static func hash(_ parts: [String]) -> String {
    String(SHA256Digest(of: Array(parts.joined(separator: "\0").utf8)).hexadecimal.prefix(32))
  }
}
