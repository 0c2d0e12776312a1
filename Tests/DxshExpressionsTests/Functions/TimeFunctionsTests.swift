import DxshExpressions
import DxshTime
import Testing

@Suite struct TimeFunctionsTests {
  private static func time(_ text: String) -> Value { Timestamp(text: text).map(Value.timestamp) ?? .none }

  private static func span(_ text: String) -> Value { TimeSpan(text: text).map(Value.duration) ?? .none }

  @Test(arguments: [
    ("year", "", 2009), ("month", "", 1), ("day_of_month_1_based", "", 13), ("day_of_month", "", 12),
    ("day_of_week", "", 5), ("day_of_year", "", 43), ("hours", "", 23), ("minutes", "", 31), ("seconds", "", 30),
    ("milliseconds", "", 123), ("day_of_month_1_based", "Australia/Sydney", 14), ("day_of_month", "US/Central", 12),
    ("day_of_month", "+11:00", 13), ("day_of_week", "UTC", 5), ("year", "-09:30", 2009), ("hours", "02:00", 1),
    ("minutes", "Asia/Kathmandu", 16), ("month", "UTC", 1), ("seconds", "-00:00", 30), ("milliseconds", "+01:00", 123),
    ("day_of_year", "+02:00", 44),
  ])
  func partsOfATimestamp(part: String, zone: String, number: Int64) {
    let instant = Self.time("2009-02-13T23:31:30.123456789Z")
    if zone.isEmpty {
      CallCase("timestamp_to_\(part)", instant, gives: .int(number)).check()
    } else {
      let id = "timestamp_to_\(part)_\(part == "seconds" ? "tz" : "with_tz")"
      CallCase(id, instant, .text(zone), gives: .int(number)).check()
    }
  }

  @Test(arguments: [
    CallCase("timestamp_to_year_with_tz", time("9999-12-31T23:59:59Z"), .text("+01:00"), gives: .int(10000)),
    CallCase("timestamp_to_year_with_tz", time("0001-01-01T00:00:00Z"), .text("-01:00"), gives: .int(0)),
    CallCase("timestamp_to_milliseconds", time("0001-01-01T00:00:00.999999999Z"), gives: .int(999)),
    CallCase("timestamp_to_day_of_year", time("2024-12-31T00:00:00Z"), gives: .int(365)),
    CallCase(failing: "timestamp_to_year_with_tz", .timestamp(.epoch), .text("Europe/Nowhere")),
    CallCase(failing: "timestamp_to_year_with_tz", .timestamp(.epoch), .text("../etc/passwd")),
    CallCase(failing: "timestamp_to_year_with_tz", .timestamp(.epoch), .text("+1:00")),
    CallCase(failing: "timestamp_to_year_with_tz", .timestamp(.epoch), .text("")),
    CallCase(failing: "timestamp_to_year_with_tz", .timestamp(.epoch), .int(1)),
    CallCase(failing: "timestamp_to_year_with_tz", .int(1), .text("UTC")),
    CallCase(failing: "timestamp_to_year", .duration(.zero)),
  ])
  func extremesAndErrors(_ call: CallCase) { call.check() }

  @Test(arguments: [
    CallCase("duration_to_hours", span("10000s"), gives: .int(2)),
    CallCase("duration_to_hours", span("-10000s"), gives: .int(-2)),
    CallCase("duration_to_minutes", span("3730s"), gives: .int(62)),
    CallCase("duration_to_seconds", span("3730.9s"), gives: .int(3730)),
    CallCase("duration_to_milliseconds", span("123.321456789s"), gives: .int(321)),
    CallCase("duration_to_milliseconds", span("-1.5s"), gives: .int(-500)),
    CallCase(failing: "duration_to_hours", .timestamp(.epoch)),
  ])
  func partsOfADuration(_ call: CallCase) { call.check() }

  @Test func aZoneThatIsConstantIsLookedUpOnce() throws {
    let function = try #require(FunctionLibrary.function(withID: "timestamp_to_hours_with_tz"))
    let prepare = try #require(function.prepare)
    #expect(try prepare([nil, nil]) == nil)
    let body = try #require(try prepare([nil, .text("Europe/Berlin")]))
    let call = Function("prepared", body)
    #expect(try call.apply([.timestamp(.epoch), .text("the zone that is known")]) == .int(1))
    #expect(throws: EvaluationError.self) { try prepare([nil, .text("Nowhere")]) }
  }

  private static let berlin = Value.text("Europe/Berlin")

  @Test(arguments: [
    CallCase("time_date", time("2026-03-01T23:30:00Z"), berlin, gives: .text("2026-03-02")),
    CallCase("time_date", time("0001-01-01T00:00:00Z"), .text("-01:00"), gives: .text("0000-12-31")),
    CallCase("time_start_of_day", time("2026-03-02T22:59:00Z"), berlin, gives: time("2026-03-01T23:00:00Z")),
    CallCase("time_start_of_month", time("2026-04-15T12:00:00Z"), berlin, gives: time("2026-03-31T22:00:00Z")),
    CallCase("time_start_of_year", time("2026-04-15T12:00:00Z"), berlin, gives: time("2025-12-31T23:00:00Z")),
    // The clocks are put forward on 29 March.
    CallCase("time_add_days", time("2026-03-28T12:00:00Z"), .int(1), berlin, gives: time("2026-03-29T11:00:00Z")),
    CallCase("time_add_days", time("2026-03-28T12:00:00Z"), .int(0), berlin, gives: time("2026-03-28T12:00:00Z")),
    CallCase("time_add_months", time("2026-01-31T12:00:00Z"), .int(1), berlin, gives: time("2026-02-28T12:00:00Z")),
    CallCase("time_add_months", time("2026-01-31T12:00:00Z"), .int(-1), berlin, gives: time("2025-12-31T12:00:00Z")),
    CallCase(failing: "time_add_days", time("2026-03-28T12:00:00Z"), .int(.max), berlin),
    CallCase(failing: "time_add_days", time("2026-03-28T12:00:00Z"), .int(.min), berlin),
    CallCase(failing: "time_add_months", time("2026-03-28T12:00:00Z"), .int(.max), berlin),
    CallCase(failing: "time_add_months", time("2026-03-28T12:00:00Z"), .int(.min), berlin),
    CallCase(failing: "time_add_months", time("2026-03-28T12:00:00Z"), .int(1), .text("Berlin")),
    CallCase(failing: "time_start_of_day", time("0001-01-01T00:00:00Z"), berlin),
    CallCase(failing: "time_date", .text("2026-03-01"), berlin),
  ])
  func calendars(_ call: CallCase) { call.check() }
}
