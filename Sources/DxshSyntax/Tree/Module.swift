/// A parsed source file: what it declares, in textual order, and its comments.
///
/// The tree is one plain set of structs and enums for both notations. It has a range on everything,
/// explicit cases for missing parts, and knows no types.
package struct Module: Sendable {
  package var file: FileID
  package var declarations: [Declaration]
  package var comments: [Comment]
  /// Where the YAML form repeats what an anchor names; empty in `.dxsh`.
  package var expansions: [Expansion]

  package init(file: FileID, declarations: [Declaration], comments: [Comment], expansions: [Expansion] = []) {
    self.file = file
    self.declarations = declarations
    self.comments = comments
    self.expansions = expansions
  }

  /// An alias of the YAML form: what stands at the anchor has its range in the tree.
  package struct Expansion: Sendable, Hashable {
    package var use: SourceRange
    package var anchor: SourceRange
  }
}

/// A comment that is not documentation.
package struct Comment: Sendable, Hashable {
  /// From the first `/` to the end of the line.
  package var range: SourceRange
  /// Whether only white space stands before it on its line.
  package var ownLine: Bool

  package init(range: SourceRange, ownLine: Bool) {
    self.range = range
    self.ownLine = ownLine
  }
}

/// A tree with the diagnostics that reading it gave.
package struct Parsed<Tree: Sendable>: Sendable {
  package var tree: Tree
  package var diagnostics: [Diagnostic]

  package init(_ tree: Tree, diagnostics: [Diagnostic]) {
    self.tree = tree
    self.diagnostics = diagnostics
  }
}

/// One occurrence of an identifier. A name that is missing from the text is empty, with an empty range.
package struct Name: Sendable, Hashable {
  package var text: String
  package var range: SourceRange

  package init(_ text: String, at range: SourceRange) {
    self.text = text
    self.range = range
  }

  package var isMissing: Bool { text.isEmpty }
}

/// A dotted name: `file.read`.
package struct Path: Sendable, Hashable {
  package let text: String
  /// Its names if there are several that stand apart; nil for what stands between the dots of the text, which costs no
  /// allocation.
  private let several: [Name]?
  package let range: SourceRange

  package init(_ name: Name) {
    text = name.text
    several = []
    range = name.range
  }

  package init(_ names: [Name]) {
    text = names.dropFirst().reduce(into: names[0].text) { $0 += "." + $1.text }
    several = names.count == 1 ? [] : names
    range = names[0].range.joined(with: names[names.count - 1].range)
  }

  /// Names of ASCII with nothing but dots between them.
  init(dotted text: String, at range: SourceRange) {
    self.text = text
    self.several = nil
    self.range = range
  }

  /// At least one; a missing path is one missing name.
  package var names: [Name] {
    guard let several else { return parts }
    return several.isEmpty ? [first] : several
  }

  package var first: Name {
    guard let several else { return parts[0] }
    return several.first ?? Name(text, at: range)
  }

  package var isMissing: Bool { several?.first?.isMissing ?? text.isEmpty }

  private var parts: [Name] {
    var start = range.start
    return text.split(separator: ".").map { part in
      let place = SourceRange(file: range.file, start: start, end: start + UInt32(part.utf8.count))
      start = place.end + 1
      return Name(String(part), at: place)
    }
  }
}
