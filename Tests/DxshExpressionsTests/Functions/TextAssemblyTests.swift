import DxshExpressions
import Testing

@Suite struct TextAssemblyTests {
  private static func list(_ parts: String...) -> Value { .list(parts.map { .text($0) }) }

  @Test(arguments: [
    FunctionCase("list_join", list("x", "y"), gives: .text("xy")),
    FunctionCase("list_join", list(), gives: .text("")),
    FunctionCase("list_join_string", list("x", "", "yz"), .text("-"), gives: .text("x--yz")),
    FunctionCase("list_join_string", list(), .text("-"), gives: .text("")),
    FunctionCase("list_join_string", list("é"), .text("-"), gives: .text("é")),
    FunctionCase("list_join", .list([.text("a"), .int(1)]), fails: "`join` does not take a list of 2, 1"),
    FunctionCase("list_join_string", list("a"), .int(1), fails: "`join` does not take a list of 1, 1"),
    FunctionCase("list_join", .text("a"), fails: "`join` does not take"),
  ])
  func join(call: FunctionCase) throws { try call.check() }

  @Test(arguments: [
    FunctionCase("string_split_string", .text("hello world"), .text(" "), gives: list("hello", "world")),
    FunctionCase("string_split_string", .text(",a,,b,"), .text(","), gives: list("", "a", "", "b", "")),
    FunctionCase("string_split_string", .text("aaa"), .text("aa"), gives: list("", "a")),
    FunctionCase("string_split_string", .text(""), .text(","), gives: list("")),
    FunctionCase("string_split_string", .text(""), .text(""), gives: list()),
    FunctionCase("string_split_string", .text("aé😀"), .text(""), gives: list("a", "é", "😀")),
    FunctionCase("string_split_string_int", .text("a b c"), .text(" "), .int(0), gives: list()),
    FunctionCase("string_split_string_int", .text("a b c"), .text(" "), .int(1), gives: list("a b c")),
    FunctionCase("string_split_string_int", .text("a b c"), .text(" "), .int(2), gives: list("a", "b c")),
    FunctionCase("string_split_string_int", .text("a b c"), .text(" "), .int(9), gives: list("a", "b", "c")),
    FunctionCase("string_split_string_int", .text("a b c"), .text(" "), .int(-1), gives: list("a", "b", "c")),
    FunctionCase("string_split_string_int", .text("a b c"), .text(" "), .int(.min), gives: list("a", "b", "c")),
    FunctionCase("string_split_string_int", .text("aé😀"), .text(""), .int(2), gives: list("a", "é😀")),
    FunctionCase("string_split_string_int", .text("aé"), .text(""), .int(2), gives: list("a", "é")),
    FunctionCase("string_split_string_int", .text("42"), .text("2"), .text("1"), fails: "`split` does not take"),
    FunctionCase("string_split_string", .text("42"), .int(2), fails: "`split` does not take"),
  ])
  func split(call: FunctionCase) throws { try call.check() }

  @Test(arguments: [
    FunctionCase(
      "string_replace_string_string", .text("hello hello"), .text("he"), .text("we"), gives: .text("wello wello")),
    FunctionCase("string_replace_string_string", .text("banana"), .text("ana"), .text("x"), gives: .text("bxna")),
    FunctionCase("string_replace_string_string", .text("aaa"), .text("a"), .text(""), gives: .text("")),
    FunctionCase("string_replace_string_string", .text("aé"), .text(""), .text("-"), gives: .text("-a-é-")),
    FunctionCase("string_replace_string_string", .text(""), .text(""), .text("-"), gives: .text("-")),
    FunctionCase("string_replace_string_string", .text(""), .text("a"), .text("-"), gives: .text("")),
    FunctionCase("string_replace_string_string", .text("α©"), .text("α"), .text("o©α"), gives: .text("o©α©")),
    FunctionCase(
      "string_replace_string_string_int", .text("aaa"), .text("a"), .text("bb"), .int(0), gives: .text("aaa")),
    FunctionCase(
      "string_replace_string_string_int", .text("aaa"), .text("a"), .text("bb"), .int(2), gives: .text("bbbba")),
    FunctionCase(
      "string_replace_string_string_int", .text("aaa"), .text("a"), .text("b"), .int(-7), gives: .text("bbb")),
    FunctionCase(
      "string_replace_string_string_int", .text("aé"), .text(""), .text("-"), .int(2), gives: .text("-a-é")),
    FunctionCase(
      "string_replace_string_string_int", .text("42"), .text("2"), .text("1"), .text("1"), fails: "does not take"),
    FunctionCase("string_replace_string_string", .text("42"), .text("2"), .int(1), fails: "does not take"),
  ])
  func replace(call: FunctionCase) throws { try call.check() }

  /// A result that would be far larger than what may be spent is never made.
  @Test func resultsArePaidForFirst() throws {
    let large = Value.string(Text(validUTF8: [UInt8](repeating: 0x61, count: 100_000)))
    let calls: [(String, [Value])] = [
      ("string_replace_string_string", [large, .text("a"), large]),
      ("string_replace_string_string", [large, .text(""), large]),
      ("regex_replace_string_string_string", [large, .text("a"), large]),
      ("regex_replace_string_string_string", [large, .text(".*"), .text(String(repeating: #"\0"#, count: 1000))]),
      ("list_join_string", [.list([Value](repeating: .text(""), count: 100_000)), large]),
      ("string_format", [.text(String(repeating: "%s", count: 1000)), .list([Value](repeating: large, count: 1000))]),
      ("string_format", [.text("%s"), .list([.list([Value](repeating: large, count: 1000))])]),
    ]
    for (id, arguments) in calls {
      let error = #expect(throws: EvaluationError.self) {
        try #require(FunctionLibrary.function(withID: id)).apply(arguments, budget: 200_000)
      }
      #expect(error?.kind == .limit, "\(id)")
    }
  }
}
