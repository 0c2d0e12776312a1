/// A string value: valid UTF-8, compared by code points as CEL demands (Swift's `String` compares canonically).
package struct Text: Hashable, Sendable {
  /// Valid UTF-8.
  package let utf8: [UInt8]

  package init(_ string: String) {
    self.utf8 = Array(string.utf8)
  }

  /// The bytes must be valid UTF-8.
  package init(validUTF8 bytes: [UInt8]) {
    self.utf8 = bytes
  }

  package var string: String { String(decoding: utf8, as: UTF8.self) }

  /// The number of code points, which is CEL's `size`.
  package var scalarCount: Int {
    utf8.reduce(0) { $0 + ($1 & 0xC0 == 0x80 ? 0 : 1) }
  }

  package static func == (left: Text, right: Text) -> Bool {
    right.utf8.withUnsafeBufferPointer { left.hasBytes($0) }
  }

  func hasBytes(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    utf8.withUnsafeBufferPointer { ByteComparison.areEqual($0, bytes) }
  }

  package func hash(into hasher: inout Hasher) {
    utf8.withUnsafeBytes { hasher.combine(bytes: $0) }
    hasher.combine(0xFF as UInt8)
  }
}

extension Text: Comparable {
  /// By code points, which for UTF-8 is the order of the bytes.
  package static func < (left: Text, right: Text) -> Bool { left.utf8.lexicographicallyPrecedes(right.utf8) }
}

extension Text: ExpressibleByStringLiteral {
  package init(stringLiteral value: String) { self.init(value) }
}
