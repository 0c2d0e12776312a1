import Testing

@Suite struct LiteralTests {
  @Test func numbers() {
    expectExpression("0", "0")
    expectExpression("9223372036854775807", "9223372036854775807")
    expectExpression("-9223372036854775808", "(- 9223372036854775808)")
    expectExpression("0x1F", "31")
    expectExpression("0xB", "11")
    expectExpression("0xABu", "171u")
    expectExpression("12u", "12u")
    expectExpression("12U", "12u")
    expectExpression("18446744073709551615u", "18446744073709551615u")
    expectExpression("1.5", "1.5")
    expectExpression(".5", "0.5")
    expectExpression("1e3", "1000.0")
    expectExpression("1.5E-2", "0.015")
    expectExpression("1.foo", "(. 1 foo)")
    expectExpression("1 - 1", "(- 1 1)")
    expectExpression("true != false || null == x", "(|| (!= true false) (== null x))")
  }

  @Test func durationsAndSizes() {
    expectExpression("250ms", "250ms")
    expectExpression("30s", "30000ms")
    expectExpression("5m", "300000ms")
    expectExpression("1h30m", "5400000ms")
    expectExpression("2d", "172800000ms")
    expectExpression("1w", "604800000ms")
    expectExpression("1w2d3h4m5s6ms", "788645006ms")
    expectExpression("1B", "1B")
    expectExpression("64KiB", "65536B")
    expectExpression("2GB", "2000000000B")
    expectExpression("512MiB + 1TB", "(+ 536870912B 1000000000000B)")
    expectExpression("1TiB / 3", "(/ 1099511627776B 3)")
  }

  @Test(arguments: [
    "1us", "30min", "1_000", "1h30", "1.5h", "1e5s", "12abc", "0x", "0xZ", "1kb", "1d_", "3x5", "1h30m5", "5uu",
  ])
  func aNumberWithOtherLettersIsOneMistake(_ text: String) {
    #expect(readExpression(text) == Reading(tree: "<missing>", problems: ["E0004 1:1"]))
    #expect(readExpression("[\(text), 1]") == Reading(tree: "(list <missing> 1)", problems: ["E0004 1:2"]))
  }

  @Test(arguments: [
    "9223372036854775808", "99999999999999999999", "18446744073709551616u", "0x1FFFFFFFFFFFFFFFF", "1e400", "30m1h",
    "1h1h", "99999999999999999w", "9999999999TiB",
  ])
  func aValueOutOfRangeIsOneMistake(_ text: String) {
    #expect(readExpression(text) == Reading(tree: "<missing>", problems: ["E0004 1:1"]))
  }

  @Test func theFixForANumber() {
    #expect(mended("workflow w() { output 30min }") == "workflow w() { output 30m }")
    #expect(mended("workflow w() { output 1_000 }") == "workflow w() { output 1000 }")
    #expect(mended("workflow w() { output 1.5h }") == "workflow w() { output 5400000ms }")
    #expect(mended("workflow w() { output 64kib }") == "workflow w() { output 64KiB }")
  }

  @Test func strings() {
    expectExpression(#""a'b""#, #""a\'b""#)
    expectExpression(#"'a"b'"#, #""a\"b""#)
    expectExpression("\"\"\"a\n\"b \"\"\"", #""a\n\"b ""#)
    expectExpression("'''a\r\nb\rc'''", #""a\nb\nc""#)
    expectExpression(#"r"a\nb""#, #""a\\nb""#)
    expectExpression(#"R'\'"#, #""\\""#)
    expectExpression("r'''a\r\n\\'''", #""a\n\\""#)
    expectExpression(#""""#, #""""#)
    expectExpression(#""""""""#, #""""#)
    expectExpression(#""äß€😀""#, #""äß€😀""#)
    expectExpression(#"b"aÿ""#, "b[97, 195, 191]")
    expectExpression(#"B'\xff\377'"#, "b[255, 255]")
    expectExpression(#"br"\x""#, "b[92, 120]")
    expectExpression("b'''a\nb'''", "b[97, 10, 98]")
    expectExpression("b", "b")
    expectExpression("r.b", "(. r b)")
  }

  @Test func escapes() {
    expectExpression(#""\\\?\"\'\`""#, #""\\?\"\'`""#)
    expectExpression(#""\a\b\f\n\r\t\v""#, #""\u{07}\u{08}\u{0C}\n\r\t\u{0B}""#)
    expectExpression(#""\x41\X42\u00e9\U0001F600\101""#, #""ABé😀A""#)
    expectExpression(#"'\xff'"#, #""ÿ""#)
  }

  @Test(arguments: [#"\q"#, #"\ "#, #"\x4"#, #"\u12"#, #"\U0011FFFF"#, #"\ud800"#, #"\12"#, #"\9"#, #"\$"#, #"\ä"#])
  func aBadEscapeIsOneMistake(_ escape: String) {
    #expect(readExpression("\"ab\(escape)\"").problems == ["E0003 1:4"])
  }

  @Test func escapesThatDependOnTheLiteral() {
    #expect(readExpression(#"b"\u0041""#).problems == ["E0003 1:3"])
    #expect(readExpression(#"'\${x}'"#).problems == ["E0003 1:2"])
  }

  @Test func stringsThatAreNotClosed() {
    expectProblem("let x = \"abc\nlet y = 1", "E0003 2:9", #"(let x "abc") (let y 1)"#)
    expectProblem("let x = 'abc\\\nlet y = 1", "E0003 2:9", #"(let x "abc") (let y 1)"#)
    expectProblem("step x = f(a: \"abc)\nlet y = 1", "E0003 2:15", #"(step x (f a: "abc)")) (let y 1)"#)
    expectProblem("step x = f(\n  a: \"abc,\n  b: 2,\n)", "E0003 3:6", #"(step x (f a: "abc," b: 2))"#)
    #expect(read("workflow w() {\n  let x = \"\"\"abc\n  }\n").problems == ["E0003 2:11"])
    #expect(read("workflow w() {\n  let x = b'''abc").problems == ["E0003 2:11"])
    expectProblem("let x = r.`in\nlet y = 1", "E0003 2:11", "(let x (. r in)) (let y 1)")
  }
}
