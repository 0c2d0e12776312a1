import DxshExpressions
import Testing

/// The corners of RFC 8259, as JSONTestSuite (N. Seriot, "Parsing JSON is a Minefield") groups them: what every reader
/// must take, what it must refuse, and what it may decide, with what is decided here.
@Suite struct JSONConformanceTests {
  @Test(arguments: [
    // Arrays and objects.
    "[[]   ]", "[]", "[1\n]", " [1]", "[1,null,null,null,2]", "[2] ", #"["a"]"#, "[false]", "[null, 1, \"1\", {}]",
    "{}", #"{"":0}"#, #"{"a":[]}"#, #"{"foo\u0000bar": 42}"#, #"{"a": 1, "b": 2}"#, "{\n\"a\": \"b\"\n}",
    #"{"title":"\u041f\u043e\u043b" }"#, "{\"a\"\t:\r\n1}",
    // Numbers.
    "[123e65]", "[0e+1]", "[0e1]", "[ 4]", "[-0.000000000000000000000000000000000000000000000000000000000000000001]",
    "[20e1]", "[-0]", "[-123]", "[-1]", "[-0.0]", "[1E22]", "[1E-2]", "[1E+2]", "[123e45]", "[123.456e78]", "[1e-2]",
    "[1e+2]", "[123]", "[123.456789]", "[0.5e0007]", "[1e-10000]",
    // Strings.
    #"["\u0060\u012a\u12AB"]"#, #"["\uD801\udc37"]"#, #"["\ud83d\ude39\ud83d\udc8d"]"#,
    #"["\"\\\/\b\f\n\r\t"]"#, #"["\\u0000"]"#, #"["\""]"#, #"["a/*b*/c/*d//e"]"#, #"["\\a"]"#, #"["\\n"]"#,
    #"["\u0012"]"#, #"["\uFFFF"]"#, #"["\uDBFF\uDFFF"]"#, #"["new\u00A0line"]"#, "[\"\u{10FFFF}\"]", "[\"\u{FFFF}\"]",
    #"["\u0000"]"#, #"["\u002c"]"#, "[\"π\"]", "[\"\u{1BFFF}\"]", #"["asd "]"#, #"" ""#, #"["\u0821"]"#,
    "[\"\u{2028}\"]", "[\"\u{2029}\"]", #"["\u200B"]"#, #"["\u2064"]"#, #"["\uFDD0"]"#, #"["\u0022"]"#, "[\"\u{7F}\"]",
    "[\"€𝄞\"]", #"["aa\u00e9"]"#, "[\"a\u{7f}a\"]",
    // Scalars alone, white space.
    "false", "42", "-0.1", "null", #""asd""#, "true", #""""#, "[\"a\"]\n", "[true]", " [] ", "\t\n\r 1\r\n\t ",
  ])
  func mustBeRead(text: String) {
    #expect(throws: Never.self) { try JSONReader.read(Array(text.utf8)) }
  }

  @Test(arguments: [
    // Arrays.
    "[1 true]", "[\"\": 1]", "[\"\"],", "[,1]", "[1,,2]", "[\"x\",,]", "[\"x\"]]", "[\"\",]", "[\"x\"", "[x", "[3[4]]",
    "[1:2]", "[,]", "[-]", "[   , \"\"]", "[\"a\",\n4\n,1,", "[1,]", "[1,,]", "[\"\u{B}a\"\\f]", "[*]", "[\"\"", "[1,",
    "[1,\n1\n,1", "[{}", "[fals]", "[nul]", "[tru]", "]", "[1]]",
    // Numbers.
    "[++1234]", "[+1]", "[+Inf]", "[-01]", "[-1.0.]", "[-2.]", "[-NaN]", "[.-1]", "[.2e-3]", "[0.1.2]", "[0.3e+]",
    "[0.3e]", "[0.e1]", "[0E+]", "[0E]", "[0e+]", "[0e]", "[1.0e+]", "[1.0e-]", "[1.0e]", "[1 000.0]", "[1eE2]",
    "[2.e+3]", "[2.e-3]", "[2.e3]", "[9.e+]", "[Inf]", "[NaN]", "[１]", "[1+2]", "[0x1]", "[0x42]", "[Infinity]",
    "[0e+-1]", "[-123.123foo]", "[-Infinity]", "[-foo]", "[- 1]", "[-012]", "[-.123]", "[-1x]", "[1ea]", "[1.]",
    "[.123]",
    "[1.2a-3]", "[1.8011670033376514H-308]", "[012]", "-", "1.", ".5", "1e", "00", "-00", "0 0", "1_000",
    // Objects.
    #"["x", truth]"#, "{[: \"x\"}", #"{"x", null}"#, #"{"x"::"b"}"#, "{🇨🇭}", #"{"a":"a" 123}"#, "{key: 'value'}",
    #"{"a" b}"#, #"{:"b"}"#, #"{"a" "b"}"#, #"{"a":"#, #"{"a""#, "{1:1}", "{9999E9999:1}", "{null:null,null:null}",
    #"{"id":0,,,,,}"#, "{'a':0}", #"{"id":0,}"#, #"{"a":"b"}/**/"#, #"{"a":"b"}//"#, #"{"a":/**/"b"}"#,
    #"{"a":"b",,"c":"d"}"#, #"{a: "b"}"#, #"{"a":"a"#, #"{ "foo" : "bar", "a" }"#, #"{"a":"b"}#"#, "{,}", "}", "{]",
    "[}",
    // Strings.
    #"["\uD800\"]"#, #"["\uD800\u"]"#, #"["\uD800\u1"]"#, #"["\uD800\u1x"]"#, "[é]", #"["\x00"]"#, #"["\\\"]"#,
    "[\"\\\t\"]", "[\"\\🌀\"]", #"["\"]"#, #"["\u00A"]"#, #"["\uD834\uDd"]"#, #"["\uD800\uD800\x"]"#, #"["\a"]"#,
    #"["\uqqqq"]"#, "[\\u0020\"asd\"]", "[\\n]", "\"", "['single quote']", "abc", "[\"\\", "[\"new\nline\"]",
    "[\"\t\"]", "\"\\UA66D\"", "[\"a\u{1f}a\"]", "[\"\u{0}\"]", #"["\u{41}"]"#,
    // Structure.
    "", " ", "<.>", "[<null>]", "[1]x", "[\"asd]", "aå", "[True]", "1]", #"{"x": true,"#, "[][]", "2@", "{}}", "{\"\":",
    #"{"a":/*comment*/"b"}"#, #"{"a": true} "x""#, "[", "[\"a\",", "['", "{", "{\"a", "*", "{\"a\":\"b\"}#{}",
    "[\\u000A\"\"]",
    "[1", "[ false, true", "å", "\u{2060}", "\u{FEFF}", "\u{FEFF}{}", "[\u{C}]", "[\u{B}]", "\u{A0}1", "\u{2028}1",
    "\u{0}",
    "[1]\u{0}", "\u{85}[]", "nulL", "TRUE", "truefalse", "null\u{0}",
  ])
  func mustBeRefused(text: String) {
    #expect(throws: JSONError.self) { try JSONReader.read(Array(text.utf8)) }
  }

  /// Where bytes stand that no text of Swift has: in a string, at the offset of each.
  @Test(arguments: [
    [0xE0, 0xFF], [0xFC, 0x80, 0x80, 0x80, 0x80, 0x80], [0xC0, 0xAF], [0xC1, 0xBF], [0xE0, 0x80, 0xAF],
    [0xF0, 0x80, 0x80, 0xAF], [0xED, 0xA0, 0x80], [0xED, 0xBF, 0xBF], [0x81], [0xBF], [0xFF], [0xFE], [0xE5],
    [0xF4, 0x90, 0x80, 0x80], [0xF4, 0xBF, 0xBF, 0xBF], [0xF5, 0x80, 0x80, 0x80], [0xE2, 0x82], [0xF0, 0x9F, 0x98],
    [0xC3], [0xE6, 0x97, 0x41], [0xC3, 0x28],
  ])
  func bytesThatAreNotUTF8(bytes: [UInt8]) {
    for prefix in ["", "a", "é", #"\n"#, "sixteen bytes of", #"é\u00e9 twenty bytes more than eight"#] {
      for end in ["", "\"", " and text behind it\""] {
        let text = [0x22] + Array(prefix.utf8) + bytes + Array(end.utf8)
        let error = #expect(throws: JSONError.self) { try JSONReader.read(text) }
        #expect(error?.message == "the text is not UTF-8")
        #expect(error?.offset == 1 + prefix.utf8.count)
      }
    }
    #expect(throws: JSONError.self) { try JSONReader.read(bytes) }
    #expect(throws: JSONError.self) { try JSONReader.read([0x5B] + bytes + [0x5D]) }
    #expect(throws: JSONError.self) { try JSONReader.read(Array("{\"a".utf8) + bytes + Array("\":1}".utf8)) }
  }

  /// What RFC 8259 leaves to the reader.
  @Test(arguments: [
    ("[1e400]", false), ("[-1e9999]", false), ("[123123e100000]", false), ("[1e-400]", true), ("[123e-10000000]", true),
    ("[0.4e00669999999999999999999999999999999999999999]", false), ("[-1e+99999999999999999999]", false),
    ("[0e99999999999999999999]", true), ("[100000000000000000000]", false),
    ("[-123123123123123123123123123123]", false),
    (#"["\uDADA"]"#, false), (#"["\uD888\u1234"]"#, false), (#"["\uD800\n"]"#, false), (#"["\uDd1ea"]"#, false),
    (#"["\uD800\uD800"]"#, false), (#"["\ud800"]"#, false), (#"["\ud800abc"]"#, false), (#"["\uDFAA"]"#, false),
    (#"["\uDd1e\uD834"]"#, false), (#"{"a":1,"a":1}"#, false), (#"{"\uDFAA":0}"#, false),
    ("\u{FEFF}[]", false), ("[1.0000000000000000000000000000000000000000000000000001]", true),
  ])
  func mayBeDecided(text: String, isRead: Bool) {
    #expect(((try? JSONReader.read(Array(text.utf8))) != nil) == isRead)
  }

  /// A text in UTF-16, with and without a byte order mark.
  @Test(arguments: [[0xFF, 0xFE, 0x5B, 0, 0x5D, 0], [0xFE, 0xFF, 0, 0x5B, 0, 0x5D], [0x5B, 0, 0x5D, 0], [0, 0x5B]])
  func otherEncodings(bytes: [UInt8]) {
    #expect(throws: JSONError.self) { try JSONReader.read(bytes) }
  }

  /// Every beginning of a text is refused at its end or before, and reading it looks at nothing behind it.
  @Test func everyBeginningIsRefused() throws {
    let text = Array(
      #" {"name": "é\ud83d\ude00\n", "list": [1, -2.5e3, true, {"name": null}], "x": "a long text here"}"#.utf8)
    _ = try JSONReader.read(text)
    for count in text.indices {
      let error = #expect(throws: JSONError.self) { try JSONReader.read(Array(text[..<count])) }
      #expect((error?.offset ?? .max) <= count)
    }
  }
}
