import DxshTime
import Testing

/// What is a cron expression, and what is said of a text that is none.
@Suite struct CronSyntaxTests {
  private static let right: [(text: String, canonical: String)] = [
    ("* * * * *", "* * * * *"), (" 0\t2  * * * ", "0 2 * * *"), ("@daily", "0 0 * * *"), ("@yearly", "0 0 1 1 *"),
    ("@annually", "0 0 1 1 *"), ("@monthly", "0 0 1 * *"), ("@weekly", "0 0 * * 0"), ("@midnight", "0 0 * * *"),
    ("@hourly", "0 * * * *"), ("00 02 * jan-Mar mon,FRI", "0 2 * 1-3 1,5"), ("*/1 5-5 3/1 2-3/1 7", "* 5 3/1 2-3 7"),
    ("0-30/10,45 */6 1,15 */3 1-5", "0-30/10,45 */6 1,15 */3 1-5"), ("0 0 L * *", "0 0 L * *"),
    ("0 0 l,15 * *", "0 0 L,15 * *"), ("0 0 * * MON#1,7#5", "0 0 * * 1#1,0#5"),
    ("*/99999999999999999999 0 * * *", "*/999999 0 * * *"),
  ]

  @Test(arguments: right)
  func canonical(text: String, canonical: String) throws {
    let expression = try CronExpression(text)
    #expect(expression.description == canonical)
    #expect(try CronExpression(canonical).description == canonical)
  }

  private static let wrong: [(text: String, message: String, range: Range<Int>)] = [
    ("60 0 * * *", "the minute 60 is not in 0-59", 0..<2),
    ("0 11-26/2 * * *", "the hour 26 is not in 0-23", 2..<9),
    ("0 0 0 * *", "the day of month 0 is not in 1-31", 4..<5),
    ("0 0 * 13 *", "the month 13 is not in 1-12", 6..<8), ("0 0 * * 8", "the day of week 8 is not in 0-7", 8..<9),
    ("0 0 * DEC-JAN *", "the range `DEC-JAN` of the month runs backwards", 6..<13),
    ("0  0,*/0 * * *", "a step of the hour is 0", 3..<8),
    ("0 ,11 * * *", "an item in the list of the hour is empty", 2..<5),
    ("29- 0 * * *", "a number is missing in `29-` of the minute", 0..<3),
    ("/2 0 * * *", "a number is missing in `/2` of the minute", 0..<2),
    ("0 0 * * MONDAY", "`MONDAY` is no day of week", 8..<14), ("JAN 0 * * *", "`JAN` is no minute", 0..<3),
    ("0 0 ? * *", "`?` has no meaning in the day of month", 4..<5),
    ("0 0 5W * *", "`5W` is no item of the day of month", 4..<6),
    ("0 0 * * H", "`H` has no meaning in the day of week", 8..<9),
    ("L 0 * * *", "`L` has no meaning in the minute", 0..<1),
    ("0 0 * * 1#6", "`1#6` is no item of the day of week", 8..<11),
    ("0 0 * * MON#", "a number is missing in `MON#` of the day of week", 8..<12),
    ("\u{661} 0 * * *", "`\u{661}` is no item of the minute", 0..<2),
    ("*-29 0 * * *", "`*-29` is no item of the minute", 0..<4),
    ("0 0 * *", "a cron expression has 5 fields, this has 4", 0..<7),
    (" ", "a cron expression has 5 fields, this has 0", 0..<1),
    ("0 0 0 * * * 2026", "a cron expression has 5 fields, this has 7", 10..<16),
    ("@dayly", "there is no alias `@dayly`", 0..<6), ("@daily @hourly", "there is no alias `@daily @hourly`", 0..<14),
  ]

  @Test(arguments: wrong)
  func mistakes(text: String, message: String, range: Range<Int>) {
    let error = #expect(throws: CronSyntaxError.self) { try CronExpression(text) }
    #expect(error?.message == message)
    #expect(error?.range == range)
    #expect(error?.remedy.isEmpty == false)
  }

  @Test func longTextsAreReadOnce() {
    let list = [String](repeating: "1", count: 200_000).joined(separator: ",")
    #expect(throws: Never.self) { try CronExpression("\(list) * * * *") }
    #expect(throws: CronSyntaxError.self) { try CronExpression(String(repeating: "* ", count: 200_000)) }
    #expect(throws: CronSyntaxError.self) { try CronExpression(String(repeating: "1-", count: 200_000) + " * * * *") }
  }
}
