/// Finds what no source text may hold: bytes that are no UTF-8 and, in files, NUL and invisible characters that make a
/// text read differently from what it says.
enum EncodingCheck {
  static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

  static func diagnostics(of file: SourceFile, _ dialect: Dialect) -> [Diagnostic] {
    let bytes = file.bytes
    guard !isPlain(bytes) else { return [] }
    var found = DiagnosticList()
    var sawInvalid = false
    var offset = bytes.starts(with: byteOrderMark) ? byteOrderMark.count : 0
    while offset < bytes.count, !found.isFull {
      let first = bytes[offset]
      if first < 0x80, first != 0 {
        offset += 1
        continue
      }
      let (scalar, length) = decode(bytes, at: offset)
      let range = SourceRange(file: file.id, start: UInt32(offset), end: UInt32(offset + length))
      if let scalar {
        if dialect == .dxsh, isForbidden(scalar) { found.append(.forbiddenCharacter(scalar, at: range)) }
      } else if !sawInvalid {
        sawInvalid = true
        found.append(.invalidUTF8(bytes[offset], at: range))
      }
      offset += length
    }
    return found.all
  }

  /// Whether there are only bytes from 1 to 127, found without a branch for each: the highest bit is set in a byte from
  /// 128, and in what is one less than 0.
  private static func isPlain(_ bytes: [UInt8]) -> Bool {
    bytes.withUnsafeBufferPointer { bytes in
      var seen: UInt8 = 0
      for byte in bytes { seen |= byte | (byte &- 1) }
      return seen & 0x80 == 0
    }
  }

  static func isForbidden(_ scalar: UInt32) -> Bool {
    switch scalar {
    case 0, 0x200B...0x200F, 0x202A...0x202E, 0x2066...0x2069, 0xFEFF: true
    default: false
    }
  }

  /// The scalar at an offset and its length; nil and 1 where the bytes are no UTF-8.
  static func decode(_ bytes: [UInt8], at offset: Int) -> (scalar: UInt32?, length: Int) {
    let first = bytes[offset]
    let length: Int
    var scalar: UInt32
    switch first {
    case 0..<0x80: return (UInt32(first), 1)
    case 0xC2...0xDF: (length, scalar) = (2, UInt32(first & 0x1F))
    case 0xE0...0xEF: (length, scalar) = (3, UInt32(first & 0x0F))
    case 0xF0...0xF4: (length, scalar) = (4, UInt32(first & 0x07))
    default: return (nil, 1)
    }
    guard offset + length <= bytes.count else { return (nil, 1) }
    for byte in bytes[(offset + 1)..<(offset + length)] {
      guard byte & 0xC0 == 0x80 else { return (nil, 1) }
      scalar = scalar << 6 | UInt32(byte & 0x3F)
    }
    let isShortest = length == 2 || scalar >= (length == 3 ? 0x800 : 0x1_0000)
    return isShortest && Unicode.Scalar(scalar) != nil ? (scalar, length) : (nil, 1)
  }
}
