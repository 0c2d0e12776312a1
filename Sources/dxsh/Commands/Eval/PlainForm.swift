import DxshExpressions

/// A value as `dxsh eval` prints it for people: indented JSON where JSON can say it, text for what it cannot.
enum PlainForm {
  /// The most bytes that are printed: a value may share its parts so often that its text has no end.
  static let limit = 64 << 20

  static func text(of value: Value) throws -> String {
    switch value {
    case .double(let number) where !number.isFinite: return number.isNaN ? "NaN" : "\(number < 0 ? "-" : "")Infinity"
    case .boxed(let box):
      switch box.content {
      case .optional(let content): return "optional(\(try text(of: content)))"
      case .type(let type): return type.celText
      case .decimal, .money, .ip, .cidr: return box.text?.string ?? ""
      case .file(let artifact): return artifact.name
      case .failure(let failure): throw failure
      }
    case .none: return "optional.none()"
    case .null, .bool, .int, .uint, .double, .string, .bytes, .timestamp, .duration, .size, .list, .map, .record:
      do {
        var options = JSONWriter.Options()
        options.isIndented = true
        options.limit = limit
        return String(decoding: try JSONWriter.write(value, options), as: UTF8.self)
      } catch {
        throw EvaluationError(.decode, "the value has no JSON form: \(error.description)")
      }
    }
  }
}
