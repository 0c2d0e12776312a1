import DxshTime

/// Conversions between types: `int double string json.parse` (CEL specification, "Type Conversions").
extension FunctionLibrary {
  static let conversionOverloads: [Overload] =
    toText + [
      Overload("int", "int64_to_int64", [.int], .int, .unary { $0 }),
      Overload("int", "uint64_to_int64", [.uint], .int, partial: true, .unary(wholeNumber)),
      Overload("int", "double_to_int64", [.double], .int, partial: true, .unary(wholeNumber)),
      Overload("int", "string_to_int64", [.string], .int, partial: true, .unary(wholeNumber)),
      Overload("int", "timestamp_to_int64", [.timestamp], .int, .unary(wholeNumber)),
      Overload("int", "size_to_int64", [.size], .int, .unary(wholeNumber)),
      Overload("double", "double_to_double", [.double], .double, .unary { $0 }),
      Overload("double", "int64_to_double", [.int], .double, .unary(real)),
      Overload("double", "uint64_to_double", [.uint], .double, .unary(real)),
      Overload("double", "string_to_double", [.string], .double, partial: true, .unary(real)),
      Overload("json.parse", "json_parse_string", [.string], .json, partial: true, .unary(parseJSON)),
    ]

  private static let toText: [Overload] = [
    (Type.string, "string"), (.bool, "bool"), (.int, "int64"), (.uint, "uint64"), (.double, "double"),
    (.timestamp, "timestamp"), (.duration, "duration"), (.size, "size"),
  ].map { type, name in
    Overload("string", "\(name)_to_string", [type], .string, .unary(text))
  }

  private static func text(_ value: Value) throws(EvaluationError) -> Value {
    guard let text = TextForm.rendering(value) else { throw EvaluationError.noOverload("string", value) }
    return .string(text)
  }

  private static func wholeNumber(_ value: Value) throws(EvaluationError) -> Value {
    switch value {
    case .uint(let value): if let whole = Int64(exactly: value) { return .int(whole) }
    case .double(let value):
      // Rounds towards zero; both ends of the range are refused, as cel-go does (specification, "int(double)").
      if value.isFinite, abs(value) < 0x1p63 { return .int(Int64(value)) }
    case .string(let text): if let whole = Int64(text.string) { return .int(whole) }
    case .timestamp(let value): return .int(value.seconds)
    case .size(let value): return .int(value)
    default: throw EvaluationError.noOverload("int", value)
    }
    throw EvaluationError(.decode, "\(value.summary) is no int")
  }

  private static func real(_ value: Value) throws(EvaluationError) -> Value {
    switch value {
    case .int(let value): return .double(Double(value))
    case .uint(let value): return .double(Double(value))
    case .string(let text):
      guard let number = Double(text.string) else { break }
      return .double(number)
    default: throw EvaluationError.noOverload("double", value)
    }
    throw EvaluationError(.decode, "\(value.summary) is no double")
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
