extension YearlyRule {
  /// The `TZ` string of a TZif footer: `CET-1CEST,M3.5.0,M10.5.0/3`, `<+0330>-3:30`. Nil for anything else; a zone
  /// with daylight time must say when.
  init?(text: String) {
    var cursor = ByteCursor(text)
    guard cursor.takeAbbreviation(), let west = cursor.takeTime(maximumHours: 24) else { return nil }
    self.standardOffset = -west
    if cursor.isAtEnd {
      self.daylight = nil
      return
    }
    guard cursor.takeAbbreviation() else { return nil }
    var offset = standardOffset + 3600
    if cursor.next != 0x2C {
      guard let west = cursor.takeTime(maximumHours: 24) else { return nil }
      offset = -west
    }
    guard let start = cursor.takeChange(), let end = cursor.takeChange(), cursor.isAtEnd else { return nil }
    self.daylight = Daylight(offset: offset, start: start, end: end)
  }
}

extension ByteCursor {
  /// `CET` of at least three letters, or `<+0330>` of letters, digits and signs.
  fileprivate mutating func takeAbbreviation() -> Bool {
    let isQuoted = take("<")
    let start = position
    while let next, next.isLetter || (isQuoted && (next.isDigit || next == 0x2B || next == 0x2D)) {
      _ = take()
    }
    return position - start >= 3 && (!isQuoted || take(">"))
  }

  /// `2`, `-3:30` or `05:00:00`, in seconds.
  fileprivate mutating func takeTime(maximumHours: Int) -> Int? {
    let isNegative = take("-")
    if !isNegative { _ = take("+") }
    guard let hours = takeNumber(in: 0...maximumHours) else { return nil }
    var seconds = hours * 3600
    if take(":") {
      guard let minutes = takeNumber(in: 0...59) else { return nil }
      seconds += minutes * 60
      if take(":") {
        guard let rest = takeNumber(in: 0...59) else { return nil }
        seconds += rest
      }
    }
    return isNegative ? -seconds : seconds
  }

  /// `,M3.5.0/2`; without a time it is 02:00.
  fileprivate mutating func takeChange() -> YearlyRule.Change? {
    guard take(","), let day = takeDay() else { return nil }
    guard take("/") else { return YearlyRule.Change(day: day, time: 7200) }
    return takeTime(maximumHours: 167).map { YearlyRule.Change(day: day, time: $0) }
  }

  private mutating func takeDay() -> YearlyRule.Day? {
    if take("J") { return takeNumber(in: 1...365).map { .withoutLeapDay($0) } }
    guard take("M") else { return takeNumber(in: 0...365).map { .fromZero($0) } }
    guard let month = takeNumber(in: 1...12), take("."), let week = takeNumber(in: 1...5), take("."),
      let weekday = takeNumber(in: 0...6)
    else { return nil }
    return .weekday(weekday, week: week, month: month)
  }

  /// One to three digits.
  private mutating func takeNumber(in range: ClosedRange<Int>) -> Int? {
    guard var number = takeDigit() else { return nil }
    var count = 1
    while count < 3, let digit = takeDigit() {
      number = number * 10 + digit
      count += 1
    }
    return range.contains(number) ? number : nil
  }
}

extension UInt8 {
  /// An ASCII letter.
  var isLetter: Bool { (0x41...0x5A).contains(self & 0xDF) }
  /// An ASCII digit.
  var isDigit: Bool { (0x30...0x39).contains(self) }
}
