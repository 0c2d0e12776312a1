import CDxshCrypto

/// A SHA-256 digest (FIPS 180-4), by libcrypto.
package struct SHA256Digest: Hashable, Sendable {
  /// 32 bytes.
  package let bytes: [UInt8]

  /// The digest of a message.
  package init(of message: [UInt8]) {
    bytes = [UInt8](unsafeUninitializedCapacity: Int(SHA256_DIGEST_LENGTH)) { buffer, count in
      _ = SHA256(message, message.count, buffer.baseAddress)
      count = Int(SHA256_DIGEST_LENGTH)
    }
  }

  fileprivate init(bytes: [UInt8]) {
    self.bytes = bytes
  }

  /// A digest that was kept; nil unless it has 32 bytes.
  package init?(_ bytes: some Collection<UInt8>) {
    guard bytes.count == Int(SHA256_DIGEST_LENGTH) else { return nil }
    self.bytes = Array(bytes)
  }

  /// 64 lower-case digits.
  package var hexadecimal: String {
    let digits = Array("0123456789abcdef".utf8)
    return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }
}

/// The digest of a message that comes in parts.
package struct SHA256Stream: ~Copyable {
  private let context: OpaquePointer

  package init() {
    guard let context = EVP_MD_CTX_new(), EVP_DigestInit_ex(context, EVP_sha256(), nil) == 1 else {
      preconditionFailure("libcrypto has no SHA-256, or there is no memory")
    }
    self.context = context
  }

  deinit { EVP_MD_CTX_free(context) }

  package mutating func add(_ part: [UInt8]) {
    let isAdded = EVP_DigestUpdate(context, part, part.count) == 1
    precondition(isAdded, "libcrypto takes every part until the digest is asked for")
  }

  package consuming func digest() -> SHA256Digest {
    let bytes = [UInt8](unsafeUninitializedCapacity: Int(SHA256_DIGEST_LENGTH)) { buffer, count in
      count = EVP_DigestFinal_ex(context, buffer.baseAddress, nil) == 1 ? Int(SHA256_DIGEST_LENGTH) : 0
    }
    return SHA256Digest(bytes: bytes)
  }
}
