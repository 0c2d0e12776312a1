import DxshSyntax
import DxshTestSupport
import Testing

/// What is wrong with a document is said once, at its place, and the rest is read.
@Suite struct YAMLMistakeTests {
  /// `E0009 text at the range`, for each diagnostic.
  private func found(_ text: String) -> [String] {
    let file = yamlFile(text)
    return parse(file).diagnostics.map { "\($0.code.rawValue) \(file.text($0.range))" }
  }

  /// The text after all fixes.
  private func mended(_ text: String) -> String {
    var bytes = Array(text.utf8)
    let edits = parse(yamlFile(text)).diagnostics.compactMap(\.fix).flatMap(\.edits)
    for edit in edits.sorted(by: { $0.range.start > $1.range.start }) {
      bytes.replaceSubrange(Int(edit.range.start)..<Int(edit.range.end), with: edit.replacement.utf8)
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  @Test(arguments: [
    ("{ x: ${a} }", "${a}", "{ x: \"${a}\" }"),
    ("[${a}, ${m[\"k\"]}]", "${a}|${m[\"k\"]}", "[\"${a}\", '${m[\"k\"]}']"),
    ("${c ? 1 : 2}", "${c ? 1 : 2}", "\"${c ? 1 : 2}\""), ("\"${m[\"k\"]}\"", "\"${m[\"k\"]}\"", "'${m[\"k\"]}'"),
    ("yes", "yes", "\"yes\""), ("~", "~", "\"~\""), (".inf", ".inf", "\".inf\""), ("0o7", "0o7", "\"0o7\""),
    ("1:30", "1:30", "\"1:30\""), ("[on, OFF]", "on|OFF", "[\"on\", \"OFF\"]"), ("@daily", "@daily", "\"@daily\""),
    ("* * * * *", "* * * * *", "\"* * * * *\""), ("*/5 * * * *", "*/5 * * * *", "\"*/5 * * * *\""),
    ("text with: colon", "text with: colon", "\"text with: colon\""),
    ("{ a: really? }", "really?", "{ a: \"really?\" }"),
    ("[a, { cron: */5 * * * * }]", "*/5 * * * *", "[a, { cron: \"*/5 * * * *\" }]"),
  ])
  func trapsGiveOneDiagnosticWithAFix(_ value: String, _ places: String, _ fixed: String) {
    let text = "consts:\n  before: 1\n  c: \(value)\n  after: 2\n"
    #expect(found(text) == places.split(separator: "|").map { "E0009 \($0)" })
    #expect(mended(text) == "consts:\n  before: 1\n  c: \(fixed)\n  after: 2\n")
    #expect(found(mended(text)) == [])
    #expect(readYAML(text).tree.hasPrefix("(const before 1)") && readYAML(text).tree.hasSuffix("(const after 2)"))
  }

  @Test(arguments: [
    ("{ x: map<string, int> }", "map<string, int>"), ("{ x: string? }", "string?"),
    ("{ x: map<string, { a: list<int> }>, y: int }", "map<string, { a: list<int> }>"),
  ])
  func typesBetweenBracketsStandInQuotes(_ type: String, _ place: String) {
    let text = "types:\n  A: \(type)\n  B: int\n"
    #expect(found(text) == ["E0009 \(place)"])
    #expect(mended(text) == "types:\n  A: \(type.replacing(place, with: "\"\(place)\""))\n  B: int\n")
    #expect(readYAML(text).tree == readYAML(mended(text)).tree)
  }

  @Test(arguments: [
    ("workflows:\n  w:\n    on: {}\n", "E0009 on"), ("consts:\n  c: { no: 1 }\n", "E0009 no"),
    ("consts:\n\tc: 1\n", "E0007 \t"), ("consts:\n  c: !x 1\n", "E0008 !x"),
    ("consts: {}\n---\nconsts: {}\n", "E0008 ---"),
    ("consts:\n  ? [a]\n  : 1\n", "E0008 ["), ("consts:\n  c: *x\n", "E0101 *x"),
    ("consts:\n  c: &a [*a]\n", "E0008 *a"),
    ("consts:\n  a: 1\n  a: 2\n", "E0012 a"), ("conts:\n  a: 1\n", "E0011 conts"), ("consts: [1]\n", "E0014 ["),
    ("workflows:\n  w:\n    do:\n      - step: s\n", "E0013 step"),
    ("consts:\n  c: { a: 1, \"b\": 2 }\n", "E0001 \"b\""),
    ("consts:\n  c: \"${1 +}\"\n", "E0001 }"), ("consts:\n  c: \"a ${x\"\n", "E0003 ${"),
    ("consts:\n  c: 'a\n", "E0003 'a"),
    ("consts:\n  c: { a: 1\n", "E0007 "), ("consts:\n  a: 1\n b: 2\n", "E0007 b"), ("consts:\n  c:\n", "E0014 "),
    ("consts:\n  c: \"a\u{200B}b\"\n", "E0006 \u{200B}"), ("consts:\n  c: a\u{7}b\n", "E0006 \u{7}"),
    ("consts:\n  c: \"\\q\"\n", "E0007 \\"), ("consts:\n  if: 1\n", "E0010 if"), ("consts:\n  a b: 1\n", "E0014 a b"),
    ("workflows:\n  w:\n    do:\n      - lte: x\n        value: 1\n", "E0010 lte"), ("enums:\n  E: a\n", "E0014 a"),
    ("workflows:\n  w:\n    do:\n      - let: x\n        value: 1\n        type: list<\n", "E0001 "),
    ("## nothing\nconsts: {}\n", "W0011 ## nothing"),
    ("consts:\n  c: 99999999999999999999\n", "E0004 99999999999999999999"),
  ])
  func mistakesAreSaidAtTheirPlace(_ text: String, _ problem: String) {
    #expect(found(text) == [problem])
  }

  @Test(arguments: [
    ("|\n    one ${x}\n    two ${y +}\n", "E0001 4:14"), (">\n    one\n    ${y +} two\n", "E0001 4:10"),
    ("\"\\t\\u00e9 ${y +}\"\n", "E0001 2:21"), ("'it''s ${y +}'\n", "E0001 2:18"), ("\"é ${y +}\"\n", "E0001 2:14"),
    ("one\n    ${y +}\n", "E0001 3:10"), ("|2\n    one ${y +}\n", "E0001 3:14"),
  ])
  func placesInTextsAreThoseOfTheFile(_ value: String, _ problem: String) {
    #expect(readYAML("consts:\n  c: \(value)").problems == [problem])
  }

  @Test func aliasesAreReportedAtTheirUse() throws {
    let file = yamlFile("consts:\n  a: &a \"${1 +}\"\n  b: *a\n  c: &d { x: 1 }\ntypes:\n  T: *d\n")
    let diagnostics = parse(file).diagnostics
    #expect(problems(diagnostics, in: file) == ["E0001 2:15", "E0001 6:6"])
    #expect(diagnostics[1].related.map { file.text($0.range) } == ["1"])
  }
}
