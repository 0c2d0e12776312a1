import DxshTime

/// How a scalar reads inside text: the result of `string(e)` and of `${e}`.
package enum TextForm {
  /// The value must be a scalar that has such a form.
  package static func render(_ value: Value) -> Text {
    guard let text = rendering(value) else { preconditionFailure("\(value.summary) does not read inside text") }
    return text
  }

  /// Nil when the value has no such form.
  package static func rendering(_ value: Value) -> Text? {
    switch value {
    case .string(let text): text
    case .bool(let value): value ? "true" : "false"
    case .int(let value): Text(String(value))
    case .uint(let value): Text(String(value))
    case .double(let value): Text(format(value))
    case .timestamp(let value): Text(value.description)
    case .duration(let value): Text(value.jsonText)
    case .size(let value): Text(SizeText.format(value))
    case .boxed(let box): box.text
    case .none, .null, .bytes, .list, .map, .record: nil
    }
  }

  /// The shortest text that reads back, whole numbers without a fraction.
  static func format(_ value: Double) -> String {
    if value.isNaN { return "NaN" }
    if value.isInfinite { return value < 0 ? "-Infinity" : "Infinity" }
    if let whole = Int64(exactly: value), whole.magnitude < 1_000_000_000_000_000 { return String(whole) }
    return value.description
  }
}
