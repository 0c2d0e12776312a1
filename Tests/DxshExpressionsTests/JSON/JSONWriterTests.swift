import DxshExpressions
import DxshTime
import DxshTestSupport
import Testing

@Suite struct JSONWriterTests {
  @Test(arguments: [
    (Value.none, "null"), (.null, "null"), (.bool(true), "true"), (.int(.min), "-9223372036854775808"), (.int(0), "0"),
    (.uint(.max), "18446744073709551615"), (.double(1), "1.0"), (.double(-0.0), "-0.0"), (.double(0.1), "0.1"),
    (.double(1e16), "1e+16"), (.double(.leastNonzeroMagnitude), "5e-324"), (.size(67_108_864), "67108864"),
    (.text("a\"\\/\u{8}\u{c}\n\r\t\u{1}\u{1f}é😀\u{7f}"), #""a\"\\/\b\f\n\r\t\u0001\u001fé😀"# + "\u{7f}\""),
    (.bytes([0, 255, 16]), "\"AP8Q\""), (.bytes([]), "\"\""), (.list([]), "[]"), (.map(.empty), "{}"),
    (.list([.none, .int(1)]), "[null,1]"),
    (.timestamp(.epoch), "\"1970-01-01T00:00:00Z\""), (.duration(TimeSpan(nanoseconds: 1_500_000_000)), "\"1.5s\""),
    (.record(RecordValue(RecordShape(["a", "b", "c"]), [.int(1), .none, .text("x")])), #"{"a":1,"c":"x"}"#),
    (.record(RecordValue(RecordShape(["a"]), [.none])), "{}"),
    (
      map([(.int(1), .none), (.bool(true), .int(2)), (.uint(3), .null), (.text("k"), .int(4))]),
      #"{"1":null,"true":2,"3":null,"k":4}"#
    ),
  ])
  func writing(value: Value, text: String) throws {
    #expect(String(decoding: try JSONWriter.write(value), as: UTF8.self) == text)
    #expect(try JSONReader.read(Array(text.utf8)) == value.decoded(as: .json))
  }

  @Test func indentation() throws {
    let value = try JSONReader.read(Array(#"{"a":[1,{"b":[]}],"c":{},"d":"x"}"#.utf8))
    let text = String(decoding: try JSONWriter.write(value, indented: true), as: UTF8.self)
    #expect(
      text == """
        {
          "a": [
            1,
            {
              "b": []
            }
          ],
          "c": {},
          "d": "x"
        }
        """)
  }

  @Test(arguments: [
    (Value.double(.nan), "JSON has no nan"),
    (map([(.text("a b"), .list([.int(1), .double(-.infinity)]))]), "[\"a b\"][1]: JSON has no -inf"),
    (.record(RecordValue(RecordShape(["x"]), [.list([.double(.infinity)])])), "x[0]: JSON has no inf"),
    (map([(.double(1.5), .int(1))]), "1.5 is no key of a JSON object"),
    (.list([map([(.text("1"), .null), (.int(1), .null)])]), "[0]: two keys of the map are \"1\" as text"),
  ])
  func refusing(value: Value, message: String) {
    let error = #expect(throws: JSONWriteError.self) { try JSONWriter.write(value) }
    #expect(error?.description == message)
  }

  @Test func nestingHasALimit() throws {
    var value = Value.list([])
    for _ in 1..<JSONReader.depthLimit { value = .list([value]) }
    #expect(try JSONReader.read(JSONWriter.write(value)) == value)
    let error = #expect(throws: JSONWriteError.self) { try JSONWriter.write(.list([value])) }
    #expect(error?.message == "nested more than 512 deep")
  }

  @Test func depthIsAnOption() throws {
    var options = JSONWriter.Options()
    options.depth = 2
    #expect(try JSONWriter.write(.list([.list([])]), options) == Array("[[]]".utf8))
    let error = #expect(throws: JSONWriteError.self) { try JSONWriter.write(.list([.list([.map(.empty)])]), options) }
    #expect(error?.description == "[0][0]: nested more than 2 deep")
  }

  @Test(arguments: ["null", "[1,2]", #"{"a":"bc"}"#, #""some text""#, "[[[]]]"])
  func sizeHasALimit(text: String) throws {
    let value = try JSONReader.read(Array(text.utf8))
    var options = JSONWriter.Options()
    options.limit = text.utf8.count
    #expect(try JSONWriter.write(value, options) == Array(text.utf8))
    options.limit = text.utf8.count - 1
    let error = #expect(throws: JSONWriteError.self) { try JSONWriter.write(value, options) }
    #expect(error?.message == "the text has more than the limit of \(text.utf8.count - 1) bytes")
  }

  /// A list of twice a list of twice a list: small, and its text has 2^40 parts.
  @Test func sharedPartsAreStoppedByTheLimit() {
    var lists = Value.list([])
    var maps = Value.map(.empty)
    for _ in 0..<40 {
      lists = .list([lists, lists])
      maps = map([(.text("a"), maps), (.text("b"), maps)])
    }
    var options = JSONWriter.Options()
    options.limit = 100_000
    for value in [lists, maps] {
      #expect(throws: JSONWriteError.self) { try JSONWriter.write(value, options) }
    }
    options.limit = 1_000_000
    #expect(throws: JSONWriteError.self) {
      try JSONWriter.write(.bytes([UInt8](repeating: 0, count: 750_001)), options)
    }
  }

  @Test func whatIsWrittenReadsBack() throws {
    var random = SeededGenerator(5)
    for _ in 0..<3000 {
      let value = randomJSON(&random, depth: 4)
      #expect(try JSONReader.read(JSONWriter.write(value)) == value)
      #expect(try JSONReader.read(JSONWriter.write(value, indented: true)) == value)
    }
  }

  private func randomJSON(_ random: inout SeededGenerator, depth: Int) -> Value {
    switch Int.random(in: 0...(depth > 0 ? 7 : 5), using: &random) {
    case 0: return .null
    case 1: return .bool(Bool.random(using: &random))
    case 2: return .int(Int64.random(in: .min ... .max, using: &random))
    case 3: return .uint(UInt64.random(in: (1 << 63) ... .max, using: &random))
    case 4:
      let number = Double(bitPattern: UInt64.random(in: .min ... .max, using: &random))
      return .double(number.isFinite ? number : 0.5)
    case 5: return .string(randomText(&random))
    case 6: return .list((0..<Int.random(in: 0...4, using: &random)).map { _ in randomJSON(&random, depth: depth - 1) })
    default:
      let keys = Set((0..<Int.random(in: 0...12, using: &random)).map { _ in randomText(&random) })
      return map(keys.map { (.string($0), randomJSON(&random, depth: depth - 1)) })
    }
  }

  private func randomText(_ random: inout SeededGenerator) -> Text {
    let scalars = (0..<Int.random(in: 0...20, using: &random)).map { _ -> Unicode.Scalar in
      Unicode.Scalar(UInt32.random(in: 0...(Bool.random(using: &random) ? 0x7F : 0x1F64F), using: &random)) ?? "-"
    }
    return Text(String(String.UnicodeScalarView(scalars)))
  }
}

/// A map with these entries.
func map(_ entries: [(Value, Value)]) -> Value {
  .map(MapValue(distinct: entries.map { MapValue.Entry(key: $0, value: $1) }))
}
