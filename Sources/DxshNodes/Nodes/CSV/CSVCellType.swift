import DxshExpressions

/// The type that the cells of one column are converted to.
struct CSVCellType {
  private let type: Type
  private let isOptional: Bool
  private let decoder: TypeDecoder

  init(_ type: Type) {
    self.type = type.unwrapped
    self.isOptional = type.isOptional
    self.decoder = TypeDecoder(type.unwrapped)
  }

  /// An empty cell is none where it may be, and else the empty text. Spaces around what is not text do not count.
  func read(_ cell: CSVReader.Cell) throws(DecodingError) -> Value {
    if cell.isEmpty, isOptional { return .none }
    let text = Value.string(Text(validUTF8: cell.bytes))
    switch type {
    case .string, .json, .dyn, .unknown, .parameter: return text
    case .bool: return try decoder.decode(Self.bool(Self.trimmed(cell)) ?? text)
    case .int: return try decoder.decode(Int64(Self.trimmed(cell)).map(Value.int) ?? text)
    case .uint: return try decoder.decode(UInt64(Self.trimmed(cell)).map(Value.uint) ?? text)
    case .double: return try decoder.decode(Self.double(Self.trimmed(cell)) ?? text)
    case .bytes, .timestamp, .duration, .size, .enumeration:
      return try decoder.decode(cell.isEmpty ? text : .text(Self.trimmed(cell)))
    case .null, .never, .list, .map, .optional, .record, .secret, .connection, .decimal, .money, .type,
      .abstract:
      return try decoder.decode(text)
    }
  }

  private static func trimmed(_ cell: CSVReader.Cell) -> String {
    func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }
    let start = cell.bytes.drop(while: isSpace)
    let end = start.lastIndex { !isSpace($0) }.map { $0 + 1 } ?? start.startIndex
    return String(decoding: start[..<end], as: UTF8.self)
  }

  /// As spreadsheets write it, too.
  private static func bool(_ text: String) -> Value? {
    switch text {
    case "true", "TRUE", "True": .bool(true)
    case "false", "FALSE", "False": .bool(false)
    default: nil
    }
  }

  /// A decimal number; not `inf`, `nan` or hexadecimal.
  private static func double(_ text: String) -> Value? {
    let isDecimal = text.utf8.allSatisfy { byte in
      byte &- 0x30 < 10 || byte == 0x2E || byte == 0x2B || byte == 0x2D || byte | 0x20 == 0x65
    }
    guard isDecimal, let number = Double(text), number.isFinite else { return nil }
    return .double(number)
  }
}
