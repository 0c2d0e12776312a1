/// A map key under the equality of keys: a whole number is the same key as int, uint or double.
package enum MapKey: Hashable, Sendable {
  case bool(Bool)
  case int(Int64)
  /// Only above Int64.max.
  case large(UInt64)
  case string(Text)
  /// A value that is no key; equal to nothing that is one.
  case other

  package init(_ value: Value) {
    switch value {
    case .bool(let value): self = .bool(value)
    case .int(let value): self = .int(value)
    case .uint(let value): self = Int64(exactly: value).map(MapKey.int) ?? .large(value)
    case .double(let value):
      if let whole = Int64(exactly: value) {
        self = .int(whole)
      } else {
        self = UInt64(exactly: value).map(MapKey.large) ?? .other
      }
    case .string(let value): self = .string(value)
    case .none, .null, .bytes, .timestamp, .duration, .size, .list, .map, .record, .boxed: self = .other
    }
  }
}
