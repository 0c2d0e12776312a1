/// Names for runs: 16 random characters without look-alikes (Crockford's base 32), 80 bits.
enum RunIdentifier {
  private static let alphabet = Array("0123456789abcdefghjkmnpqrstvwxyz".utf8)

  static func make() -> String {
    var generator = SystemRandomNumberGenerator()
    return String(decoding: (0..<16).map { _ in alphabet[Int.random(in: 0..<32, using: &generator)] }, as: UTF8.self)
  }
}
