import DxshExpressions
import Testing

@Suite struct TextPartTests {
  @Test(arguments: [
    FunctionCase("string_char_at_int", .text("tacocat"), .int(3), gives: .text("o")),
    FunctionCase("string_char_at_int", .text("tacocat"), .int(7), gives: .text("")),
    FunctionCase("string_char_at_int", .text(""), .int(0), gives: .text("")),
    FunctionCase("string_char_at_int", .text("©αT😀"), .int(1), gives: .text("α")),
    FunctionCase("string_char_at_int", .text("©αT😀"), .int(3), gives: .text("😀")),
    FunctionCase("string_char_at_int", .text("e\u{301}"), .int(1), gives: .text("\u{301}")),
    FunctionCase("string_char_at_int", .text("tacocat"), .int(8), fails: "\"tacocat\" has no position 8"),
    FunctionCase("string_char_at_int", .text("tacocat"), .int(-1), fails: "no position -1"),
    FunctionCase("string_char_at_int", .text("tacocat"), .int(.max), fails: "no position"),
    FunctionCase("string_char_at_int", .int(42), .int(2), fails: "`charAt` does not take 42, 2"),
  ])
  func charAt(call: FunctionCase) throws { try call.check() }

  @Test(arguments: [
    FunctionCase("string_substring_int", .text("tacocat"), .int(4), gives: .text("cat")),
    FunctionCase("string_substring_int", .text("tacocat"), .int(7), gives: .text("")),
    FunctionCase("string_substring_int", .text("😀é"), .int(1), gives: .text("é")),
    FunctionCase("string_substring_int", .text("tacocat"), .int(8), fails: "no position 8"),
    FunctionCase("string_substring_int", .text("tacocat"), .int(-1), fails: "no position -1"),
    FunctionCase("string_substring_int_int", .text("tacocat"), .int(0), .int(4), gives: .text("taco")),
    FunctionCase("string_substring_int_int", .text("tacocat"), .int(4), .int(4), gives: .text("")),
    FunctionCase("string_substring_int_int", .text("ta©o©αT"), .int(2), .int(6), gives: .text("©o©α")),
    FunctionCase("string_substring_int_int", .text("ta©o©αT"), .int(7), .int(7), gives: .text("")),
    FunctionCase("string_substring_int_int", .text("abc"), .int(1), .int(4), fails: "no position 4"),
    FunctionCase("string_substring_int_int", .text("abc"), .int(4), .int(5), fails: "no position 4"),
    FunctionCase("string_substring_int_int", .text("abc"), .int(2), .int(1), fails: "from 2 to 1"),
    FunctionCase("string_substring_int_int", .text("abc"), .int(.min), .int(.max), fails: "no position"),
    FunctionCase("string_substring_int_int", .text("abc"), .bool(true), .int(1), fails: "does not take"),
  ])
  func substring(call: FunctionCase) throws { try call.check() }

  @Test(arguments: [
    (" \u{c}\n\r\t\u{b}text  ", "text"), ("\u{85}\u{a0}\u{1680}text", "text"), ("", ""), (" \u{3000}\u{a0} ", ""),
    ("text\u{2000}\u{2001}\u{2002}\u{2003}\u{2004}\u{2005}\u{2006}\u{2007}\u{2008}\u{2009}\u{200a}", "text"),
    ("\u{200a}text\u{2028}\u{2029}\u{202F}\u{205F}\u{3000}", "text"), ("a b", "a b"),
    ("\u{1c}a\u{1f}", "\u{1c}a\u{1f}"),
    (
      "\u{180e}text\u{200b}\u{200c}\u{200d}\u{2060}\u{feff}", "\u{180e}text\u{200b}\u{200c}\u{200d}\u{2060}\u{feff}"
    ), ("é é ", "é é"), ("\u{2030}x", "\u{2030}x"),
  ])
  func trim(text: String, trimmed: String) throws {
    try FunctionCase("string_trim", .text(text), gives: .text(trimmed)).check()
  }

  @Test(arguments: [
    FunctionCase("string_lower_ascii", .text("TacoCÆt Zz[@`{"), gives: .text("tacocÆt zz[@`{")),
    FunctionCase("string_upper_ascii", .text("tacoCæt zZ[@`{"), gives: .text("TACOCæT ZZ[@`{")),
    FunctionCase("string_upper_ascii", .bytes([0x61]), fails: "`upperAscii` does not take"),
    FunctionCase("string_reverse", .text("Ta©oCαt😀"), gives: .text("😀tαCo©aT")),
    FunctionCase("string_reverse", .text(""), gives: .text("")),
    FunctionCase("string_reverse", .list([.int(1)]), fails: "`reverse` does not take a list of 1"),
    FunctionCase(
      "strings_quote", .text("a\"\\\u{7}\u{8}\u{c}\n\r\t\u{b}é😀\0"), gives: .text(#""a\"\\\a\b\f\n\r\t\vé😀"# + "\0\"")),
    FunctionCase("strings_quote", .text(""), gives: .text("\"\"")),
    FunctionCase("strings_quote", .null, fails: "`strings.quote` does not take null"),
  ])
  func shape(call: FunctionCase) throws { try call.check() }
}
