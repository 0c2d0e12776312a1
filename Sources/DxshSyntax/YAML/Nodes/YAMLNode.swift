/// A part of a YAML document: a scalar, a sequence, a mapping or an alias, with the bytes that it covers.
///
/// Nodes lie in one array in the order of the text; children are linked, so that a node is a few words.
struct YAMLNode: Sendable {
  enum Kind: UInt8, Sendable {
    case scalar
    case sequence
    /// Its children are keys and values in turn.
    case mapping
    /// Stands for `target`.
    case alias
    /// What cannot be read; it has been reported.
    case unreadable
  }

  enum Style: UInt8, Sendable {
    case plain, singleQuoted, doubleQuoted, literal, folded

    var isBlock: Bool { self == .literal || self == .folded }
    /// How many bytes stand before and after the text.
    var quotes: UInt32 { isQuoted ? 1 : 0 }
    var isQuoted: Bool { self == .singleQuoted || self == .doubleQuoted }
  }

  struct Flags: OptionSet, Sendable {
    let rawValue: UInt8

    /// It stands in brackets, or is a collection in brackets.
    static let flow = Flags(rawValue: 1)
    /// The text is written as it is read: `content` are its bytes. Otherwise it is `decoded`.
    static let verbatim = Flags(rawValue: 2)
    /// Something in it could not be read and has been reported.
    static let cut = Flags(rawValue: 4)
    /// Quotes were added so that it can be read: a trap that has been reported.
    static let mended = Flags(rawValue: 8)
  }

  /// No node.
  static let none: Int32 = -1

  var kind: Kind
  var style: Style = .plain
  var flags: Flags = []
  var start: UInt32
  var end: UInt32
  /// Of a scalar that is verbatim: where its text starts. Of another: its place in `decoded`. Of an alias: its target.
  var first: Int32 = YAMLNode.none
  /// Of a scalar that is verbatim: where its text ends. Of a collection: how many children it has.
  var count: Int32 = 0
  var next: Int32 = YAMLNode.none
  /// How many nodes it has with itself, aliases expanded.
  var size: Int32 = 1
  /// How deep it goes, aliases expanded; a scalar is 1.
  var height: Int32 = 1

  init(_ kind: Kind, start: UInt32, end: UInt32) {
    self.kind = kind
    self.start = start
    self.end = end
  }
}

/// What a YAML text holds, before it means anything.
struct YAMLDocument: Sendable {
  var file: SourceFile
  var nodes: [YAMLNode] = []
  /// The texts of scalars that are not written as they are read.
  var decoded: [[UInt8]] = []
  /// Nil for an empty document.
  var root: Int32?
  /// Anchors that aliases have used, as (use, anchor).
  var expansions: [Module.Expansion] = []
  /// The bytes of the scalars with `#` comments between them, in order: comments stand only outside of them.
  var scalars: [Int32] = []
  /// Where reading ended, when the text is no YAML from there on.
  var cut: UInt32?

  subscript(_ node: Int32) -> YAMLNode {
    _read { yield nodes[Int(node)] }
    _modify { yield &nodes[Int(node)] }
  }

  func range(_ node: Int32) -> SourceRange {
    SourceRange(file: file.id, start: self[node].start, end: self[node].end)
  }

  /// Calls `body` with the bytes of a scalar.
  func bytes<Result>(_ node: Int32, _ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
    let scalar = self[node]
    if scalar.flags.contains(.verbatim) {
      return file.bytes.withUnsafeBufferPointer { all in
        body(UnsafeBufferPointer(rebasing: all[Int(scalar.first)..<Int(scalar.count)]))
      }
    }
    return decoded[Int(scalar.first)].withUnsafeBufferPointer(body)
  }

  func text(_ node: Int32) -> String {
    bytes(node) { String(decoding: $0, as: UTF8.self) }
  }
}
