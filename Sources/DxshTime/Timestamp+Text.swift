extension Timestamp: CustomStringConvertible {
  /// RFC 3339 in UTC with 0, 3, 6 or 9 digits of a fraction: `2026-03-02T08:00:00.250Z`, which is the JSON form
  /// of `google.protobuf.Timestamp`.
  package var description: String {
    String(decoding: utf8, as: UTF8.self)
  }

  /// RFC 3339 in UTC with as few digits of a fraction as there are, `2026-03-02T08:00:00.25Z`: what CEL's
  /// `string(timestamp)` gives.
  package var celText: String {
    String(decoding: utf8(fractionGroup: 1), as: UTF8.self)
  }

  /// The bytes of `description`.
  package var utf8: [UInt8] { utf8(fractionGroup: 3) }

  private func utf8(fractionGroup: Int) -> [UInt8] {
    var text: [UInt8] = []
    text.reserveCapacity(30)
    text.append(CivilTime(self, offset: 0), fractionGroup: fractionGroup)
    text.append(0x5A)
    return text
  }

  /// A moment of RFC 3339, section 5.6, with its offset from UTC, which is also what CEL's `timestamp("…")` reads; at
  /// most nine digits of a fraction, and no leap second, which UTC seconds since the epoch cannot tell from the next.
  /// Nil for anything else and outside the range.
  package init?(text: String) {
    var cursor = ByteCursor(text)
    guard
      let date = cursor.takeDate(),
      cursor.take("T") || cursor.take("t"),
      let secondOfDay = cursor.takeTimeOfDay(),
      let nanoseconds = cursor.takeFraction(),
      let offset = cursor.takeOffset(),
      cursor.isAtEnd
    else { return nil }
    self.init(
      seconds: Int64(date.daysSinceEpoch * 86_400 + secondOfDay - offset), nanoseconds: Int64(nanoseconds))
  }
}

extension ByteCursor {
  /// `2026-03-02`
  mutating func takeDate() -> CivilDate? {
    guard let year = takeDigits(4), take("-"), let month = takeDigits(2), take("-"), let day = takeDigits(2)
    else { return nil }
    return CivilDate(year: year, month: month, day: day)
  }

  /// `08:30:00`, in seconds.
  fileprivate mutating func takeTimeOfDay() -> Int? {
    guard let hour = takeDigits(2), hour < 24, take(":"), let minute = takeDigits(2), minute < 60, take(":"),
      let second = takeDigits(2), second < 60
    else { return nil }
    return hour * 3600 + minute * 60 + second
  }

  /// `.25` or nothing, in nanoseconds.
  fileprivate mutating func takeFraction() -> Int? {
    guard take(".") else { return 0 }
    var value = 0
    var digits = 0
    while let digit = takeDigit() {
      guard digits < 9 else { return nil }
      value = value * 10 + digit
      digits += 1
    }
    guard digits > 0 else { return nil }
    for _ in digits..<9 { value *= 10 }
    return value
  }

  /// `Z` or `+02:00`, in seconds east of UTC.
  fileprivate mutating func takeOffset() -> Int? {
    if take("Z") || take("z") { return 0 }
    let sign = take("+") ? 1 : take("-") ? -1 : 0
    guard sign != 0 else { return nil }
    return takeHoursAndMinutes().map { sign * $0 }
  }

  /// `02:00` of an offset, in seconds; at most 23:59.
  mutating func takeHoursAndMinutes() -> Int? {
    guard let hour = takeDigits(2), hour < 24, take(":"), let minute = takeDigits(2), minute < 60 else { return nil }
    return hour * 3600 + minute * 60
  }
}
