/// A map: entries in the order of their insertion, found by a hash of their keys.
///
/// Keys are bool, int, uint or string (CEL specification, "Aggregate Values"); an int and a uint of the same
/// number are one key.
package final class MapValue: Sendable {
  package struct Entry: Sendable {
    package let key: Value
    package let value: Value

    package init(key: Value, value: Value) {
      self.key = key
      self.value = value
    }
  }

  /// In the order of their insertion; keys are distinct.
  package let entries: [Entry]
  /// Only for larger maps; a few entries are searched one by one.
  private let index: [MapKey: Int]

  package static let empty = MapValue(distinct: [])

  /// The keys must be distinct.
  package init(distinct entries: [Entry]) {
    self.entries = entries
    guard entries.count > 8 else {
      self.index = [:]
      return
    }
    var index = [MapKey: Int](minimumCapacity: entries.count)
    for (position, entry) in entries.enumerated() {
      index[MapKey(entry.key)] = position
    }
    self.index = index
  }

  /// Nil when two keys are equal.
  package init?(_ entries: [Entry]) {
    self.entries = entries
    guard entries.count > 8 else {
      self.index = [:]
      for (position, entry) in entries.enumerated().dropFirst() {
        let key = MapKey(entry.key)
        for earlier in entries[..<position] where MapKey(earlier.key) == key { return nil }
      }
      return
    }
    var index = [MapKey: Int](minimumCapacity: entries.count)
    for (position, entry) in entries.enumerated() {
      guard index.updateValue(position, forKey: MapKey(entry.key)) == nil else { return nil }
    }
    self.index = index
  }

  package subscript(key: Value) -> Value? {
    if entries.count > 8 {
      return index[MapKey(key)].map { entries[$0].value }
    }
    let wanted = MapKey(key)
    return entries.first { MapKey($0.key) == wanted }?.value
  }

  package subscript(name: String) -> Value? { self[.text(name)] }
}

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
