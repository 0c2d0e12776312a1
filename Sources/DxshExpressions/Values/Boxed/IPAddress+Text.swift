/// Addresses as text: what Go's `netip.ParseAddr` takes, stricter as cel-go's network extension is, and RFC 5952.
extension IPAddress {
  /// The longest text of an address, `ffff:…:ffff:255.255.255.255` with six groups before the dots.
  static let longestText = 45

  /// Four numbers without leading zeros, or groups as in RFC 4291, section 2.2, with dots only behind a prefix that
  /// is not that of mapped addresses. No zone, no port, no brackets, no spaces. Nil for anything else.
  package init?(text: String) {
    guard text.utf8.count <= Self.longestText else { return nil }
    self.init(utf8: Array(text.utf8)[...])
  }

  init?(utf8: ArraySlice<UInt8>) {
    guard utf8.count <= Self.longestText else { return nil }
    if utf8.contains(UInt8(ascii: ":")) {
      guard let bits = Self.groups(utf8) else { return nil }
      self.init(.v6, bits: bits)
      if family == .v4, utf8.contains(UInt8(ascii: ".")) { return nil }
    } else {
      guard let bits = Self.dotted(utf8) else { return nil }
      self.init(.v4, bits: bits)
    }
  }

  /// `192.0.2.1`
  private static func dotted(_ utf8: ArraySlice<UInt8>) -> UInt128? {
    var bits: UInt128 = 0
    var field: UInt128 = 0
    var digits = 0
    var fields = 1
    for byte in utf8 {
      if byte == UInt8(ascii: ".") {
        guard digits > 0, fields < 4 else { return nil }
        bits = bits << 8 | field
        (field, digits, fields) = (0, 0, fields + 1)
      } else {
        // A leading zero is refused: some read it as octal.
        guard byte &- 0x30 < 10, digits == 0 || field > 0 else { return nil }
        field = field * 10 + UInt128(byte - 0x30)
        digits += 1
        guard field <= 255 else { return nil }
      }
    }
    return fields == 4 && digits > 0 ? bits << 8 | field : nil
  }

  /// `2001:db8::1`
  private static func groups(_ utf8: ArraySlice<UInt8>) -> UInt128? {
    let colon = UInt8(ascii: ":")
    var bits: UInt128 = 0
    var count = 0
    /// How many groups stand before `::`.
    var gap: Int?
    var rest = utf8
    if rest.starts(with: [colon, colon]) {
      gap = 0
      rest = rest.dropFirst(2)
    }
    while count < 8, !rest.isEmpty {
      let digits = rest.prefix { hexDigit($0) != nil }
      let next = rest[digits.endIndex...]
      if next.first == UInt8(ascii: ".") {
        guard gap == nil ? count == 6 : count <= 6, let tail = dotted(rest) else { return nil }
        bits = bits << 32 | tail
        count += 2
        rest = []
        break
      }
      guard (1...4).contains(digits.count) else { return nil }
      bits = bits << 16 | digits.reduce(0) { $0 << 4 | UInt128(hexDigit($1) ?? 0) }
      count += 1
      rest = next
      if rest.isEmpty { break }
      guard rest.first == colon, rest.count > 1 else { return nil }
      rest = rest.dropFirst()
      if rest.first == colon {
        guard gap == nil else { return nil }
        gap = count
        rest = rest.dropFirst()
      }
    }
    guard rest.isEmpty else { return nil }
    guard let gap else { return count == 8 ? bits : nil }
    // `::` stands for one group at least.
    guard count < 8 else { return nil }
    let tail = 16 * (count - gap)
    return (bits >> tail) << (128 - 16 * gap) | bits & ((1 << tail) - 1)
  }

  private static func hexDigit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case 0x30...0x39: byte - 0x30
    case 0x41...0x46: byte - 0x41 + 10
    case 0x61...0x66: byte - 0x61 + 10
    default: nil
    }
  }
}

extension IPAddress {
  /// In the one canonical form: lower case, no leading zeros, `::` for the first of the longest runs of at least two
  /// zero groups (RFC 5952, section 4).
  package var text: String {
    switch family {
    case .v4: return "\(bits >> 24).\(bits >> 16 & 255).\(bits >> 8 & 255).\(bits & 255)"
    case .v6:
      let groups = stride(from: 112, through: 0, by: -16).map { UInt16(truncatingIfNeeded: bits >> $0) }
      func joined(_ part: some Sequence<UInt16>) -> String {
        part.map { String($0, radix: 16) }.joined(separator: ":")
      }
      let run = Self.longestRun(groups)
      return run.isEmpty ? joined(groups) : joined(groups[..<run.lowerBound]) + "::" + joined(groups[run.upperBound...])
    }
  }

  /// Empty when no two zero groups follow each other.
  private static func longestRun(_ groups: [UInt16]) -> Range<Int> {
    var longest = 0..<0
    var start = 0
    for (position, group) in groups.enumerated() {
      if group != 0 {
        start = position + 1
      } else if position - start + 1 > max(longest.count, 1) {
        longest = start..<position + 1
      }
    }
    return longest
  }
}
