/// A block of addresses: those that share the first `prefixLength` bits of one (RFC 4632).
package struct CIDRBlock: Sendable, Hashable {
  /// As written; its bits behind the prefix may be set.
  package var address: IPAddress
  /// From 0 to 32 or 128.
  package var prefixLength: Int

  package init(_ address: IPAddress, prefixLength: Int) {
    self.address = address
    self.prefixLength = prefixLength
  }
}

extension CIDRBlock {
  package var text: String { "\(address.text)/\(prefixLength)" }

  /// What `text` gives; nil for anything else.
  package init?(text: String) {
    return nil
  }
}
