import DxshExpressions
import DxshRuntime
import Testing

/// Secrets in what others write.
struct RedactorTests {
  private static let secret = "hunter2-4711/\"é+"

  private static func hexadecimal(_ text: String) -> String {
    text.utf8.map { byte in
      let digits = String(byte, radix: 16)
      return digits.count == 1 ? "0" + digits : digits
    }.joined()
  }

  private static func base64(_ text: String) -> String {
    String(decoding: Base64.encode(Array(text.utf8)), as: UTF8.self)
  }

  private static func percent(_ text: String) -> String {
    text.utf8.map { byte in
      let plain = Character(UnicodeScalar(byte))
      return byte < 0x80 && (plain.isLetter || plain.isNumber || plain == "-")
        ? String(plain) : "%" + hexadecimal2(byte)
    }.joined()
  }

  private static func hexadecimal2(_ byte: UInt8) -> String {
    let digits = String(byte, radix: 16, uppercase: true)
    return digits.count == 1 ? "0" + digits : digits
  }

  @Test func formsOfASecretAreTakenOut() {
    let redactor = Redactor([.text(Self.secret)])
    let forms = [
      Self.secret, Self.hexadecimal(Self.secret), Self.hexadecimal(Self.secret).uppercased(),
      Self.percent(Self.secret), #"hunter2-4711/\"é+"#,
    ]
    for form in forms {
      #expect(redactor.redacted("a \(form) b") == "a [secret] b")
      #expect(redactor.redacted(form + form) == "[secret][secret]")
    }
    #expect(redactor.redacted("hunter2-471") == "hunter2-471")
    #expect(redactor.redacted("") == "")
  }

  /// Wherever in a longer text the secret begins, its Base64 is found: no run of digits is left that gives it away.
  @Test func base64OfWhatHoldsASecret() throws {
    let redactor = Redactor([.text(Self.secret)])
    for before in ["", "a", "ab", "abc", "user:"] {
      for after in ["", "z", "yz", "xyz"] {
        for isURL in [false, true] {
          var text = Self.base64(before + Self.secret + after)
          if isURL { text = text.replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "") }
          let redacted = redactor.redacted(text)
          #expect(redacted.contains("[secret]"), "\(before) \(after)")
          #expect(redacted.count <= before.utf8.count * 4 / 3 + after.utf8.count * 4 / 3 + 8 + 8 + 4)
        }
      }
    }
  }

  @Test func linesOfASecretAreTakenOut() {
    let redactor = Redactor([.text("-----BEGIN KEY-----\nMIIEvQ\nab\n")])
    #expect(redactor.redacted("it is MIIEvQ.") == "it is [secret].")
    #expect(redactor.redacted("ab") == "ab")
  }

  @Test func shortSecretsAreWords() {
    let redactor = Redactor([.int(42), .bool(true), .text("")])
    #expect(redactor.redacted("42 of 420, x42, (42)") == "[secret] of 420, x42, ([secret])")
    #expect(redactor.redacted("it is true") == "it is [secret]")
    #expect(!redactor.isEmpty && Redactor([.text("")]).isEmpty && Redactor([]).isEmpty)
  }

  @Test func aSecretInsideAnotherLeavesNothing() {
    let redactor = Redactor([.text("abcd"), .text("xabcdx")])
    #expect(redactor.redacted("xabcdx abcd") == "[secret] [secret]")
  }

  @Test func bytesAreTexts() {
    #expect(Redactor([.bytes(Array("swordfish".utf8))]).redacted("a swordfish") == "a [secret]")
  }
}
