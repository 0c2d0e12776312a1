/// A file that a run keeps, named by its content: `file` in an author's words.
package struct Artifact: Hashable, Sendable {
  /// The name that the file had, without folders.
  package let name: String
  /// In bytes.
  package let size: Int64
  /// The SHA-256 digest of the content, 64 lower-case hexadecimal digits.
  package let digest: String

  /// Nil for a negative size and for a digest that is none.
  package init?(name: String, size: Int64, digest: String) {
    let isDigit = { (byte: UInt8) in (0x30...0x39).contains(byte) || (0x61...0x66).contains(byte) }
    guard size >= 0, digest.utf8.count == 64, digest.utf8.allSatisfy(isDigit) else { return nil }
    self.name = name
    self.size = size
    self.digest = digest
  }

  /// All of it on one line, to be kept: digest, size, name.
  package var text: String { "\(digest) \(size) \(name)" }

  /// From `text`.
  package init?(text: String) {
    let parts = text.split(separator: " ", maxSplits: 2, omittingEmptySubsequences: false)
    guard parts.count == 3, let size = Int64(parts[1]) else { return nil }
    self.init(name: String(parts[2]), size: size, digest: String(parts[0]))
  }

  /// What people and programs outside see of it.
  package var asMap: MapValue {
    MapValue(
      distinct: [
        .init(key: .text("name"), value: .text(name)), .init(key: .text("size"), value: .int(size)),
        .init(key: .text("sha256"), value: .text(digest)),
      ])
  }
}
