/// `size contains startsWith endsWith` (CEL specification, "String Functions").
extension FunctionLibrary {
  static let textOverloads: [Overload] = [
    Overload("size", "size_string", [.string], .int, .unary(size)),
    Overload("size", "string_size", .member, [.string], .int, .unary(size)),
    Overload("size", "size_bytes", [.bytes], .int, .unary(size)),
    Overload("size", "bytes_size", .member, [.bytes], .int, .unary(size)),
    Overload("contains", "contains_string", .member, [.string, .string], .bool, texts("contains", contains)),
    Overload(
      "startsWith", "starts_with_string", .member, [.string, .string], .bool,
      texts("startsWith") { $0.starts(with: $1) }),
    Overload("endsWith", "ends_with_string", .member, [.string, .string], .bool, texts("endsWith", ends)),
  ]

  private static func texts(
    _ name: String, _ test: @escaping @Sendable ([UInt8], [UInt8]) -> Bool
  ) -> Function.Body {
    .binary { (left, right) throws(EvaluationError) in
      guard case .string(let a) = left, case .string(let b) = right else {
        throw EvaluationError.noOverload(name, left, right)
      }
      return .bool(test(a.utf8, b.utf8))
    }
  }

  static func size(_ value: Value) throws(EvaluationError) -> Value {
    switch value {
    case .string(let text): return .int(Int64(text.scalarCount))
    case .bytes(let bytes): return .int(Int64(bytes.count))
    case .list(let elements): return .int(Int64(elements.count))
    case .map(let map): return .int(Int64(map.entries.count))
    default: throw EvaluationError.noOverload("size", value)
    }
  }

  private static func contains(_ text: [UInt8], _ part: [UInt8]) -> Bool {
    part.isEmpty || ByteSearch(for: part).first(in: text) != nil
  }

  private static func ends(_ text: [UInt8], _ part: [UInt8]) -> Bool {
    text.count >= part.count && text.suffix(part.count).elementsEqual(part)
  }
}
