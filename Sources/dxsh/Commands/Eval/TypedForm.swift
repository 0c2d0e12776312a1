import DxshExpressions
import DxshTime

/// Values in JSON with their kinds, as conformance cases of CEL state them: `{"int": "1"}`,
/// `{"list": [{"null": true}]}`.
///
/// Integers and doubles are text, so that none is rounded; bytes are base64; a map is a list of pairs; a timestamp is
/// RFC 3339, a duration seconds: `-1.5s`.
enum TypedForm {
  /// Throws a sentence that says what is wrong.
  static func value(_ form: Value, depth: Int = 0) throws(CallFailure) -> Value {
    guard case .map(let fields) = form, fields.entries.count == 1, case .string(let kind) = fields.entries[0].key,
      depth < 256
    else { throw CallFailure("a typed value is an object with one key, its kind") }
    let content = fields.entries[0].value
    switch (kind.string, content) {
    case ("null", _): return .null
    case ("bool", .bool): return content
    case ("int", .string(let text)): if let number = Int64(text.string) { return .int(number) }
    case ("uint", .string(let text)): if let number = UInt64(text.string) { return .uint(number) }
    case ("double", .string(let text)): if let number = double(text.string) { return .double(number) }
    case ("string", .string): return content
    case ("bytes", .string(let text)): if let bytes = Base64.decode(text.utf8) { return .bytes(bytes) }
    case ("timestamp", .string(let text)): if let moment = Timestamp(text: text.string) { return .timestamp(moment) }
    case ("duration", .string(let text)): if let span = TimeSpan(text: text.string) { return .duration(span) }
    case ("type", .string(let text)):
      if let type = CELTypeText.parse(text.string) { return .box(.type(type)) }
    case ("optional", .null): return .none
    case ("optional", _): return .box(.optional(try value(content, depth: depth + 1)))
    case ("list", .list(let forms)):
      return .list(try forms.map { form throws(CallFailure) in try value(form, depth: depth + 1) })
    case ("map", .list(let pairs)): return try map(pairs, depth)
    default: break
    }
    throw CallFailure("{\"\(kind.string)\": \(content.summary)} is no typed value")
  }

  private static func map(_ pairs: [Value], _ depth: Int) throws(CallFailure) -> Value {
    var entries: [MapValue.Entry] = []
    for pair in pairs {
      guard case .list(let parts) = pair, parts.count == 2 else {
        throw CallFailure("a typed map is a list of pairs")
      }
      entries.append(
        MapValue.Entry(key: try value(parts[0], depth: depth + 1), value: try value(parts[1], depth: depth + 1)))
    }
    guard let map = MapValue(entries) else { throw CallFailure("a typed map has a key twice") }
    return .map(map)
  }

  private static func double(_ text: String) -> Double? {
    switch text {
    case "NaN": .nan
    case "Infinity": .infinity
    case "-Infinity": -.infinity
    default: Double(text)
    }
  }

  /// The form of a value; `room` limits how many parts it may have, since a value may share its parts without end.
  static func form(_ value: Value, room: inout Int) throws(CallFailure) -> Value {
    room -= 1
    if room < 0 { throw CallFailure("the value is too large to be written") }
    switch value {
    case .none: return pair("optional", .null)
    case .null: return pair("null", .bool(true))
    case .bool: return pair("bool", value)
    case .int(let number): return pair("int", .text(String(number)))
    case .uint(let number): return pair("uint", .text(String(number)))
    case .double(let number): return pair("double", .text(text(number)))
    case .string: return pair("string", value)
    case .bytes(let bytes): return pair("bytes", .string(Text(validUTF8: Base64.encode(bytes))))
    case .timestamp(let moment): return pair("timestamp", .text(moment.description))
    case .duration(let span): return pair("duration", .text(span.jsonText))
    case .size(let bytes): return pair("int", .text(String(bytes)))
    case .list(let elements):
      var forms: [Value] = []
      for element in elements { forms.append(try form(element, room: &room)) }
      return pair("list", .list(forms))
    case .map(let map):
      var pairs: [Value] = []
      for entry in map.entries {
        pairs.append(.list([try form(entry.key, room: &room), try form(entry.value, room: &room)]))
      }
      return pair("map", .list(pairs))
    case .record(let record):
      var pairs: [Value] = []
      for (name, field) in zip(record.shape.names, record.fields) where !field.isNone {
        pairs.append(.list([pair("string", .text(name)), try form(field, room: &room)]))
      }
      return pair("map", .list(pairs))
    case .boxed(let box): return try form(box, &room)
    }
  }

  private static func form(_ box: BoxedValue, _ room: inout Int) throws(CallFailure) -> Value {
    switch box.content {
    case .optional(let content): return pair("optional", try form(content, room: &room))
    case .type(let type): return pair("type", .text(CELTypeText.name(of: type)))
    case .decimal, .money, .ip, .cidr: return pair("string", .string(box.text ?? ""))
    case .file(let artifact): return pair("file", .text(artifact.text))
    case .failure(let failure): throw CallFailure(failure.message)
    }
  }

  private static func pair(_ kind: String, _ content: Value) -> Value {
    .map(MapValue(distinct: [.init(key: .text(kind), value: content)]))
  }

  private static func text(_ number: Double) -> String {
    number.isNaN ? "NaN" : number.isInfinite ? (number < 0 ? "-Infinity" : "Infinity") : number.description
  }
}
