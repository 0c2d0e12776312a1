extension TimeZone {
  /// An instant in RFC 3339 as clocks here show it, with their offset: `2026-03-02T09:00:00+01:00`. With `Z` in UTC,
  /// and where the offset is no whole number of minutes, as it was in the 19th century: the format cannot say it.
  package func text(of instant: Timestamp) -> String {
    let offset = offset(at: instant)
    guard name != Self.utc.name, offset % 60 == 0 else { return instant.description }
    let time = CivilTime(instant, offset: offset)
    return "\(time)" + Self.text(ofOffset: offset)
  }
}

extension CivilTime: CustomStringConvertible {
  /// `2026-03-02T09:00:00`, with 3, 6 or 9 digits of a fraction where there is one.
  package var description: String {
    var text: [UInt8] = []
    text.append(self, fractionGroup: 3)
    return String(decoding: text, as: UTF8.self)
  }
}

extension [UInt8] {
  /// Appends `2026-03-02T09:00:00` and a fraction, trailing zeros removed in groups of `fractionGroup`.
  mutating func append(_ time: CivilTime, fractionGroup: Int) {
    appendDate(time.date)
    append(0x54)
    appendDecimal(Int64(time.hour), width: 2)
    append(0x3A)
    appendDecimal(Int64(time.minute), width: 2)
    append(0x3A)
    appendDecimal(Int64(time.second), width: 2)
    appendFraction(Int32(time.nanosecond), group: fractionGroup)
  }
}
