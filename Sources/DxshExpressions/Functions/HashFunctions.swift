import CDxshCrypto

/// `hash.sha256 hash.sha1 hash.md5` of texts, which are hashed as UTF-8, and of bytes; the result is lower-case
/// hexadecimal (FIPS 180-4; RFC 1321). The last two are for what others demand: they no longer withstand attacks.
extension FunctionLibrary {
  static let hashOverloads: [Overload] = algorithms.flatMap { name, algorithm in
    [
      Overload(
        "hash.\(name)", "hash_\(name)_string", [.string], .string, in: .dxsh,
        .taking("hash.\(name)", .string) { text throws(EvaluationError) in
          try digest(of: text.utf8, name, algorithm())
        }),
      Overload(
        "hash.\(name)", "hash_\(name)_bytes", [.bytes], .string, in: .dxsh,
        .taking("hash.\(name)", .bytes) { bytes throws(EvaluationError) in try digest(of: bytes, name, algorithm()) }),
    ]
  }

  private static let algorithms: [(String, @Sendable () -> OpaquePointer?)] = [
    ("sha256", { EVP_sha256() }), ("sha1", { EVP_sha1() }), ("md5", { EVP_md5() }),
  ]

  private static func digest(
    of message: [UInt8], _ name: String, _ algorithm: OpaquePointer?
  ) throws(EvaluationError) -> Value {
    var digest = [UInt8](repeating: 0, count: Int(EVP_MAX_MD_SIZE))
    var size: UInt32 = 0
    guard EVP_Digest(message, message.count, &digest, &size, algorithm, nil) == 1 else {
      // Such as a library in FIPS mode, which has no MD5.
      throw EvaluationError(.decode, "this machine's libcrypto does not have \(name)")
    }
    let digits = Array("0123456789abcdef".utf8)
    return .string(
      Text(validUTF8: digest.prefix(Int(size)).flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }))
  }
}
