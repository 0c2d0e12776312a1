/// A piece of a format string (cel-spec, `doc/extensions/strings.md`): `%[.precision]conversion`, `%%`, or text.
enum FormatPiece: Sendable, Hashable {
  enum Conversion: UInt8, Sendable {
    case text = 0x73, decimal = 0x64, fixed = 0x66, scientific = 0x65, binary = 0x62, hexadecimal = 0x78,
      upperHexadecimal = 0x58, octal = 0x6F
  }

  case literal(ArraySlice<UInt8>)
  case argument(Conversion, precision: Int)

  private static let defaultPrecision = 6

  /// The pieces of a format string.
  static func parse(_ format: Text) throws(EvaluationError) -> [FormatPiece] {
    var rest = format.utf8[...]
    var pieces: [FormatPiece] = []
    while let percent = rest.firstIndex(of: 0x25) {
      if percent > rest.startIndex { pieces.append(.literal(rest[..<percent])) }
      let clause = rest[(percent + 1)...]
      if clause.first == 0x25 {
        pieces.append(.literal(clause.prefix(1)))
        rest = clause.dropFirst()
        continue
      }
      var behind = clause
      let precision = try takePrecision(&behind)
      guard let letter = behind.first else { throw malformed("it ends within a clause") }
      guard let conversion = Conversion(rawValue: letter) else {
        let clause = String(decoding: behind.prefix(max(1, UTF8Check.length(of: Array(behind), at: 0))), as: UTF8.self)
        throw malformed("there is no clause `%\(clause)`")
      }
      pieces.append(.argument(conversion, precision: precision))
      rest = behind.dropFirst()
    }
    if !rest.isEmpty { pieces.append(.literal(rest)) }
    return pieces
  }

  private static func takePrecision(_ clause: inout ArraySlice<UInt8>) throws(EvaluationError) -> Int {
    guard clause.first == 0x2E else { return defaultPrecision }
    let digits = clause.dropFirst().prefix { $0 &- 0x30 < 10 }
    guard !digits.isEmpty else { throw malformed("behind `%.` stands a number") }
    let significant = digits.drop { $0 == 0x30 }
    let precision = significant.count > 4 ? Int.max : significant.reduce(0) { $0 * 10 + Int($1 - 0x30) }
    guard precision <= NumberText.precisionLimit else {
      throw malformed("a precision is at most \(NumberText.precisionLimit)")
    }
    clause = clause[digits.endIndex...]
    return precision
  }

  private static func malformed(_ reason: String) -> EvaluationError {
    EvaluationError(.decode, "the format is malformed: \(reason)")
  }
}
