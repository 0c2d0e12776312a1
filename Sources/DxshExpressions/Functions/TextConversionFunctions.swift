import DxshTime

/// Conversions to `string` (CEL specification, "Type Conversions").
///
/// Doubles and durations read differently in the two dialects: plain CEL has its own forms, `.dxsh` files those of
/// `${…}`. Where cel-go and cel-cpp differ, fractions of seconds are those of cel-cpp: 3, 6 or 9 digits, as in the JSON
/// of protocol buffers; doubles are those of cel-go, which read back.
extension FunctionLibrary {
  static let textConversionOverloads: [Overload] = [
    toText(.string, .string, "string_to_string") { $0 },
    toText(.bool, .bool, "bool_to_string") { $0 ? "true" : "false" },
    toText(.int, .int, "int64_to_string") { Text(String($0)) },
    toText(.uint, .uint, "uint64_to_string") { Text(String($0)) },
    toText(.double, .double, "double_to_string", in: .dxsh) { TextForm.render(.double($0)) },
    toText(.double, .double, "cel_double_to_string", in: .cel) { Text(DoubleText.format($0)) },
    toText(.timestamp, .timestamp, "timestamp_to_string") { Text($0.description) },
    toText(.duration, .duration, "duration_to_string", in: .dxsh) { Text($0.jsonText) },
    toText(.duration, .duration, "cel_duration_to_string", in: .cel) { grouped($0) },
    toText(.size, .size, "size_to_string", in: .dxsh) { Text(SizeText.format($0)) },
    Overload(
      "string", "bytes_to_string", [.bytes], .string, partial: true,
      .taking("string", .bytes) { bytes throws(EvaluationError) in
        if let offset = UTF8Check.firstInvalid(in: bytes) {
          throw EvaluationError(.decode, "the bytes are no UTF-8 text: byte \(offset) is not part of a character")
        }
        return .string(Text(validUTF8: bytes))
      }),
  ]

  private static func toText<Content>(
    _ type: Type, _ argument: Argument<Content>, _ id: String, in dialects: Overload.Dialects = .both,
    _ render: @escaping @Sendable (Content) -> Text
  ) -> Overload {
    Overload("string", id, [type], .string, in: dialects, .taking("string", argument) { .string(render($0)) })
  }

  /// `1.500s`
  private static func grouped(_ span: TimeSpan) -> Text {
    var text = Array(span.jsonText.utf8)
    if let point = text.firstIndex(of: 0x2E) {
      let digits = text.count - point - 2
      text.insert(contentsOf: [UInt8](repeating: 0x30, count: (9 - digits) % 3), at: text.count - 1)
    }
    return Text(validUTF8: text)
  }
}
