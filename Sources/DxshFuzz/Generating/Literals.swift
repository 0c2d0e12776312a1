import DxshExpressions

/// Texts of literals, with those that programs like to get wrong.
enum Literals {
  static let ints = [
    "0", "1", "2", "-1", "3", "10", "64", "-9223372036854775808", "9223372036854775807", "4294967296", "1000", "-5",
  ]
  static let uints = ["0u", "1u", "2u", "18446744073709551615u", "63u", "9223372036854775808u"]
  static let doubles = [
    "0.0", "1.5", "-0.0", "1e308", "-1e308", "5e-324", "0.1", "9007199254740993.0", "9223372036854775808.0", "-2.5",
  ]
  static let strings = [
    "", "a", "abc", "a,b,,c", "%s %d %.3f %x %e %b %o %X %%", "%.1000f", "(a+)+$", "[a-z]{2,5}", "(?i)(?P<n>.)|x",
    "\\\\d+",
    "2024-02-29T23:59:59.999999999Z", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "1h30m", "-315576000000s",
    "Europe/Berlin", "-05:30", "UTC", "Pacific/Apia", "127.0.0.1", "::ffff:1.2.3.4", "10.0.0.0/8", "fe80::1/64", "true",
    "12", "-1.5e3", "0x1F", "12.50 EUR", "EUR", "{\\\"a\\\": [1, 2.5, null]}", "/wAB", "aGVsbG8=", "ff00", "é", "😀😀",
    "a\\u0301", "\\u0000", " \\t\\n", "https://example.org/a?b=c&d=%20#e", "half_even", "\\\\1-\\\\0", "K",
  ]
  static let bytes = ["b\"\"", "b\"a\"", "b'\\xff\\x00'", "b\"abcabc\""]
  static let timestamps = [
    "timestamp(\"2024-02-29T23:59:59.999999999Z\")", "timestamp(\"0001-01-01T00:00:00Z\")",
    "timestamp(\"9999-12-31T23:59:59.999999999Z\")", "timestamp(0)", "timestamp(\"1970-01-01T00:00:00Z\")",
  ]
  static let durations = [
    "duration(\"1h30m\")", "duration(\"0s\")", "duration(\"-1.5s\")", "duration(\"315576000000s\")",
    "duration(\"1ns\")",
  ]
  static let spans = ["1h30m", "0s", "250ms", "52w", "1d"]
  static let sizes = ["64KiB", "0B", "1TiB", "3B"]
  static let addresses = ["ip(\"127.0.0.1\")", "ip(\"::1\")", "ip(\"fe80::1\")"]
  static let blocks = ["cidr(\"10.0.0.0/8\")", "cidr(\"::/0\")", "cidr(\"192.168.1.7/31\")"]
}
