/// How the clocks of a place relate to UTC: a zone of the IANA database, or a fixed offset.
///
/// It is a value: what it was made from is not read again. `offset(at:)` goes from instants to what clocks show,
/// `instants(of:)` goes back.
package struct TimeZone: Sendable {
  /// `UTC`, `Europe/Berlin` or `+02:00`.
  package let name: String
  private let clock: Clock

  private enum Clock: Sendable {
    /// Seconds east of UTC.
    case fixed(Int)
    case ruled(ZoneRules)
  }

  private init(name: String, _ clock: Clock) {
    self.name = name
    self.clock = clock
  }

  package static let utc = TimeZone(name: "UTC", .fixed(0))

  /// The offsets that a zone can have, in seconds east of UTC: RFC 9636, section 3.2.
  static let offsets = -89_999...93_599

  /// The zone that a text names, as CEL's accessors take it (cel-spec, "Timezones"): `UTC`, which needs no database, a
  /// name of the IANA database like `Europe/Berlin`, or an offset like `+02:00`, `-05:30` or `02:00`.
  package init(_ text: String, from database: ZoneDatabase = .system) throws(ZoneError) {
    if text == Self.utc.name {
      self = .utc
    } else if text.utf8.contains(0x3A) {
      var cursor = ByteCursor(text)
      guard let offset = cursor.takeZoneOffset(), cursor.isAtEnd else { throw .malformedName }
      self.init(name: Self.text(ofOffset: offset), .fixed(offset))
    } else {
      self.init(name: text, .ruled(try database.rules(of: text)))
    }
  }

  /// A zone from the content of a TZif file; nil when it is malformed.
  package init?(name: String, tzif: [UInt8]) {
    guard let rules = ZoneRules(tzif: tzif) else { return nil }
    self.init(name: name, .ruled(rules))
  }

  /// `+05:30`; the offset is a number of whole minutes.
  static func text(ofOffset offset: Int) -> String {
    var text: [UInt8] = [offset < 0 ? 0x2D : 0x2B]
    text.appendDecimal(Int64(offset.magnitude / 3600), width: 2)
    text.append(0x3A)
    text.appendDecimal(Int64(offset.magnitude / 60 % 60), width: 2)
    return String(decoding: text, as: UTF8.self)
  }

  /// How far the clocks are ahead of UTC at an instant, in seconds: between -25 and 26 hours.
  package func offset(at instant: Timestamp) -> Int {
    period(at: Int(instant.seconds)).offset
  }

  /// What the clocks show at an instant.
  package func civilTime(at instant: Timestamp) -> CivilTime {
    CivilTime(instant, offset: offset(at: instant))
  }

  /// The period without a change of the clocks in which an instant falls. Its end is the next change, though the
  /// offset may stay as it was.
  package func period(at instant: Timestamp) -> OffsetPeriod {
    period(at: Int(instant.seconds))
  }

  /// The same for seconds since the epoch, at most some days outside the range of `Timestamp`.
  func period(at seconds: Int) -> OffsetPeriod {
    switch clock {
    case .fixed(let offset): OffsetPeriod(start: nil, end: nil, offset: offset)
    case .ruled(let rules): rules.period(at: seconds)
    }
  }
}

extension TimeZone: CustomStringConvertible {
  package var description: String { name }
}

extension ByteCursor {
  /// `+02:00`, `-05:30` or `02:00`, in seconds.
  fileprivate mutating func takeZoneOffset() -> Int? {
    let isNegative = take("-")
    if !isNegative { _ = take("+") }
    return takeHoursAndMinutes().map { isNegative ? -$0 : $0 }
  }
}
