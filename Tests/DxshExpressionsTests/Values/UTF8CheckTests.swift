import DxshExpressions
import DxshTestSupport
import Testing

@Suite struct UTF8CheckTests {
  @Test(arguments: [
    ([0xC0, 0x80], 0), ([0x41, 0xC1, 0xBF], 1), ([0xE0, 0x9F, 0xBF], 0), ([0xED, 0xA0, 0x80], 0),
    ([0xF0, 0x8F, 0xBF, 0xBF], 0), ([0xF4, 0x90, 0x80, 0x80], 0), ([0xF5, 0x80, 0x80, 0x80], 0), ([0xE2, 0x82], 0),
    ([0xC3, 0xA9, 0x80], 2), ([0xFF], 0),
  ])
  func theFirstByteThatIsNotUTF8(bytes: [UInt8], offset: Int) {
    #expect(UTF8Check.firstInvalid(in: bytes) == offset)
  }

  @Test func agreesWithTheStandardLibrary() {
    var random = SeededGenerator(9)
    let likely: [UInt8] = [
      0x00, 0x41, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC2, 0xDF, 0xE0, 0xE1, 0xED, 0xEF, 0xF0, 0xF4, 0xF5,
    ]
    for _ in 0..<50_000 {
      let bytes = (0..<Int.random(in: 0...6, using: &random)).map { _ in likely.randomElement(using: &random) ?? 0 }
      #expect((UTF8Check.firstInvalid(in: bytes) == nil) == (String(validating: bytes, as: UTF8.self) != nil))
    }
  }
}
