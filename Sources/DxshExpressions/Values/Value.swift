package import DxshTime

/// A value of the language at run time; at most 16 bytes, so that a list of them is flat.
///
/// An optional is not boxed: `none` is the empty optional and any other value is itself present, which is
/// sound because optionals never nest. Enum members are the text of their wire names.
package enum Value: Sendable {
  /// The empty optional. A record's slot that holds it counts as absent.
  case none
  /// JSON's null; only in values of type `json`.
  case null
  case bool(Bool)
  case int(Int64)
  case uint(UInt64)
  case double(Double)
  case string(Text)
  case bytes([UInt8])
  case timestamp(Timestamp)
  case duration(TimeSpan)
  /// A number of bytes.
  case size(Int64)
  case list([Value])
  case map(MapValue)
  case record(RecordValue)
  /// Decimals, money, addresses, types, and the optionals of plain CEL.
  case boxed(BoxedValue)

  package var isNone: Bool {
    if case .none = self { true } else { false }
  }
}

extension Value {
  /// What the value is, in an author's words, for messages: `a list of 3`, `"n/a"`.
  package var summary: String {
    switch self {
    case .none: "none"
    case .null: "null"
    case .bool(let value): "\(value)"
    case .int(let value): "\(value)"
    case .uint(let value): "\(value)u"
    case .double(let value): "\(value)"
    case .string(let value):
      value.utf8.count <= 60 ? "\"\(value.string)\"" : "a text of \(value.utf8.count) bytes"
    case .bytes(let value): "\(value.count) bytes"
    case .timestamp(let value): "the timestamp \(value.description)"
    case .duration(let value): "the duration \(value.description)"
    case .size(let value): "the size \(SizeText.format(value))"
    case .list(let value): "a list of \(value.count)"
    case .map: "a map"
    case .record: "a record"
    case .boxed(let box): box.summary
    }
  }

  /// A value of the host's own type.
  package static func text(_ string: String) -> Value { .string(Text(string)) }
}
