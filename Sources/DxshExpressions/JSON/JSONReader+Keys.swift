extension JSONReader {
  /// The first key of an object and its colon. That the object has the keys of an earlier one is tried first.
  mutating func readFirstKey() throws(JSONError) {
    part.shape = keys.shapes.likely(at: position, of: bytes)
    try readKey()
  }

  /// A key and its colon.
  mutating func readKey() throws(JSONError) {
    if let shape = part.shape {
      let length = keys.shapes.length(ofKey: part.count, of: shape, at: position, of: bytes)
      if length > 0 {
        position += length
        return try readColon()
      }
      keys.push(part.count, of: shape)
      part.shape = nil
    }
    guard position < bytes.count, bytes[position] == 0x22 else {
      throw error("expected a key in double quotes, found \(found)")
    }
    let (end, isPlain) = scanString()
    if isPlain {
      keys.push(UnsafeBufferPointer(rebasing: bytes[position + 1..<end]))
      position = end + 1
    } else {
      let text = try readUnusualString()
      text.utf8.withUnsafeBufferPointer { keys.push($0) }
    }
    try readColon()
  }

  @inline(__always)
  private mutating func readColon() throws(JSONError) {
    skipSpace()
    guard position < bytes.count, bytes[position] == 0x3A else { throw error("expected a colon, found \(found)") }
    position += 1
  }

  /// The object whose last value was read.
  mutating func object() throws(JSONError) -> MapValue {
    if let shape = part.shape {
      if let all = keys.shapes.keys(of: shape, count: part.count) {
        return MapValue(keys: all, values: values.pop(part.count))
      }
      keys.push(part.count, of: shape)
    }
    if let all = keys.pop(part.count, likely: part.start, of: bytes) {
      return MapValue(keys: all, values: values.pop(part.count))
    }
    return try objectWithRepeatedKeys()
  }

  private mutating func objectWithRepeatedKeys() throws(JSONError) -> MapValue {
    let all = keys.popAll(part.count)
    switch options.repeatedKeys {
    case .refused:
      let repeated = MapKeys.firstRepeated(in: all).map { all[$0].value.summary } ?? ""
      throw error("the object that begins here has the key \(repeated) twice", at: part.start)
    case .lastWins:
      var entries: [MapValue.Entry] = []
      var places: [MapKey: Int] = [:]
      for (key, value) in zip(all, values.pop(part.count)) {
        let entry = MapValue.Entry(key: key.value, value: value)
        if let place = places[MapKey(key.value)] {
          entries[place] = entry
        } else {
          places[MapKey(key.value)] = entries.count
          entries.append(entry)
        }
      }
      return MapValue(distinct: entries)
    }
  }
}
