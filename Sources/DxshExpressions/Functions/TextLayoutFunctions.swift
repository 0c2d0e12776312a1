/// `text.lines text.pad_start text.pad_end text.repeat text.truncate` (language reference, section 5). Lengths are in
/// code points, as CEL counts them.
extension FunctionLibrary {
  static let textLayoutOverloads: [Overload] =
    padding("text.pad_start", "text_pad_start") { $1 + $0 } + padding("text.pad_end", "text_pad_end") { $0 + $1 } + [
      Overload(
        "text.lines", "text_lines", [.string], .list(.string), in: .dxsh, .metering("text.lines", .string, lines)),
      Overload(
        "text.repeat", "text_repeat", [.string, .int], .string, in: .dxsh,
        .metering("text.repeat", .string, .int, repeated)),
      Overload(
        "text.truncate", "text_truncate", [.string, .int], .string, in: .dxsh,
        .taking("text.truncate", .string, .int) { truncated($0, $1, "") }),
      // What is cut off is replaced, within the length.
      Overload(
        "text.truncate", "text_truncate_string", [.string, .int, .string], .string, in: .dxsh,
        .taking("text.truncate", .string, .int, .string, truncated)),
    ]

  /// Lines end with a line feed, a carriage return before it belongs to the end; behind the last one there is none.
  private static func lines(_ text: Text, _ meter: inout Meter) throws(EvaluationError) -> Value {
    var lines: [Value] = []
    var rest = text.utf8[...]
    while !rest.isEmpty {
      let end = rest.firstIndex(of: 0x0A) ?? rest.endIndex
      var line = rest[..<end]
      if end < rest.endIndex, line.last == 0x0D { line.removeLast() }
      try meter.charge(2 + line.count >> 5)
      lines.append(.string(Text(validUTF8: Array(line))))
      rest = rest[end...].dropFirst()
    }
    return .list(lines)
  }

  /// No times and less is the empty text.
  private static func repeated(_ text: Text, _ count: Int64, _ meter: inout Meter) throws(EvaluationError) -> Value {
    guard count > 0, !text.utf8.isEmpty else { return .text("") }
    let (size, overflow) = text.utf8.count.multipliedReportingOverflow(by: Int(count))
    try meter.charge(capped: overflow ? .max : 1 + size >> 5 + Int(count) >> 3)
    var bytes: [UInt8] = []
    bytes.reserveCapacity(size)
    for _ in 0..<count { bytes += text.utf8 }
    return .string(Text(validUTF8: bytes))
  }

  private static func padding(
    _ name: String, _ id: String, _ join: @escaping @Sendable ([UInt8], [UInt8]) -> [UInt8]
  ) -> [Overload] {
    [
      Overload(
        name, id, [.string, .int], .string, in: .dxsh,
        .metering(name, .string, .int) { (text, width, meter) throws(EvaluationError) in
          .string(Text(validUTF8: join(text.utf8, try filling(text, width, " ", &meter))))
        }),
      Overload(
        name, "\(id)_string", [.string, .int, .string], .string, in: .dxsh,
        .metering(name, .string, .int, .string) { (text, width, fill, meter) throws(EvaluationError) in
          .string(Text(validUTF8: join(text.utf8, try filling(text, width, fill, &meter))))
        }),
    ]
  }

  /// What the text lacks to be so long: the filling again and again, cut to fit; nothing when it is empty.
  private static func filling(
    _ text: Text, _ width: Int64, _ fill: Text, _ meter: inout Meter
  ) throws(EvaluationError) -> [UInt8] {
    try meter.charge(moving: text.utf8.count)
    try meter.charge(moving: fill.utf8.count)
    let (missing, overflow) = Int(width).subtractingReportingOverflow(text.scalarCount)
    guard !overflow, missing > 0, !fill.utf8.isEmpty else { return [] }
    // A code point has at most four bytes.
    try meter.charge(capped: 1 + missing >> 3)
    let (times, rest) = missing.quotientAndRemainder(dividingBy: fill.scalarCount)
    var bytes: [UInt8] = []
    for _ in 0..<times { bytes += fill.utf8 }
    return bytes + fill.utf8[..<end(ofFirst: rest, in: fill)]
  }

  private static func truncated(_ text: Text, _ length: Int64, _ ending: Text) -> Value {
    let length = Int(max(length, 0))
    guard text.utf8.count > length, text.scalarCount > length else { return .string(text) }
    let kept = max(length - ending.scalarCount, 0)
    let bytes = text.utf8[..<end(ofFirst: kept, in: text)] + ending.utf8[..<end(ofFirst: length - kept, in: ending)]
    return .string(Text(validUTF8: Array(bytes)))
  }

  /// The offset behind so many code points, or behind all.
  private static func end(ofFirst count: Int, in text: Text) -> Int {
    var remaining = count
    for (offset, byte) in text.utf8.enumerated() where byte & 0xC0 != 0x80 {
      if remaining == 0 { return offset }
      remaining -= 1
    }
    return text.utf8.count
  }
}
