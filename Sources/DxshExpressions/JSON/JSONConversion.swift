import DxshTime

/// Values as JSON can say them: what reading the text that `JSONWriter` writes would give.
enum JSONConversion {
  /// Nil when the value is JSON as it is. Throws for what has no form: NaN, an infinity, a key that is no text, and
  /// nesting deeper than `JSONReader.depthLimit`.
  static func changed(_ value: Value, depth: Int) throws(DecodingError) -> Value? {
    guard depth <= JSONReader.depthLimit else {
      throw DecodingError(expected: .json, found: "a value nested more than \(JSONReader.depthLimit) deep")
    }
    switch value {
    case .null, .bool, .int, .string: return nil
    case .none: return .null
    case .uint(let number): return Int64(exactly: number).map(Value.int)
    case .double(let number):
      guard number.isFinite else { throw DecodingError(expected: .json, found: value) }
      return nil
    case .bytes(let bytes): return .string(Text(validUTF8: Base64.encode(bytes)))
    case .timestamp(let moment): return .string(Text(validUTF8: moment.utf8))
    case .duration(let span): return .text(span.jsonText)
    case .size(let bytes): return .int(bytes)
    case .list(let elements): return try changedList(elements, depth)
    case .map(let map): return try changedMap(map, depth)
    case .record(let record): return try map(of: record, depth)
    case .boxed(let box): return try changedBox(box, depth)
    }
  }

  private static func changedBox(_ box: BoxedValue, _ depth: Int) throws(DecodingError) -> Value? {
    switch box.content {
    case .optional(let value): return try changed(value, depth: depth + 1) ?? value
    case .decimal: return nil
    case .money(let money): return money.asMap
    case .file(let artifact): return .map(artifact.asMap)
    case .ip, .cidr: return .string(box.text ?? "")
    case .type, .failure: throw DecodingError(expected: .json, found: box.summary)
    }
  }

  private static func changedList(_ elements: [Value], _ depth: Int) throws(DecodingError) -> Value? {
    var result: [Value]?
    for (index, element) in elements.enumerated() {
      do throws(DecodingError) {
        guard let changed = try changed(element, depth: depth + 1) else { continue }
        if result == nil { result = elements }
        result?[index] = changed
      } catch {
        throw error.within("[\(index)]")
      }
    }
    return result.map(Value.list)
  }

  private static func changedMap(_ map: MapValue, _ depth: Int) throws(DecodingError) -> Value? {
    var result: [MapValue.Entry]?
    if !map.entries.allSatisfy({ $0.key.isText }) {
      do throws(JSONWriteError) {
        result = zip(try JSONKeys.texts(of: map), map.entries).map { MapValue.Entry(key: .string($0), value: $1.value) }
      } catch {
        throw DecodingError(expected: .json, found: error.message)
      }
    }
    for (index, entry) in map.entries.enumerated() {
      do throws(DecodingError) {
        guard let changed = try changed(entry.value, depth: depth + 1) else { continue }
        if result == nil { result = Array(map.entries) }
        let key = result?[index].key ?? entry.key
        result?[index] = MapValue.Entry(key: key, value: changed)
      } catch {
        throw error.within("[\(entry.key.summary)]")
      }
    }
    return result.map { .map(MapValue(distinct: $0)) }
  }

  private static func map(of record: RecordValue, _ depth: Int) throws(DecodingError) -> Value {
    var entries: [MapValue.Entry] = []
    entries.reserveCapacity(record.fields.count)
    for (name, value) in zip(record.shape.names, record.fields) where !value.isNone {
      do throws(DecodingError) {
        entries.append(MapValue.Entry(key: .text(name), value: try changed(value, depth: depth + 1) ?? value))
      } catch {
        throw error.within(".\(name)")
      }
    }
    return .map(MapValue(distinct: entries))
  }
}

extension Value {
  fileprivate var isText: Bool {
    if case .string = self { true } else { false }
  }
}
