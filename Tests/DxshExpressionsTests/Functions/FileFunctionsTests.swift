import DxshExpressions
import DxshTime
import Testing

/// What `.dxsh` files have besides CEL.
@Suite struct FileFunctionsTests {
  @Test(arguments: [
    ("sha256", "", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ("sha256", "abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    ("sha1", "abc", "a9993e364706816aba3e25717850c26c9cd0d89d"),
    ("md5", "", "d41d8cd98f00b204e9800998ecf8427e"), ("md5", "abc", "900150983cd24fb0d6963f7d28e17f72"),
  ])
  func hashes(name: String, message: String, digest: String) {
    CallCase("hash_\(name)_string", .text(message), gives: .text(digest)).check()
    CallCase("hash_\(name)_bytes", .bytes(Array(message.utf8)), gives: .text(digest)).check()
    CallCase(failing: "hash_\(name)_bytes", .text(message)).check()
  }

  @Test(arguments: [
    CallCase("json_encode", .list([.int(1), .null, .text("é\n")]), gives: .text(#"[1,null,"é\n"]"#)),
    CallCase(
      "json_encode", .record(RecordValue(RecordShape(["a", "b"]), [.double(1), .none])), gives: .text(#"{"a":1.0}"#)),
    CallCase("json_encode", .none, gives: .text("null")),
    CallCase("json_encode", .timestamp(.epoch), gives: .text(#""1970-01-01T00:00:00Z""#)),
    CallCase(failing: "json_encode", .double(.nan)),
    CallCase(failing: "json_encode", nested(5000)),
  ])
  func json(_ call: CallCase) { call.check() }

  private static func nested(_ depth: Int) -> Value { (0..<depth).reduce(.list([])) { value, _ in .list([value]) } }

  @Test(arguments: [
    CallCase("url_encode", .text("a b/ü?&=+~"), gives: .text("a%20b%2F%C3%BC%3F%26%3D%2B~")),
    CallCase("url_segment", .text("a b/ü&=+:@"), gives: .text("a%20b%2F%C3%BC&=+:@")),
    CallCase("url_segment", .text(".."), gives: .text("%2E%2E")),
    CallCase("url_segment", .text("..."), gives: .text("...")),
    CallCase("url_decode", .text("a%20b%2f%C3%BC+"), gives: .text("a b/ü+")),
    CallCase(failing: "url_decode", .text("%")),
    CallCase(failing: "url_decode", .text("%2")),
    CallCase(failing: "url_decode", .text("%GG")),
    CallCase(failing: "url_decode", .text("%FF")),
    CallCase("url_query", .map(.empty), gives: .text("")),
    CallCase(
      "url_query",
      .map(
        MapValue(distinct: [.init(key: .text("q"), value: .text("a b")), .init(key: .text("&"), value: .text(""))])),
      gives: .text("q=a%20b&%26=")),
    CallCase(failing: "url_query", .map(MapValue(distinct: [.init(key: .int(1), value: .text(""))]))),
  ])
  func urls(_ call: CallCase) { call.check() }

  @Test(arguments: [
    CallCase("text_lines", .text("a\r\nb\n\nc"), gives: .texts("a", "b", "", "c")),
    CallCase("text_lines", .text("a\n"), gives: .texts("a")),
    CallCase("text_lines", .text("\n"), gives: .texts("")),
    CallCase("text_lines", .text(""), gives: .list([])),
    CallCase("text_lines", .text("a\rb\r"), gives: .texts("a\rb\r")),
    CallCase("text_pad_start", .text("é"), .int(3), gives: .text("  é")),
    CallCase("text_pad_end", .text("7"), .int(3), gives: .text("7  ")),
    CallCase("text_pad_start_string", .text("7"), .int(6), .text("äb"), gives: .text("äbäbä7")),
    CallCase("text_pad_end_string", .text("7"), .int(9), .text(""), gives: .text("7")),
    CallCase("text_pad_start", .text("abc"), .int(2), gives: .text("abc")),
    CallCase("text_pad_start", .text("abc"), .int(.min), gives: .text("abc")),
    CallCase(failing: "text_pad_start", .text("abc"), .int(.max)),
    CallCase(failing: "text_pad_end_string", .text(""), .int(1_000_000_000_000), .text("-")),
    CallCase("text_repeat", .text("ab"), .int(3), gives: .text("ababab")),
    CallCase("text_repeat", .text("ab"), .int(-3), gives: .text("")),
    CallCase("text_repeat", .text(""), .int(.max), gives: .text("")),
    CallCase(failing: "text_repeat", .text("ab"), .int(.max)),
    CallCase(failing: "text_repeat", .text("ab"), .int(1_000_000_000)),
    CallCase("text_truncate", .text("äöü"), .int(2), gives: .text("äö")),
    CallCase("text_truncate", .text("äöü"), .int(3), gives: .text("äöü")),
    CallCase("text_truncate", .text("äöü"), .int(-1), gives: .text("")),
    CallCase("text_truncate", .text("äöü"), .int(.max), gives: .text("äöü")),
    CallCase("text_truncate_string", .text("a long text"), .int(7), .text("…"), gives: .text("a long…")),
    CallCase("text_truncate_string", .text("short"), .int(5), .text("…"), gives: .text("short")),
    CallCase("text_truncate_string", .text("abcdef"), .int(2), .text("..."), gives: .text("..")),
  ])
  func texts(_ call: CallCase) { call.check() }

  private static func span(_ nanoseconds: Int64) -> Value { .duration(TimeSpan(nanoseconds: nanoseconds)) }

  @Test(arguments: [
    CallCase("multiply_int64_duration", .int(-3), span(2), gives: span(-6)),
    CallCase(failing: "multiply_int64_duration", .int(.max), span(1_000_000_000)),
    CallCase("divide_duration_duration", span(3_000_000_000), span(2_000_000_000), gives: .double(1.5)),
    CallCase("divide_duration_duration", span(1), span(0), gives: .double(.infinity)),
    CallCase("divide_duration_duration", span(0), span(0), gives: .double(.nan)),
    CallCase("multiply_int64_size", .int(2), .size(1024), gives: .size(2048)),
    CallCase(failing: "multiply_int64_size", .int(2), .size(.max)),
    CallCase("negate_size", .size(5), gives: .size(-5)),
    CallCase(failing: "negate_size", .size(.min)),
    CallCase("size_bytes_int64", .int(5), gives: .size(5)),
    CallCase("size_parse", .text("64MiB"), gives: .size(64 << 20)),
    CallCase(failing: "size_parse", .text("64")),
  ])
  func units(_ call: CallCase) { call.check() }
}
