package import DxshSyntax

/// The declarations that every file sees: one source text for each family of nodes, read when a file first uses it.
///
/// An argument of `check`, never ambient: tests bring a library of a few lines.
package struct NodeLibrary: Sendable {
  /// The names of the families, the first part of their nodes' paths.
  package let families: [String]
  private let source: @Sendable (String) -> [UInt8]?

  /// Files of the library have ids from here on.
  package static let firstFileID = 1 << 20

  package init(families: [String], source: @escaping @Sendable (String) -> [UInt8]?) {
    self.families = families
    self.source = source
  }

  /// A library from texts, by the name of their family.
  package init(_ texts: [String: String]) {
    self.init(families: texts.keys.sorted()) { family in texts[family].map { Array($0.utf8) } }
  }

  /// The text of a family; nil when the library has none of that name.
  package func file(of family: String) -> SourceFile? {
    guard let number = families.firstIndex(of: family), let bytes = source(family) else { return nil }
    return SourceFile(id: FileID(Self.firstFileID + number), name: "stdlib/\(family).dxsh", bytes: bytes)
  }
}
