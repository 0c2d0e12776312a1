/// The standard base64 alphabet of RFC 4648, section 4.
package enum Base64 {
  private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

  /// For each byte its six bits; 0xFF for a byte that is not of the alphabet.
  private static let sextets: [UInt8] = {
    var table = [UInt8](repeating: 0xFF, count: 256)
    for (value, byte) in alphabet.enumerated() { table[Int(byte)] = UInt8(value) }
    return table
  }()

  /// With padding.
  package static func encode(_ bytes: [UInt8]) -> [UInt8] {
    let alphabet = Self.alphabet
    var text: [UInt8] = []
    text.reserveCapacity((bytes.count + 2) / 3 * 4)
    var position = 0
    while position < bytes.count {
      let count = min(3, bytes.count - position)
      var group = UInt32(bytes[position]) << 16
      if count > 1 { group |= UInt32(bytes[position + 1]) << 8 }
      if count > 2 { group |= UInt32(bytes[position + 2]) }
      for index in 0..<4 {
        text.append(index <= count ? alphabet[Int(group >> (18 - 6 * UInt32(index)) & 63)] : 0x3D)
      }
      position += 3
    }
    return text
  }

  /// With or without padding; nil when a byte is not of the alphabet, the length is impossible, the padding is
  /// misplaced or the bits that stand for nothing are not zero, unless those are allowed.
  package static func decode(_ text: [UInt8], allowingExcessBits: Bool = false) -> [UInt8]? {
    let padding = text.reversed().prefix { $0 == 0x3D }.count
    guard padding == 0 || (padding <= 2 && text.count % 4 == 0) else { return nil }
    let count = text.count - padding
    guard count % 4 != 1 else { return nil }
    let sextets = Self.sextets
    var bytes: [UInt8] = []
    bytes.reserveCapacity(count * 3 / 4)
    var bits: UInt32 = 0
    var held: UInt32 = 0
    for position in 0..<count {
      let sextet = sextets[Int(text[position])]
      guard sextet != 0xFF else { return nil }
      bits = bits << 6 | UInt32(sextet)
      held += 6
      if held >= 8 {
        held -= 8
        bytes.append(UInt8(truncatingIfNeeded: bits >> held))
        bits &= (1 << held) - 1
      }
    }
    return bits == 0 || allowingExcessBits ? bytes : nil
  }
}
