/// `url.encode url.decode url.segment url.query`: text in URLs (RFC 3986; language reference, section 5).
extension FunctionLibrary {
  static let urlOverloads: [Overload] = [
    Overload(
      "url.encode", "url_encode", [.string], .string, in: .dxsh,
      .taking("url.encode", .string) { .string(Text(validUTF8: PercentText.encode($0))) }),
    Overload(
      "url.segment", "url_segment", [.string], .string, in: .dxsh,
      .taking("url.segment", .string) { .string(Text(validUTF8: PercentText.encodeSegment($0))) }),
    Overload(
      "url.decode", "url_decode", [.string], .string, partial: true, in: .dxsh,
      .taking("url.decode", .string) { text throws(EvaluationError) in
        .string(try parsed(text, as: "percent-encoded text", PercentText.decode(text)))
      }),
    // `a=1&b=x%20y`, in the order of the entries and without a question mark.
    Overload(
      "url.query", "url_query", [.map(.string, .string)], .string, in: .dxsh,
      .metering("url.query", .map) { (map, meter) throws(EvaluationError) in
        .string(Text(validUTF8: try query(of: map, &meter)))
      }),
  ]

  private static func query(of map: MapValue, _ meter: inout Meter) throws(EvaluationError) -> [UInt8] {
    var result: [UInt8] = []
    for entry in map.entries {
      guard case .string(let name) = entry.key, case .string(let value) = entry.value else {
        throw .noOverload("url.query", entry.key, entry.value)
      }
      try meter.charge(1 + (name.utf8.count + value.utf8.count) >> 3)
      if !result.isEmpty { result.append(0x26) }
      result += PercentText.encode(name) + [0x3D] + PercentText.encode(value)
    }
    return result
  }
}
