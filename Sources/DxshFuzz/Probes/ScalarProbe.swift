import DxshExpressions
import DxshTime

/// The texts of scalars: what a value's text reads back as is the value.
enum ScalarProbe {
  static func run(_ input: [UInt8]) throws(Finding) {
    let text = String(decoding: input, as: UTF8.self)
    for span in [TimeSpan(text: text), TimeSpan(celText: text)] {
      guard let span else { continue }
      try hold(TimeSpan(text: span.description) == span, text, span.description)
      try hold(TimeSpan(celText: span.jsonText) == span, text, span.jsonText)
      _ = span.adding(span)?.multiplied(by: Int64(input.count))?.divided(by: 3)
    }
    if let moment = Timestamp(text: text) { try run(moment, text) }
    if let number = Decimal(text: text) {
      try hold(Decimal(text: number.text)?.isIdentical(to: number) == true, text, number.text)
    }
    if let money = Money(text: text) { try hold(Money(text: money.text) == money, text, money.text) }
    if let address = IPAddress(text: text) { try hold(IPAddress(text: address.text) == address, text, address.text) }
    if let block = CIDRBlock(text: text) { try hold(CIDRBlock(text: block.text) == block, text, block.text) }
    if let size = SizeText.parse(text) {
      try hold(SizeText.parse(SizeText.format(size)) == size, text, SizeText.format(size))
    }
    if let date = CivilDate(text: text) {
      try hold(CivilDate(text: date.description) == date, text, date.description)
    }
    if let zone = try? TimeZone(text) { try run(zone) }
    if let zone = TimeZone(name: "fuzz", tzif: input) { try run(zone) }
    if let expression = try? CronExpression(text) { try run(expression, text, .utc) }
  }

  private static func run(_ moment: Timestamp, _ text: String) throws(Finding) {
    try hold(Timestamp(text: moment.description) == moment, text, moment.description)
    try hold(Timestamp(text: moment.celText) == moment, text, moment.celText)
  }

  /// It is written as an expression that fires at the same times, each after the one before.
  private static func run(_ expression: CronExpression, _ text: String, _ zone: TimeZone) throws(Finding) {
    let written = expression.description
    let again = try? CronExpression(written)
    try hold(again?.description == written, text, written)
    _ = expression.shortestInterval(in: zone, after: .epoch)
    _ = expression.clockChanges(in: zone, after: .epoch)
    var last = Timestamp.epoch
    for _ in 0..<5 {
      let next = expression.nextFire(after: last, in: zone)
      try hold(again?.nextFire(after: last, in: zone) == next, text, written)
      guard let next else { break }
      if next <= last { throw Finding("\"\(text)\" fires at \(next) after \(last)") }
      last = next
    }
  }

  /// What clocks show at a moment is again what they show at the moments that it stands for.
  private static func run(_ zone: TimeZone) throws(Finding) {
    for seconds in [Timestamp.minimumSeconds, -1, 1_711_846_800, 4_000_000_000, Timestamp.maximumSeconds] {
      guard let moment = Timestamp(seconds: seconds, nanoseconds: 5) else { continue }
      let local = zone.civilTime(at: moment)
      _ = zone.period(at: moment)
      _ = zone.startOfDay(at: moment)
      _ = zone.adding(months: 13, to: moment)
      for expression in crons { try run(expression, expression.description, zone) }
      guard let instants = zone.instants(of: local) else { continue }
      if case .never = instants { throw Finding("\(zone.name): the clocks show \(local) at \(moment), and never") }
    }
  }

  private static let crons = ["30 2 * * *", "*/30 2 * * *"].compactMap { try? CronExpression($0) }

  private static func hold(_ holds: Bool, _ text: String, _ written: String) throws(Finding) {
    if !holds { throw Finding("\"\(text)\" is written \"\(written)\", which reads as something else") }
  }
}
