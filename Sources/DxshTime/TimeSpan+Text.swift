extension TimeSpan: CustomStringConvertible {
  /// As the language writes it: `1h30m`, `250ms`, `1d`; what no literal can say as a fraction of seconds: `1.5s`,
  /// `0.000001s`. A minus stands before the whole.
  package var description: String {
    guard self != .zero else { return "0s" }
    var text: [UInt8] = isNegative ? [0x2D] : []
    let total = seconds.magnitude
    for (unit, count) in [("d", total / 86_400), ("h", total / 3600 % 24), ("m", total / 60 % 60)] where count > 0 {
      text.append(contentsOf: "\(count)\(unit)".utf8)
    }
    let rest = Int64(total % 60)
    let fraction = Int32(nanoseconds.magnitude)
    if rest == 0, fraction != 0, fraction % 1_000_000 == 0 {
      text.append(contentsOf: "\(fraction / 1_000_000)ms".utf8)
    } else if rest != 0 || fraction != 0 {
      text.appendDecimal(rest, width: 1)
      text.appendFraction(fraction, group: 1)
      text.append(0x73)
    }
    return String(decoding: text, as: UTF8.self)
  }

  /// The JSON form of `google.protobuf.Duration` without needless zeros, `5400s`, `1.5s`, `-0.25s`, which is also what
  /// CEL's `string(duration)` gives.
  package var jsonText: String {
    var text: [UInt8] = isNegative ? [0x2D] : []
    text.appendDecimal(Int64(seconds.magnitude), width: 1)
    text.appendFraction(Int32(nanoseconds.magnitude), group: 1)
    text.append(0x73)
    return String(decoding: text, as: UTF8.self)
  }

  /// A duration as Go and CEL write it, `1h30m`, `1.5s`, `-2ms`, `10us`, and with `d` (24 hours) and `w` (7 days):
  /// a sign, then numbers with their units; `0` needs none. Nil for anything else, for a part finer than a
  /// nanosecond and outside the range.
  package init?(text: String) {
    self.init(text, .dxsh)
  }

  /// A duration as CEL's `duration("…")` reads it, which is Go's `time.ParseDuration`: units up to `h`, and what is
  /// finer than a nanosecond is cut off. Nil for anything else and outside the range, which is that of
  /// `google.protobuf.Duration` and not Go's.
  package init?(celText text: String) {
    self.init(text, .cel)
  }

  private init?(_ text: String, _ notation: DurationNotation) {
    var cursor = ByteCursor(text)
    let isNegative = cursor.take("-")
    if !isNegative { _ = cursor.take("+") }
    if text == "0" || text == "-0" || text == "+0" {
      self = .zero
      return
    }
    guard !cursor.isAtEnd else { return nil }
    var total: Int128 = 0
    while !cursor.isAtEnd {
      guard let nanoseconds = cursor.takeQuantity(notation) else { return nil }
      total += nanoseconds
      guard total <= Self.maximumNanoseconds else { return nil }
    }
    if isNegative { total = -total }
    self.init(seconds: Int64(total / 1_000_000_000), nanoseconds: Int64(total % 1_000_000_000))
  }

  private static let maximumNanoseconds = Int128(maximumSeconds) * 1_000_000_000
}

/// Who wrote a duration.
private enum DurationNotation {
  /// Days and weeks are units, and every digit must count.
  case dxsh
  /// Hours are the largest unit, and digits below a nanosecond are cut off.
  case cel
}

extension ByteCursor {
  /// A number and its unit, in nanoseconds: `1.5s`.
  fileprivate mutating func takeQuantity(_ notation: DurationNotation) -> Int128? {
    var digits: Int128 = 0
    var scale: Int128 = 1
    var hasDigits = false
    var isFraction = false
    // Numbers below 10^23 times the largest unit, 6 · 10^14, stay below Int128.max, 1.7 · 10^38.
    let limit: Int128 = 10_000_000_000_000_000_000_000
    while true {
      if let digit = takeDigit() {
        hasDigits = true
        guard digits < limit, scale < limit else {
          if isFraction, notation == .cel { continue }
          return nil
        }
        digits = digits * 10 + Int128(digit)
        if isFraction { scale *= 10 }
      } else if !isFraction, take(".") {
        isFraction = true
      } else {
        break
      }
    }
    guard hasDigits, let unit = takeUnit(notation) else { return nil }
    let (nanoseconds, rest) = (digits * unit).quotientAndRemainder(dividingBy: scale)
    return rest == 0 || notation == .cel ? nanoseconds : nil
  }

  /// The nanoseconds of a unit.
  private mutating func takeUnit(_ notation: DurationNotation) -> Int128? {
    if take(text: "ns") { return 1 }
    if take(text: "us") || take(text: "µs") || take(text: "μs") { return 1000 }
    if take(text: "ms") { return 1_000_000 }
    if take("s") { return 1_000_000_000 }
    if take("m") { return 60_000_000_000 }
    if take("h") { return 3_600_000_000_000 }
    switch notation {
    case .cel: return nil
    case .dxsh: return take("d") ? 86_400_000_000_000 : take("w") ? 604_800_000_000_000 : nil
    }
  }
}
