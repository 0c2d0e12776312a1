import DxshExpressions
import DxshTestSupport
import Testing

@Suite struct Base64Tests {
  /// RFC 4648, section 10.
  @Test(arguments: [
    ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
    ("foobar", "Zm9vYmFy"),
  ])
  func testVectors(plain: String, encoded: String) {
    #expect(Base64.encode(Array(plain.utf8)) == Array(encoded.utf8))
    #expect(Base64.decode(Array(encoded.utf8)) == Array(plain.utf8))
    #expect(Base64.decode(Array(encoded.utf8.filter { $0 != 0x3D })) == Array(plain.utf8))
  }

  @Test(arguments: ["Z", "Zg=", "Zg===", "=Zg=", "Z=g=", "Zm9v=", "Zm9v====", "Zh==", "Zm9=", "Zm 9", "Zm-_", "Zm9v\n"])
  func refusing(text: String) {
    #expect(Base64.decode(Array(text.utf8)) == nil)
  }

  @Test func allBytesReadBack() {
    var random = SeededGenerator(1)
    for count in 0..<300 {
      let bytes = (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &random) }
      #expect(Base64.decode(Base64.encode(bytes)) == bytes)
    }
  }
}
