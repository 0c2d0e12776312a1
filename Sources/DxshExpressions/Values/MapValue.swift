/// A map: entries in the order of their insertion, found by their keys.
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

  /// Maps of the same keys should share them.
  package let keys: MapKeys
  /// One for each key.
  package let values: [Value]

  package static let empty = MapValue(keys: .empty, values: [])

  /// `values` has one value for each key.
  package init(keys: MapKeys, values: [Value]) {
    assert(keys.count == values.count)
    self.keys = keys
    self.values = values
  }

  /// The keys must be distinct.
  package convenience init(distinct entries: some Sequence<Entry>) {
    let entries = Array(entries)
    self.init(keys: MapKeys(distinct: entries.map { MapKeys.Key($0.key) }), values: entries.map(\.value))
  }

  /// Nil when two keys are equal.
  package convenience init?(_ entries: [Entry]) {
    guard let keys = MapKeys(entries.map { MapKeys.Key($0.key) }) else { return nil }
    self.init(keys: keys, values: entries.map(\.value))
  }

  package subscript(key: Value) -> Value? {
    keys.position(of: key).map { values[$0] }
  }

  package subscript(name: Text) -> Value? {
    keys.position(of: name).map { values[$0] }
  }

  package subscript(name: String) -> Value? {
    keys.position(of: name).map { values[$0] }
  }

  /// Whether the same keys have equal values, in whichever order.
  func isEqual(to other: MapValue) -> Bool {
    if self === other { return true }
    guard keys.count == other.keys.count else { return false }
    if keys.isCopy(of: other.keys) { return values == other.values }
    return values.indices.allSatisfy { index in
      guard let position = other.keys.position(of: keys[index], near: index) else { return false }
      return values[index] == other.values[position]
    }
  }
}

extension MapValue {
  /// The entries in the order of their insertion; keys are distinct.
  package var entries: Entries { Entries(map: self) }

  package struct Entries: RandomAccessCollection, Sendable {
    fileprivate let map: MapValue

    package var startIndex: Int { 0 }
    package var endIndex: Int { map.values.count }
    package subscript(position: Int) -> Entry {
      Entry(key: map.keys[position], value: map.values[position])
    }
  }
}
