/// A block of addresses: those that share the first `prefixLength` bits of one (RFC 4632).
package struct CIDRBlock: Sendable, Hashable {
  /// As written; its bits behind the prefix may be set.
  package let address: IPAddress
  /// From 0 to 32 or 128.
  package let prefixLength: Int

  /// A length out of its range counts as the nearest in it.
  package init(_ address: IPAddress, prefixLength: Int) {
    self.address = address
    self.prefixLength = min(max(prefixLength, 0), address.family.width)
  }
}

extension CIDRBlock {
  /// The block with the bits behind the prefix zero.
  package var masked: CIDRBlock {
    let free = address.family.width - prefixLength
    return CIDRBlock(IPAddress(address.family, bits: (address.bits >> free) << free), prefixLength: prefixLength)
  }

  /// False for one of the other family.
  package func contains(_ other: IPAddress) -> Bool {
    other.family == address.family && (other.bits ^ address.bits) >> (address.family.width - prefixLength) == 0
  }

  /// Whether every address of the other block is one of this.
  package func contains(_ other: CIDRBlock) -> Bool {
    prefixLength <= other.prefixLength && contains(other.address)
  }
}

extension CIDRBlock {
  private static let longestText = IPAddress.longestText + 4

  package var text: String { "\(address.text)/\(prefixLength)" }

  /// An address, `/` and a length without a sign and leading zeros, as Go's `netip.ParsePrefix` takes them; nil for
  /// anything else, and for a mapped address, of which it is not said which of its bits the length counts.
  package init?(text: String) {
    guard text.utf8.count <= Self.longestText else { return nil }
    self.init(utf8: Array(text.utf8))
  }

  init?(utf8: [UInt8]) {
    guard utf8.count <= Self.longestText, let slash = utf8.lastIndex(of: UInt8(ascii: "/")),
      let address = IPAddress(utf8: utf8[..<slash]),
      address.family == .v6 || !utf8.contains(UInt8(ascii: ":"))
    else { return nil }
    let digits = utf8[(slash + 1)...]
    guard (1...3).contains(digits.count), digits.allSatisfy({ $0 &- 0x30 < 10 }),
      digits.count == 1 || digits.first != UInt8(ascii: "0")
    else { return nil }
    let length = digits.reduce(0) { $0 * 10 + Int($1 - 0x30) }
    guard length <= address.family.width else { return nil }
    self.init(address, prefixLength: length)
  }
}
