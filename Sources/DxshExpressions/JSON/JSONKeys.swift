/// The keys of maps as JSON needs them: text.
enum JSONKeys {
  /// One text for each entry. Throws when a key has none, or two have the same (`1` and `"1"`).
  static func texts(of map: MapValue) throws(JSONWriteError) -> [Text] {
    var keys: [Text] = []
    keys.reserveCapacity(map.keys.count)
    var isPlain = true
    for key in map.keys.all.map(\.value) {
      if case .string(let text) = key {
        keys.append(text)
      } else if let text = text(of: key) {
        keys.append(text)
        isPlain = false
      } else {
        throw JSONWriteError("\(key.summary) is no key of a JSON object")
      }
    }
    if !isPlain {
      var seen: Set<Text> = []
      for key in keys where !seen.insert(key).inserted {
        throw JSONWriteError("two keys of the map are \"\(key.string)\" as text")
      }
    }
    return keys
  }

  private static func text(of key: Value) -> Text? {
    switch key {
    case .bool(let value): Text(value ? "true" : "false")
    case .int(let value): Text(String(value))
    case .uint(let value): Text(String(value))
    case .string(let value): value
    case .none, .null, .double, .bytes, .timestamp, .duration, .size, .list, .map, .record, .boxed: nil
    }
  }
}
