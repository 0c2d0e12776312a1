/// An address of the Internet protocol, version 4 or 6, without a zone.
///
/// An IPv4-mapped IPv6 address (RFC 4291, section 2.5.5.2) *is* the IPv4 address that it carries, so that no other way
/// to write an address gets around a comparison or a block.
package struct IPAddress: Sendable, Hashable {
  package enum Family: Int, Sendable {
    case v4 = 4
    case v6 = 6

    /// The number of bits of its addresses.
    package var width: Int { self == .v4 ? 32 : 128 }
  }

  package let family: Family
  /// 32 or 128 bits, the first group of the text in the highest.
  package let bits: UInt128

  /// Only the lowest 32 bits count for version 4.
  package init(_ family: Family, bits: UInt128) {
    let isMapped = family == .v6 && bits >> 32 == 0xFFFF
    self.family = isMapped ? .v4 : family
    self.bits = family == .v4 || isMapped ? bits & 0xFFFF_FFFF : bits
  }
}

/// What kind of address it is, as Go's `net/netip` tells, on which cel-go's network extension rests.
extension IPAddress {
  /// `0.0.0.0` and `::` (RFC 4291, section 2.5.2).
  package var isUnspecified: Bool { bits == 0 }

  /// `127.0.0.0/8` (RFC 1122, section 3.2.1.3) and `::1` (RFC 4291, section 2.5.3).
  package var isLoopback: Bool { family == .v4 ? bits >> 24 == 127 : bits == 1 }

  /// `224.0.0.0/4` (RFC 5771) and `ff00::/8` (RFC 4291, section 2.7).
  package var isMulticast: Bool { family == .v4 ? bits >> 28 == 0xE : bits >> 120 == 0xFF }

  /// `169.254.0.0/16` (RFC 3927) and `fe80::/10` (RFC 4291, section 2.5.6).
  package var isLinkLocalUnicast: Bool { family == .v4 ? bits >> 16 == 0xA9FE : bits >> 118 == 0x3FA }

  /// `224.0.0.0/24` (RFC 5771, section 4) and `ffx2::/16` with any flags (RFC 4291, section 2.7).
  package var isLinkLocalMulticast: Bool {
    family == .v4 ? bits >> 8 == 0xE00000 : (bits >> 112) & 0xFF0F == 0xFF02
  }

  /// Neither of the kinds above nor the broadcast address. Private addresses (RFC 1918, RFC 4193) are global unicast
  /// in this sense.
  package var isGlobalUnicast: Bool {
    let isBroadcast = family == .v4 && bits == 0xFFFF_FFFF
    return !isUnspecified && !isBroadcast && !isLoopback && !isMulticast && !isLinkLocalUnicast
  }
}
