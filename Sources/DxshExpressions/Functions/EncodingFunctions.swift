/// `base64.encode base64.decode` (the encoders extension of CEL's Go implementation, `ext/encoders`), and in `.dxsh`
/// files `hex.encode hex.decode`.
extension FunctionLibrary {
  static let encodingOverloads: [Overload] = [
    Overload("base64.encode", "base64_encode_bytes", [.bytes], .string, .unary(encodeBase64)),
    Overload("base64.decode", "base64_decode_string", [.string], .bytes, partial: true, .unary(decodeBase64)),
    Overload("hex.encode", "hex_encode_bytes", [.bytes], .string, in: .dxsh, .unary(encodeHex)),
    Overload("hex.decode", "hex_decode_string", [.string], .bytes, partial: true, in: .dxsh, .unary(decodeHex)),
  ]

  private static func encodeBase64(_ value: Value) throws(EvaluationError) -> Value {
    guard case .bytes(let bytes) = value else { throw EvaluationError.noOverload("base64.encode", value) }
    return .string(Text(validUTF8: Base64.encode(bytes)))
  }

  /// As Go decodes: line breaks count for nothing, padding may be missing, bits behind the last byte may be set.
  private static func decodeBase64(_ value: Value) throws(EvaluationError) -> Value {
    guard case .string(let text) = value else { throw EvaluationError.noOverload("base64.decode", value) }
    let isBroken = text.utf8.contains { $0 == 0x0A || $0 == 0x0D }
    let plain = isBroken ? text.utf8.filter { $0 != 0x0A && $0 != 0x0D } : text.utf8
    guard let bytes = Base64.decode(plain, allowingExcessBits: true) else {
      throw EvaluationError(.decode, "\(value.summary) is not base64")
    }
    return .bytes(bytes)
  }

  /// Two lower-case digits for each byte.
  private static func encodeHex(_ value: Value) throws(EvaluationError) -> Value {
    guard case .bytes(let bytes) = value else { throw EvaluationError.noOverload("hex.encode", value) }
    return .string(Text(validUTF8: HexText.encode(bytes)))
  }

  /// Digits of either case.
  private static func decodeHex(_ value: Value) throws(EvaluationError) -> Value {
    guard case .string(let text) = value else { throw EvaluationError.noOverload("hex.decode", value) }
    guard let bytes = HexText.decode(text.utf8) else {
      throw EvaluationError(.decode, "\(value.summary) is not hexadecimal")
    }
    return .bytes(bytes)
  }
}
