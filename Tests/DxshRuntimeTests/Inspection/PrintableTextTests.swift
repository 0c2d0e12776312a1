import DxshRuntime
import Testing

struct PrintableTextTests {
  @Test(arguments: [
    ("plain", "plain"), ("a\tb", "a\tb"), ("a\nb\r", #"a\nb\u{d}"#), ("\u{1B}[31mred", #"\u{1b}[31mred"#),
    ("\u{9B}2J\u{7F}\u{0}", #"\u{9b}2J\u{7f}\u{0}"#), ("a\u{202E}b\u{2066}\u{2028}", #"a\u{202e}b\u{2066}\u{2028}"#),
    ("é ü 漢字 👩‍👩‍👧 €…", "é ü 漢字 👩‍👩‍👧 €…"),
  ])
  func aLine(_ text: String, _ shown: String) {
    #expect(PrintableText.line(text) == shown)
    #expect(PrintableText.line(shown) == shown)
  }

  @Test func linesKeepTheirEnds() {
    #expect(PrintableText.lines("a\nb\u{7}\n") == "a\nb\\u{7}\n")
    #expect(PrintableText.lines("a\r\nb") == "a\\u{d}\nb")
  }
}
