import DxshTime
import DxshTestSupport
import Testing

@Suite struct TimeSpanTextTests {
  @Test(arguments: [
    ("1h30m", "1h30m", "5400s"), ("90m", "1h30m", "5400s"), ("250ms", "250ms", "0.25s"), ("1500ms", "1.5s", "1.5s"),
    ("1.5s", "1.5s", "1.5s"), ("-2ms", "-2ms", "-0.002s"), ("+2ms", "2ms", "0.002s"), ("1us", "0.000001s", "0.000001s"),
    ("1µs", "0.000001s", "0.000001s"), ("1μs", "0.000001s", "0.000001s"), ("1ns", "0.000000001s", "0.000000001s"),
    ("0", "0s", "0s"), ("-0", "0s", "0s"), ("0h", "0s", "0s"), ("24h", "1d", "86400s"), ("1w", "7d", "604800s"),
    ("90061s", "1d1h1m1s", "90061s"), ("1m250ms", "1m250ms", "60.25s"), (".5s", "500ms", "0.5s"),
    ("1.s", "1s", "1s"), ("1.1m", "1m6s", "66s"), ("-1h-0", nil, nil), ("0.000000000000001w", nil, nil),
    ("1s1h", "1h1s", "3601s"), ("315576000000s", "3652500d", "315576000000s"), ("315576000001s", nil, nil),
    ("-315576000000s", "-3652500d", "-315576000000s"),
    ("99999999999999999999999999999999999999s", nil, nil), ("9999999999999999999999w", nil, nil),
  ])
  func reading(text: String, literal: String?, json: String?) throws {
    let span = TimeSpan(text: text)
    #expect(span?.description == literal)
    #expect(span?.jsonText == json)
    if let span {
      #expect(TimeSpan(text: span.description) == span)
      #expect(TimeSpan(text: span.jsonText) == span)
    }
  }

  @Test(arguments: [
    "", "-", "+", "1", "s", "1x", "1 s", " 1s", "1s ", "1s-1s", "--1s", "1..5s", ".s", "0.1ns", "1S", "1e3s", "１s",
  ])
  func refusing(text: String) {
    #expect(TimeSpan(text: text) == nil)
  }

  @Test func everySpanReadsBack() {
    var random = SeededGenerator(11)
    for _ in 0..<5000 {
      let nanoseconds = Int64.random(in: .min ... .max, using: &random)
      let span = TimeSpan(
        nanoseconds: nanoseconds / [1, 1_000_000, 1_000_000_000_000][Int.random(in: 0...2, using: &random)])
      #expect(TimeSpan(text: span.description) == span)
      #expect(TimeSpan(text: span.jsonText) == span)
    }
  }

  @Test(arguments: [
    ("1h30m", "5400s"), ("1h1m1s1ms1us1ns", "3661.001001001s"), ("-1.5h", "-5400s"), ("+7s", "7s"), ("0", "0s"),
    ("-0", "0s"), (".25s", "0.25s"), ("2.s", "2s"), ("1s1h", "3601s"), ("3µs", "0.000003s"), ("3μs", "0.000003s"),
    ("0.0000000019s", "0.000000001s"), ("-0.9ns", "0s"), ("1.00000000000000000000000000000000001m", "60s"),
    ("315576000000s", "315576000000s"), ("-87660000h", "-315576000000s"),
  ])
  func readingAsCEL(text: String, json: String) {
    #expect(TimeSpan(celText: text)?.jsonText == json)
  }

  @Test(arguments: [
    "", "-", "+", "5", "1d", "1w", "1h1d", "h", ".s", "1e3s", "1 s", "+-1s", "1_0s", "1H", "inf", "00:00:01",
    "315576000001s", "-87660000h1s", "99999999999999999999999999999999s", "٣s",
  ])
  func refusingAsCEL(text: String) {
    #expect(TimeSpan(celText: text) == nil)
  }
}
