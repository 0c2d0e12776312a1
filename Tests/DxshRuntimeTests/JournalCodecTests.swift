import DxshExpressions
import DxshRuntime
import DxshTestSupport
import DxshTime
import Testing

/// The journal's bytes: what is read is what was written, and nothing else is read.
struct JournalCodecTests {
  private static let now = Timestamp(seconds: 1_767_225_600, nanoseconds: 123_456_789) ?? .epoch

  private static func event(_ kind: RecordedEvent.Kind, _ path: String = "a[3]", after seconds: Int64 = 0)
    -> RecordedEvent
  {
    RecordedEvent(path: path, kind: kind, at: now.adding(TimeSpan(nanoseconds: seconds * 1_000_000_007)) ?? now)
  }

  static let events = [
    event(.started(input: [.int(-1), .none, .text("ä")]), ""),
    event(.attemptStarted(attempt: 1), after: 1), event(.succeeded(.double(-0.0)), after: 1),
    event(.attemptFailed(attempt: 2, kind: "k", message: "m"), after: 5),
    event(.attemptFailed(attempt: 1, kind: "k", message: "m", retryAfter: TimeSpan(nanoseconds: .max)), after: 1),
    event(.refused(attempt: 2, breaker: "b", until: now), after: 1),
    event(.refused(attempt: 3, breaker: "", until: nil), after: 2),
    event(.polled(number: 3), after: 1), event(.indeterminate(attempt: 1, message: "who knows"), after: 4),
    event(.settled(.done(.null)), after: 3),
    event(.settled(.retry)), event(.settled(.fail(message: "no"))), event(.cancelled), event(.cancelRequested, ""),
    event(.clock(boot: "b", uptime: now.since(.epoch), change: TimeSpan(nanoseconds: -7)), "", after: -7),
    event(.received(.signal(SignalName("s", key: "k"), .int(1)), number: 4), ""),
    event(.received(.pause(reason: "why"), number: 1), ""), event(.received(.pause(reason: nil), number: 2), ""),
    event(.received(.resume, number: 3), ""), event(.received(.cancel, number: 5), ""),
    event(.timeReached(chosen: nil)), event(.timeReached(chosen: 0)),
    event(.reopened(dropped: ["a", "b[3]@compensate"]), ""), event(.reopened(dropped: []), ""),
    event(.migrated(input: [.int(1), .none], paths: ["a": "b", "c/d[1]": "c/d[1]"]), ""),
    event(.migrated(input: [], paths: [:]), ""),
    event(.resumed, ""), event(.ended(.succeeded(.bool(true))), ""), event(.ended(.cancelled), ""),
    event(.ended(.failed(RunFailure(kind: "k", message: "m", path: "p", attempt: 300))), ""),
  ]

  @Test func everyEventReadsBack() throws {
    let bytes = JournalCodec.encode(Self.events)
    #expect(try JournalCodec.decode(JournalBatch(number: 0, bytes: bytes)) == Self.events)
    #expect(try JournalCodec.decode(JournalBatch(number: 0, bytes: JournalCodec.encode([]))) == [])
  }

  @Test(arguments: 0..<200)
  func everyValueReadsBack(_ seed: UInt64) throws {
    var random = SeededGenerator(seed)
    let value = Self.value(&random, depth: 0)
    let bytes = JournalCodec.encode([Self.event(.succeeded(value))])
    guard case .succeeded(let copy) = try JournalCodec.decode(JournalBatch(number: 0, bytes: bytes))[0].kind else {
      Issue.record("another event")
      return
    }
    #expect(copy.isIdentical(to: value))
  }

  @Test func deepValuesReadBack() throws {
    var value = Value.int(1)
    for _ in 0..<2_000 { value = .list([value]) }
    let bytes = JournalCodec.encode([Self.event(.succeeded(value))])
    #expect(try JournalCodec.decode(JournalBatch(number: 0, bytes: bytes))[0].kind == .succeeded(value))
  }

  @Test func everyChangedByteIsNoticed() {
    let bytes = JournalCodec.encode(Self.events)
    for position in bytes.indices {
      for change: UInt8 in [1, 0x80] {
        var changed = bytes
        changed[position] ^= change
        #expect(throws: RunStoreError.self) { try JournalCodec.decode(JournalBatch(number: 0, bytes: changed)) }
      }
      #expect(throws: RunStoreError.self) {
        try JournalCodec.decode(JournalBatch(number: 0, bytes: Array(bytes[..<position])))
      }
    }
  }

  @Test func aLaterVersionSaysSo() {
    let error = #expect(throws: RunStoreError.self) {
      try JournalCodec.decode(JournalBatch(number: 7, bytes: [99] + [UInt8](repeating: 0, count: 40)))
    }
    #expect(error?.kind == .newer)
  }

  private static func value(_ random: inout SeededGenerator, depth: Int) -> Value {
    switch Int.random(in: 0..<(depth < 4 ? 16 : 12), using: &random) {
    case 0: .none
    case 1: .null
    case 2: .bool(.random(using: &random))
    case 3: .int(.random(in: .min ... .max, using: &random))
    case 4: .uint(.random(in: 0 ... .max, using: &random))
    case 5: .double(Double(bitPattern: .random(in: 0 ... .max, using: &random)))
    case 6: .text(["", "plain", "Zürich 🏔", "\0"].randomElement(using: &random) ?? "")
    case 7: .bytes((0..<Int.random(in: 0..<300, using: &random)).map { UInt8(truncatingIfNeeded: $0) })
    case 8:
      .timestamp(Timestamp(seconds: .random(in: -9_999_999...9_999_999_999, using: &random), nanoseconds: 7) ?? .epoch)
    case 9: .duration(TimeSpan(nanoseconds: .random(in: .min ... .max, using: &random)))
    case 10: .size(.random(in: 0 ... .max, using: &random))
    case 11: boxes.randomElement(using: &random) ?? .none
    case 12, 13: .list((0..<Int.random(in: 0..<5, using: &random)).map { _ in value(&random, depth: depth + 1) })
    case 14:
      .map(
        MapValue(
          distinct: (0..<Int.random(in: 0..<12, using: &random)).map {
            .init(key: .int(Int64($0)), value: value(&random, depth: depth + 1))
          }))
    default: record(&random, depth: depth)
    }
  }

  private static let boxes: [Value] = [
    .box(.decimal(.zero)), .box(.decimal(Decimal(isNegative: true, coefficient: 1250, scale: 2) ?? .zero)),
    .box(.decimal(Decimal(coefficient: 7, scale: 100) ?? .zero)), .box(.money(Money(Decimal(.max as UInt64), "EUR"))),
    .box(.ip(IPAddress(.v4, bits: 1))), .box(.cidr(CIDRBlock(IPAddress(.v6, bits: 1 << 127), prefixLength: 8))),
    .box(.type(.list(.decimal))), .box(.optional(.box(.optional(.null)))),
  ]

  private static let shapes = [RecordShape([]), RecordShape(["a"]), RecordShape(["b", "a", "ß"])]

  private static func record(_ random: inout SeededGenerator, depth: Int) -> Value {
    let shape = shapes.randomElement(using: &random) ?? shapes[0]
    return .record(RecordValue(shape, shape.names.map { _ in value(&random, depth: depth + 1) }))
  }
}
