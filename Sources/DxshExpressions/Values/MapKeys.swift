/// The distinct keys of a map in their order, and what finds one of them fast.
///
/// A copy shares its memory, so maps with the same keys in the same order should be made from one `MapKeys`: each
/// map then costs only its values, and two of them are compared without looking at the keys.
package struct MapKeys: Sendable {
  package struct Key: Sendable {
    package let value: Value
    let mark: KeyMark

    package init(_ value: Value) {
      self.value = value
      self.mark = KeyMark(value)
    }
  }

  /// How many keys are searched one by one; more have an index.
  static let linearLimit = 16

  package static let empty = MapKeys(distinct: [])

  package let all: [Key]
  /// An open hash table with linear probing, at least half empty: one more than the position of the key, 0 for
  /// none. Its hashes are seeded by chance, so that no document can make them collide.
  private let index: [UInt32]

  /// The keys must be distinct.
  package init(distinct keys: [Key]) {
    self.all = keys
    self.index = keys.count > Self.linearLimit ? Self.indexed(keys).table : []
  }

  /// Nil when two keys are equal.
  package init?(_ keys: [Key]) {
    self.all = keys
    if keys.count > Self.linearLimit {
      let (table, repeated) = Self.indexed(keys)
      guard repeated == nil else { return nil }
      self.index = table
    } else {
      guard Self.firstRepeated(among: keys) == nil else { return nil }
      self.index = []
    }
  }

  package var count: Int { all.count }

  package subscript(position: Int) -> Value { all[position].value }

  /// The position of the first key that equals an earlier one.
  static func firstRepeated(in keys: [Key]) -> Int? {
    keys.count > linearLimit ? indexed(keys).repeated : firstRepeated(among: keys)
  }

  /// Whether both are copies of one, so that they need not be compared.
  func isCopy(of other: MapKeys) -> Bool {
    all.withUnsafeBufferPointer { left in
      other.all.withUnsafeBufferPointer { left.baseAddress == $0.baseAddress && left.count == $0.count }
    }
  }
}

extension MapKeys {
  /// The position of a key; nil when there is no such key.
  package func position(of key: Value) -> Int? {
    if case .string(let text) = key { return position(of: text) }
    let mark = KeyMark(key)
    let wanted = MapKey(key)
    if index.isEmpty { return all.firstIndex { $0.mark == mark && MapKey($0.value) == wanted } }
    return probe(wanted.hashValue) { $0.mark == mark && MapKey($0.value) == wanted }
  }

  /// As `position(of:)`, for a key that most likely is at a position.
  func position(of key: Value, near position: Int) -> Int? {
    if position < all.count, all[position].isEqual(to: Key(key)) { return position }
    return self.position(of: key)
  }

  package func position(of name: String) -> Int? {
    name.utf8.withContiguousStorageIfAvailable { position(of: $0) } ?? position(of: Text(name))
  }

  /// As `position(of:)`, for a name that most likely is at a position.
  func position(of name: String, near position: Int) -> Int? {
    let isThere = name.utf8.withContiguousStorageIfAvailable { isText($0, at: position) }
    return isThere == true ? position : self.position(of: name)
  }

  package func position(of text: Text) -> Int? {
    text.utf8.withUnsafeBufferPointer { position(of: $0) }
  }

  /// The position of a text key by its UTF-8.
  package func position(of text: UnsafeBufferPointer<UInt8>) -> Int? {
    let mark = KeyMark(text)
    guard index.isEmpty else { return probe(Self.hash(of: text)) { $0.isText(text, mark) } }
    return all.withUnsafeBufferPointer { keys in
      for position in keys.indices where keys[position].isText(text, mark) { return position }
      return nil
    }
  }

  /// Whether the key at a position is this text; false when there is no such position.
  func isText(_ text: Text, at position: Int) -> Bool {
    text.utf8.withUnsafeBufferPointer { isText($0, at: position) }
  }

  private func isText(_ text: UnsafeBufferPointer<UInt8>, at position: Int) -> Bool {
    position < all.count && all[position].isText(text, KeyMark(text))
  }

  private func probe(_ hash: Int, _ isWanted: (Key) -> Bool) -> Int? {
    var slot = hash & (index.count - 1)
    while index[slot] != 0 {
      let position = Int(index[slot]) - 1
      if isWanted(all[position]) { return position }
      slot = (slot + 1) & (index.count - 1)
    }
    return nil
  }

  private static func hash(of text: UnsafeBufferPointer<UInt8>) -> Int {
    var hasher = Hasher()
    hasher.combine(bytes: UnsafeRawBufferPointer(text))
    return hasher.finalize()
  }

  private static func hash(of key: Key) -> Int {
    if case .string(let text) = key.value { return text.utf8.withUnsafeBufferPointer { hash(of: $0) } }
    return MapKey(key.value).hashValue
  }

  private static func indexed(_ keys: [Key]) -> (table: [UInt32], repeated: Int?) {
    var repeated: Int?
    let capacity = 1 << (Int.bitWidth - (2 * keys.count - 1).leadingZeroBitCount)
    let table = [UInt32](unsafeUninitializedCapacity: capacity) { table, count in
      table.initialize(repeating: 0)
      count = capacity
      for (position, key) in keys.enumerated() {
        var slot = hash(of: key) & (capacity - 1)
        while table[slot] != 0, !keys[Int(table[slot]) - 1].isEqual(to: key) { slot = (slot + 1) & (capacity - 1) }
        if table[slot] == 0 {
          table[slot] = UInt32(position + 1)
        } else if repeated == nil {
          // It has no slot of its own: many equal keys would make each other slow.
          repeated = position
        }
      }
    }
    return (table, repeated)
  }

  private static func firstRepeated(among keys: [Key]) -> Int? {
    keys.withUnsafeBufferPointer { keys in
      for position in keys.indices.dropFirst() {
        for earlier in 0..<position where keys[earlier].mark == keys[position].mark {
          if keys[earlier].isEqual(to: keys[position]) { return position }
        }
      }
      return nil
    }
  }
}

extension MapKeys.Key {
  /// A text key, with its mark.
  init(_ text: Text, _ mark: KeyMark) {
    self.value = .string(text)
    self.mark = mark
  }

  @inline(__always)
  func isText(_ text: UnsafeBufferPointer<UInt8>, _ mark: KeyMark) -> Bool {
    guard mark == self.mark else { return false }
    if mark.isWholeText { return true }
    guard case .string(let own) = value else { return false }
    return own.hasBytes(text)
  }

  func isEqual(to other: Self) -> Bool {
    guard mark == other.mark else { return false }
    if mark.isWholeText { return true }
    if case .string(let left) = value, case .string(let right) = other.value { return left == right }
    return MapKey(value) == MapKey(other.value)
  }
}
