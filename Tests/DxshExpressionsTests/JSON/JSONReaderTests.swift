import DxshExpressions
import DxshTestSupport
import Testing

@Suite struct JSONReaderTests {
  @Test(arguments: [
    ("null", Value.null), ("true", .bool(true)), ("false", .bool(false)), (" \t\r\n1 ", .int(1)),
    ("0", .int(0)), ("-0", .int(0)), ("-17", .int(-17)), ("9223372036854775807", .int(.max)),
    ("-9223372036854775808", .int(.min)), ("9223372036854775808", .uint(9_223_372_036_854_775_808)),
    ("18446744073709551615", .uint(.max)), ("1.5", .double(1.5)), ("1.0", .double(1)), ("1e2", .double(100)),
    ("1E+2", .double(100)), ("25e-1", .double(2.5)), ("-0.0", .double(-0.0)), ("0.1", .double(0.1)),
    ("123456789012345678901234567890.0", .double(1.2345678901234568e29)), ("1e-400", .double(0)),
    ("5e-324", .double(.leastNonzeroMagnitude)), ("1.7976931348623157e308", .double(1.7976931348623157e308)),
    ("9007199254740993.0", .double(9_007_199_254_740_992)), ("0.30000000000000004", .double(0.30000000000000004)),
    (#""""#, .text("")), (#""a\"\\\/\b\f\n\r\tz""#, .text("a\"\\/\u{8}\u{c}\n\r\tz")),
    (#""\u0041\u00e9\u20ac\ud83d\ude00""#, .text("Aé€😀")), (#""é€😀""#, .text("é€😀")), (#""\u0000""#, .text("\0")),
    ("[]", .list([])), ("[ ]", .list([])), ("[1 , [2],[]]", .list([.int(1), .list([.int(2)]), .list([])])),
    ("\"a text of more than eight bytes\"", .text("a text of more than eight bytes")),
  ])
  func reading(text: String, value: Value) throws {
    let read = try JSONReader.read(Array(text.utf8))
    #expect(kind(read) == kind(value) && read == value)
  }

  @Test func objectsKeepTheirOrder() throws {
    let value = try JSONReader.read(Array(#"{ "b" : 1, "a":{}, "": [ {"b":2} ] }"#.utf8))
    guard case .map(let map) = value else {
      Issue.record("expected a map, found \(value.summary)")
      return
    }
    #expect(map.entries.map(\.key) == [.text("b"), .text("a"), .text("")])
    #expect(map["b"] == .int(1))
  }

  @Test(arguments: [
    ("", 1, 1, "expected a value, found the end of the text"),
    ("  ", 1, 3, "expected a value, found the end of the text"),
    ("1 2", 1, 3, "expected the end of the text, found '2'"),
    ("\u{FEFF}1", 1, 1, "expected a value, found a byte order mark"),
    ("tru", 1, 1, "expected a value, found 't'"), ("nul", 1, 1, "expected a value, found 'n'"),
    ("NaN", 1, 1, "expected a value, found 'N'"), ("'a'", 1, 1, "expected a value, found a single quote"),
    ("01", 1, 1, "a number may not begin with a zero"), ("-", 1, 2, "expected a digit, found the end of the text"),
    ("+1", 1, 1, "expected a value, found '+'"), (".5", 1, 1, "expected a value, found '.'"),
    ("1.", 1, 3, "expected a digit after the point, found the end of the text"),
    ("1e", 1, 3, "expected a digit in the exponent, found the end of the text"),
    ("1e400", 1, 1, "the number is out of the range of a double"),
    ("18446744073709551616", 1, 1, "the integer is out of range; with a fraction or an exponent it would be a double"),
    ("-9223372036854775809", 1, 1, "the integer is out of range; with a fraction or an exponent it would be a double"),
    ("[1,]", 1, 4, "expected a value, found ']'"), ("[1 2]", 1, 4, "expected a comma or ']', found '2'"),
    ("[", 1, 2, "expected a value, found the end of the text"),
    ("{\"a\" 1}", 1, 6, "expected a colon, found '1'"), ("{a: 1}", 1, 2, "expected a key in double quotes, found 'a'"),
    ("{\"a\":1,}", 1, 8, "expected a key in double quotes, found '}'"),
    ("{\"a\":1", 1, 7, "expected a comma or '}', found the end of the text"),
    ("[\n  1,\n  {\"a\": 1, \"a\": 2}]", 3, 3, "the object that begins here has the key \"a\" twice"),
    ("\"a", 1, 1, "the string does not end"), ("\"a\\", 1, 3, "the string does not end"),
    ("\"é\n\"", 1, 3, "a string may not hold the control character 10 without an escape"),
    ("\"\\x\"", 1, 2, "unknown escape"), ("\"\\u12\"", 1, 2, "an escape \\u needs four hexadecimal digits"),
    ("\"\\ud800\"", 1, 2, "half of a surrogate pair"), ("\"\\ud800\\u0041\"", 1, 2, "half of a surrogate pair"),
    ("\"\\udc00\"", 1, 2, "half of a surrogate pair"),
    ("{\"é\":\n[\"ö\", x]}", 2, 7, "expected a value, found 'x'"),
  ])
  func refusing(text: String, line: Int, column: Int, message: String) {
    let error = #expect(throws: JSONError.self) { try JSONReader.read(Array(text.utf8)) }
    #expect(error?.line == line && error?.column == column, "\(String(describing: error))")
    #expect(error?.message == message)
  }

  @Test(arguments: [
    [0x22, 0xFF, 0x22], [0x22, 0xC0, 0xAF, 0x22], [0x22, 0xED, 0xA0, 0x80, 0x22], [0x22, 0xE2, 0x82, 0x22],
  ])
  func textThatIsNotUTF8(bytes: [UInt8]) {
    let error = #expect(throws: JSONError.self) { try JSONReader.read(bytes) }
    #expect(error?.message == "the text is not UTF-8")
    #expect(error?.offset == 1)
  }

  @Test(arguments: [8, 9, 40])
  func repeatedKeysInObjectsOfEverySize(count: Int) throws {
    let distinct = (0..<count).map { "\"k\($0)\":\($0)" }
    let value = try JSONReader.read(Array("{\(distinct.joined(separator: ","))}".utf8))
    guard case .map(let map) = value else { return }
    #expect(map.entries.count == count)
    #expect(map["k\(count - 1)"] == .int(Int64(count - 1)))
    let repeated = distinct + ["\"k\(count / 2)\":0"]
    #expect(throws: JSONError.self) { try JSONReader.read(Array("{\(repeated.joined(separator: ","))}".utf8)) }
    #expect(throws: JSONError.self) { try JSONReader.read(Array(#"{"a":1,"\u0061":2}"#.utf8)) }
  }

  @Test func nestingHasALimit() throws {
    let limit = JSONReader.depthLimit
    _ = try JSONReader.read(nested(limit))
    let error = #expect(throws: JSONError.self) { try JSONReader.read(nested(limit + 1)) }
    #expect(error?.message == "nested more than \(limit) deep")
    #expect(throws: JSONError.self) { try JSONReader.read([UInt8](repeating: 0x5B, count: 1_000_000)) }
  }

  @Test func anyBytesEndInAValueOrAnError() {
    var random = SeededGenerator(3)
    let alphabet = Array("{}[]\",:0123456789.eE+-truefalsn\\u \n\u{e9}".utf8) + [0xFF]
    for _ in 0..<20_000 {
      let bytes = (0..<Int.random(in: 0...24, using: &random)).map { _ in alphabet.randomElement(using: &random) ?? 0 }
      do throws(JSONError) {
        _ = try JSONReader.read(bytes)
      } catch {
        #expect(error.offset >= 0 && error.offset <= bytes.count && error.line >= 1 && error.column >= 1)
      }
    }
  }

  private func nested(_ depth: Int) -> [UInt8] {
    [UInt8](repeating: 0x5B, count: depth) + [UInt8](repeating: 0x5D, count: depth)
  }

  /// The case alone, since `==` compares numbers across kinds.
  private func kind(_ value: Value) -> String {
    "\(value)".prefix { $0 != "(" }.description
  }
}
