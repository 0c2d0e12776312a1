import DxshExpressions
import Testing

@Suite struct RegexTests {
  private static let matchCases: [(String, String, Bool)] = [
    ("hubba", "ubb", true), ("grey", "gr(a|e)y", true), ("", "", true), ("abc", "^b", false), ("abc", "c$", true),
    ("🐱😀😀", "(a|😀){2}", true), ("a\nb", "a.b", false), ("a\nb", "(?s)a.b", true), ("é", "^.$", true),
    ("ÄÖ", #"^\pL{2}$"#, true), ("É", "(?i)é", true), ("a+b", #"\Qa+b\E"#, true), ("C", #"\QC\E"#, true),
    (#"\C"#, #"\\C"#, true), ("foo.com", "^[a-z]+[.]com$", true), ("a\0b", "a\0b", true), ("aaa", "a{2}$", true),
  ]

  @Test(arguments: matchCases)
  func matches(text: String, pattern: String, expected: Bool) throws {
    try FunctionCase("matches", .text(text), .text(pattern), gives: .bool(expected)).check()
    try FunctionCase("matches_string", .text(text), .text(pattern), gives: .bool(expected)).check()
  }

  @Test(arguments: [
    FunctionCase("matches", .text("a"), .text("("), fails: "\"(\" is no regular expression: missing )"),
    FunctionCase("matches", .text("a"), .text("*"), fails: "is no regular expression"),
    FunctionCase("matches", .text("a"), .text("(?=a)"), fails: "is no regular expression"),
    FunctionCase("matches", .text("a"), .text(#"(a)\1"#), fails: "is no regular expression"),
    FunctionCase("matches", .text("a"), .text(#"a\C"#), fails: #"`\C` is not supported"#),
    FunctionCase("matches", .text("a"), .text(#"\Q\\E\C"#), fails: #"`\C` is not supported"#),
    FunctionCase("matches", .text("a"), .text("a{1001}"), fails: "is no regular expression"),
    FunctionCase("matches", .text("a"), .text(#"(\pL{30}){30}"#), fails: "needs more memory", .limit),
    FunctionCase(
      "matches", .text("a"), .text(String(repeating: "a", count: 10_001)), fails: "at most 10000 bytes", .limit),
    FunctionCase("matches", .int(1), .text("a"), fails: "`matches` does not take 1, \"a\""),
    FunctionCase("matches_string", .text("a"), .int(1), fails: "`matches` does not take \"a\", 1"),
  ])
  func refusing(call: FunctionCase) throws { try call.check() }

  @Test(.timeLimit(.minutes(1))) func timeIsLinear() throws {
    let text = String(repeating: "a", count: 100_000) + "b"
    for pattern in ["(a+)+$", "(a*)*c", "(a|aa)+$", "(?:a?){50}a{50}$", "(.*)(.*)(.*)(.*)(.*)[^ab]"] {
      try FunctionCase("matches", .text(text), .text(pattern), gives: .bool(false)).check()
    }
  }

  @Test func onePatternServesManyThreads() async throws {
    let pattern = try RegularExpression("(a|b)*c|d$")
    try await withThrowingTaskGroup { group in
      for number in 0..<8 {
        group.addTask {
          for count in 0..<200 {
            let text = Array(String(repeating: "ab", count: count).utf8) + (number % 2 == 0 ? [0x63] : [0x65])
            let isFound = try pattern.matches(text)
            #expect(isFound == (number % 2 == 0))
          }
        }
      }
      try await group.waitForAll()
    }
  }

  private static let replacements: [(String, String, String, String)] = [
    ("abc", "^", "start_", "start_abc"), ("abc", "$", "_end", "abc_end"), ("a-b", #"\b"#, "|", "|a|-|b|"),
    ("foo bar", "(fo)o (ba)r", #"\2 \1"#, "ba fo"), ("foo bar", "foo", #"\\"#, #"\ bar"#),
    ("banana", "ana", "x", "bxna"), ("ac", "a(b)?c", #"[\1]"#, "[]"), ("foo bar", #"\w+"#, #"(\0)"#, "(foo) (bar)"),
    ("", "a", "b", ""), ("a b", "(?P<x>a)", "${x} $1", "${x} $1 b"), ("hello ☃", "☃", "❄", "hello ❄"),
    ("abc", "", "-", "-a-b-c-"), ("é😀", "", "-", "-é-😀-"), ("baac", "a*", "x", "xbxcx"), ("éa", #"\B"#, "-", "-éa"),
    ("aéa", #"\B"#, "-", "aéa"), ("nothing", "x", #"\q"#, "nothing"),
    ("abcdefghijk", "(a)(b)(c)(d)(e)(f)(g)(h)(i)(j)(k)", #"\9\1"#, "ia"),
  ]

  @Test(arguments: replacements)
  func replacing(text: String, pattern: String, replacement: String, expected: String) throws {
    try FunctionCase(
      "regex_replace_string_string_string", .text(text), .text(pattern), .text(replacement), gives: .text(expected)
    ).check()
    try FunctionCase(
      "regex_replace_string_string_string_int", .text(text), .text(pattern), .text(replacement), .int(-12),
      gives: .text(expected)
    ).check()
  }

  private static let replace = "regex_replace_string_string_string_int"

  @Test(arguments: [
    FunctionCase(replace, .text("banana"), .text("a"), .text("x"), .int(0), gives: .text("banana")),
    FunctionCase(replace, .text("banana"), .text("a"), .text("x"), .int(1), gives: .text("bxnana")),
    FunctionCase(replace, .text("banana"), .text("a"), .text("x"), .int(2), gives: .text("bxnxna")),
    FunctionCase(replace, .text("banana"), .text("a"), .text("x"), .int(.max), gives: .text("bxnxnx")),
    FunctionCase(replace, .text("banana"), .text("("), .text(#"\"#), .int(0), gives: .text("banana")),
    FunctionCase(replace, .text("banana"), .text("("), .text("x"), .int(1), fails: "is no regular expression"),
    FunctionCase(replace, .text("test"), .text("(.)"), .text(#"\2"#), .int(1), fails: "no group 2, the pattern has 1"),
    FunctionCase(replace, .text("test"), .text("t"), .text(#"v: \v"#), .int(1), fails: #"behind \ stands a digit"#),
    FunctionCase(replace, .text("test"), .text("t"), .text(#"v: \"#), .int(1), fails: #"it ends in \"#),
    FunctionCase(replace, .text("test"), .text("t"), .text("x"), .null, fails: "`regex.replace` does not take"),
    FunctionCase("regex_replace_string_string_string", .text("a"), .int(1), .text("x"), fails: "does not take"),
    FunctionCase("regex_replace_string_string_string", .null, .text("a"), .text("x"), fails: "does not take"),
  ])
  func replacingSome(call: FunctionCase) throws { try call.check() }

  private static let extractions: [(String, String, String?)] = [
    ("hello world", "hello(.*)", " world"), ("item-A, item-B", #"item-(\w+)"#, "A"), ("4122345432", "22", "22"),
    ("HELLO", "hello", nil), ("", #"\w+"#, nil), ("ac", "a(b)?c", nil), ("ac", "a(b*)c", nil), ("ac", "b*", ""),
    ("x é", "(?:x) (é)", "é"),
  ]

  @Test(arguments: extractions)
  func extracting(text: String, pattern: String, expected: String?) throws {
    let found = expected.map { Value.text($0) }
    try FunctionCase(
      "regex_extract_string_string", .text(text), .text(pattern), gives: found.map { .box(.optional($0)) } ?? .none
    ).check()
    try FunctionCase("regex_extract_string_string_dxsh", .text(text), .text(pattern), gives: found ?? .none).check()
  }

  private static let allExtractions: [(String, String, [String])] = [
    ("id:123, id:456", "assa", []), ("id:123, id:456", #"id:\d+"#, ["id:123", "id:456"]),
    ("Files: f_1.txt, f_2.csv", #"f_(\d+)"#, ["1", "2"]), ("banananana", "(ana)", ["ana", "ana"]),
    ("val=a, val=, val=c", "val=([^,]*)", ["a", "c"]), ("a b c", #"(\S*)\s*"#, ["a", "b", "c"]),
    ("baac", "a*", ["", "aa", ""]), ("é", "", ["", ""]), ("a\nb", "(?m)^.", ["a", "b"]),
  ]

  @Test(arguments: allExtractions)
  func extractingAll(text: String, pattern: String, expected: [String]) throws {
    try FunctionCase(
      "regex_extractAll_string_string", .text(text), .text(pattern), gives: .list(expected.map { .text($0) })
    ).check()
  }

  @Test(arguments: [
    FunctionCase("regex_extract_string_string", .text("a"), .text("(a)(b)"), fails: "has 2 groups that capture"),
    FunctionCase("regex_extractAll_string_string", .text("a"), .text("(a)(b)"), fails: "has 2 groups that capture"),
    FunctionCase("regex_extractAll_string_string", .text("a"), .text("[a-z"), fails: "is no regular expression"),
    FunctionCase("regex_extract_string_string", .text("a"), .int(1), fails: "`regex.extract` does not take"),
    FunctionCase("regex_extractAll_string_string", .null, .text("a"), fails: "`regex.extractAll` does not take"),
  ])
  func extractingFails(call: FunctionCase) throws { try call.check() }
}
