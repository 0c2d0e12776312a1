import DxshTime

/// Conversions to `int uint double bool bytes dyn`, and `type` (CEL specification, "Type Conversions"; cel-go,
/// `common/stdlib`).
///
/// A conversion of a number that the type cannot hold fails; a double loses its fraction.
extension FunctionLibrary {
  static let conversionOverloads: [Overload] =
    toInt + toUInt + toDouble + toBool + [
      Overload("bytes", "bytes_to_bytes", [.bytes], .bytes, .taking("bytes", .bytes) { .bytes($0) }),
      Overload("bytes", "string_to_bytes", [.string], .bytes, .taking("bytes", .string) { .bytes($0.utf8) }),
      Overload("dyn", "to_dyn", [.parameterA], .dyn, .unary { $0 }),
      Overload("type", "type", [.parameterA], .type(.parameterA), in: .cel, .unary { .box(.type($0.celType)) }),
      Overload("json.parse", "json_parse_string", [.string], .json, partial: true, in: .dxsh, .unary(parseJSON)),
    ]

  private static let toInt: [Overload] = [
    Overload("int", "int64_to_int64", [.int], .int, .taking("int", .int) { .int($0) }),
    Overload(
      "int", "uint64_to_int64", [.uint], .int, partial: true,
      .taking("int", .uint) { number throws(EvaluationError) in
        .int(try converted(.uint(number), to: "int", Int64(exactly: number)))
      }),
    Overload(
      "int", "double_to_int64", [.double], .int, partial: true,
      .taking("int", .double) { number throws(EvaluationError) in
        // Both ends of the range are refused, as cel-go and cel-cpp do: a double there may stand for more.
        .int(try converted(.double(number), to: "int", number.magnitude < 0x1p63 ? Int64(number) : nil))
      }),
    Overload(
      "int", "string_to_int64", [.string], .int, partial: true,
      .taking("int", .string) { text throws(EvaluationError) in
        .int(try parsed(text, as: "int", Int64(text.string)))
      }),
    Overload("int", "timestamp_to_int64", [.timestamp], .int, .taking("int", .timestamp) { .int($0.seconds) }),
    Overload("int", "size_to_int64", [.size], .int, in: .dxsh, .taking("int", .size) { .int($0) }),
  ]

  private static let toUInt: [Overload] = [
    Overload("uint", "uint64_to_uint64", [.uint], .uint, .taking("uint", .uint) { .uint($0) }),
    Overload(
      "uint", "int64_to_uint64", [.int], .uint, partial: true,
      .taking("uint", .int) { number throws(EvaluationError) in
        .uint(try converted(.int(number), to: "uint", UInt64(exactly: number)))
      }),
    Overload(
      "uint", "double_to_uint64", [.double], .uint, partial: true,
      .taking("uint", .double) { number throws(EvaluationError) in
        .uint(try converted(.double(number), to: "uint", number >= 0 && number < 0x1p64 ? UInt64(number) : nil))
      }),
    Overload(
      "uint", "string_to_uint64", [.string], .uint, partial: true,
      .taking("uint", .string) { text throws(EvaluationError) in
        let isUnsigned = text.utf8.allSatisfy { $0 &- 0x30 < 10 }
        return .uint(try parsed(text, as: "uint", isUnsigned ? UInt64(text.string) : nil))
      }),
  ]

  private static let toDouble: [Overload] = [
    Overload("double", "double_to_double", [.double], .double, .taking("double", .double) { .double($0) }),
    Overload("double", "int64_to_double", [.int], .double, .taking("double", .int) { .double(Double($0)) }),
    Overload("double", "uint64_to_double", [.uint], .double, .taking("double", .uint) { .double(Double($0)) }),
    Overload(
      "double", "string_to_double", [.string], .double, partial: true,
      .taking("double", .string) { text throws(EvaluationError) in
        .double(try parsed(text, as: "double", DoubleText.parse(text)))
      }),
  ]

  private static let toBool: [Overload] = [
    Overload("bool", "bool_to_bool", [.bool], .bool, .taking("bool", .bool) { .bool($0) }),
    Overload(
      "bool", "string_to_bool", [.string], .bool, partial: true,
      .taking("bool", .string) { text throws(EvaluationError) in .bool(try parsed(text, as: "bool", truth(text))) }),
  ]

  private static func truth(_ text: Text) -> Bool? {
    switch text.string {
    case "1", "t", "T", "true", "TRUE", "True": true
    case "0", "f", "F", "false", "FALSE", "False": false
    default: nil
    }
  }

  /// What a text says, or the error that it says nothing.
  static func parsed<T>(_ text: Text, as type: String, _ content: T?) throws(EvaluationError) -> T {
    guard let content else { throw EvaluationError(.decode, "\(Value.string(text).summary) is no \(type)") }
    return content
  }

  /// A number of another type, or the error that the type has no such number.
  private static func converted<T>(_ number: Value, to type: String, _ content: T?) throws(EvaluationError) -> T {
    guard let content else { throw EvaluationError(.decode, "\(number.summary) is no \(type)") }
    return content
  }

  private static func parseJSON(_ value: Value) throws(EvaluationError) -> Value {
    guard case .string(let text) = value else { throw EvaluationError.noOverload("json.parse", value) }
    do {
      return try JSONReader.read(text.utf8)
    } catch {
      throw EvaluationError(.decode, "malformed JSON at line \(error.line), column \(error.column): \(error.message)")
    }
  }
}
