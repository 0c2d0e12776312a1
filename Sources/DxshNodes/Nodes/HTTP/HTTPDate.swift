import DxshTime

/// Dates of headers (RFC 9110, section 5.6.7), in the three forms that everybody has to accept:
///
///     Sun, 06 Nov 1994 08:49:37 GMT
///     Sunday, 06-Nov-94 08:49:37 GMT
///     Sun Nov  6 08:49:37 1994
enum HTTPDate {
  private static let months = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ]

  /// Nil for other text. The name of the weekday is not compared with the date.
  /// - now: of years with two digits, the last that is no more than 50 years after it is meant
  static func instant(_ text: String, at now: Timestamp) -> Timestamp? {
    guard text.utf8.count <= 40 else { return nil }
    let parts = text.split(separator: " ", omittingEmptySubsequences: true).map(String.init)
    switch parts.count {
    case 6 where parts[0].hasSuffix(",") && parts[5] == "GMT":
      return instant(year: number(parts[3], 4), month: parts[2], day: number(parts[1], 2), time: parts[4])
    case 5:
      return instant(year: number(parts[4], 4), month: parts[1], day: number(parts[2], 1...2), time: parts[3])
    case 4 where parts[0].hasSuffix(",") && parts[3] == "GMT":
      let date = parts[1].split(separator: "-", omittingEmptySubsequences: false).map(String.init)
      guard date.count == 3, let year = number(date[2], 2) else { return nil }
      let current = CivilTime(now, offset: 0).year
      let latest = current + 50
      return instant(
        year: latest - (latest - year) % 100, month: date[1], day: number(date[0], 2), time: parts[2])
    default: return nil
    }
  }

  private static func instant(year: Int?, month name: String, day: Int?, time: String) -> Timestamp? {
    let clock = time.split(separator: ":", omittingEmptySubsequences: false).map { number(String($0), 2) }
    guard let year, let day, let month = months.firstIndex(of: name), clock.count == 3, let hour = clock[0],
      let minute = clock[1], let second = clock[2], let date = CivilDate(year: year, month: month + 1, day: day),
      // A leap second is the one before.
      let civil = CivilTime(date, hour: hour, minute: minute, second: second == 60 ? 59 : second)
    else { return nil }
    return Timestamp(seconds: Int64(civil.secondsSinceEpoch), nanoseconds: 0)
  }

  private static func number(_ text: String, _ digits: Int) -> Int? { number(text, digits...digits) }

  private static func number(_ text: String, _ digits: ClosedRange<Int>) -> Int? {
    guard digits.contains(text.utf8.count), text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
    return Int(text)
  }
}
