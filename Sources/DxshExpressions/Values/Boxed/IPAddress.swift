/// An address of the Internet protocol, version 4 or 6.
package struct IPAddress: Sendable, Hashable {
  package enum Family: Int, Sendable {
    case v4 = 4
    case v6 = 6
  }

  package var family: Family
  /// 32 or 128 bits.
  package var bits: UInt128

  package init(_ family: Family, bits: UInt128) {
    self.family = family
    self.bits = bits
  }
}

extension IPAddress {
  /// In the canonical form (RFC 5952).
  package var text: String { "\(bits)" }

  /// What `text` gives; nil for anything else.
  package init?(text: String) {
    return nil
  }
}
