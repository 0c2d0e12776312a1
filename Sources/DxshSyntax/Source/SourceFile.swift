/// The identity of a source file within one compilation: an index into its list of files.
package struct FileID: Hashable, Sendable {
  package let index: UInt32

  package init(_ index: Int) {
    self.index = UInt32(index)
  }
}

/// A source text as UTF-8 bytes, with the name that diagnostics print.
///
/// `SourceFile.load` in the command line has checked size and encoding before a file gets here;
/// the lexer survives any bytes all the same.
package struct SourceFile: Sendable {
  package let id: FileID
  /// The path as the author gave it, `<stdin>`, or `stdlib/NAME.dxsh` for the bundled library.
  package let name: String
  package let bytes: [UInt8]

  package init(id: FileID, name: String, bytes: [UInt8]) {
    self.id = id
    self.name = name
    self.bytes = bytes
  }

  package init(id: FileID, name: String, text: String) {
    self.init(id: id, name: name, bytes: Array(text.utf8))
  }

  package func text(_ range: SourceRange) -> String {
    String(decoding: bytes[Int(range.start)..<Int(range.end)], as: UTF8.self)
  }
}
