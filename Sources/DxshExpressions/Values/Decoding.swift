extension Value {
  /// The value as one of the type. For more than a few values of one type make a `TypeDecoder`.
  package func decoded(as type: Type) throws(DecodingError) -> Value {
    try TypeDecoder(type).decode(self)
  }
}

/// Checks values that arrive from outside against one type, and gives the value of that type.
///
/// Objects become records: unknown fields are dropped, missing and null are none for an optional field and an error for
/// any other (rules 25 and 26). An enum takes the text of a wire name; a double an integer that it can hold exactly;
/// int and uint each other's numbers in their range; timestamp, duration and size their text, a size also a whole
/// number of bytes; bytes base64 text. A decimal takes an integer, a text of its digits, and of a double what its
/// shortest text says; money the text that it has, or an object with an amount and a currency. Keys of objects become
/// those of the map's type. `json` takes what JSON can say, and turns everything else into what `JSONWriter` writes for
/// it. A double is never an int.
///
/// Nothing is copied up to the first part that must change, so a value that conforms is returned as it is. Records
/// made by one decoder share their shapes.
package final class TypeDecoder: Sendable {
  package let type: Type
  private let form: Form

  package init(_ type: Type) {
    self.type = type
    self.form = Form(type)
  }

  package func decode(_ value: Value) throws(DecodingError) -> Value {
    try changed(value) ?? value
  }

  /// Nil when the value conforms as it is.
  private func changed(_ value: Value) throws(DecodingError) -> Value? {
    switch form {
    case .anything: return nil
    case .json: return try JSONConversion.changed(value, depth: 0)
    case .scalar(let scalar):
      switch scalar.reading(value) {
      case .conforms: return nil
      case .becomes(let converted): return converted
      case .mismatch: throw mismatch(value)
      }
    case .optional(let wrapped):
      switch value {
      case .none: return nil
      case .null: return Value.none
      case .bool, .int, .uint, .double, .string, .bytes, .timestamp, .duration, .size, .list, .map, .record, .boxed:
        return try wrapped.changed(value)
      }
    case .list(let element): return try changedList(value, element)
    case .map(let key, let element): return try changedMap(value, key, element)
    case .record(let record): return try changedRecord(value, record)
    case .members(let wireNames):
      guard case .string(let text) = value, wireNames.contains(text) else { throw mismatch(value) }
      return nil
    }
  }

  private func mismatch(_ value: Value) -> DecodingError {
    DecodingError(expected: type, found: value)
  }
}

extension TypeDecoder {
  private func changedList(_ value: Value, _ element: TypeDecoder) throws(DecodingError) -> Value? {
    guard case .list(let elements) = value else { throw mismatch(value) }
    var result: [Value]?
    for index in elements.indices {
      do throws(DecodingError) {
        if let changed = try element.changed(elements[index]) {
          if result == nil { result = Self.prefix(of: elements, index) }
          result?.append(changed)
        } else {
          result?.append(elements[index])
        }
      } catch {
        throw error.within("[\(index)]")
      }
    }
    return result.map(Value.list)
  }

  /// The first elements, with room for all.
  private static func prefix<T>(of elements: some RandomAccessCollection<T>, _ count: Int) -> [T] {
    var result: [T] = []
    result.reserveCapacity(elements.count)
    result.append(contentsOf: elements.prefix(count))
    return result
  }

  private func changedMap(
    _ value: Value, _ key: TypeDecoder, _ element: TypeDecoder
  ) throws(DecodingError) -> Value? {
    let map: MapValue
    let isRecord: Bool
    switch value {
    case .map(let given):
      map = given
      isRecord = false
    case .record(let record):
      map = record.asMap
      isRecord = true
    case .none, .null, .bool, .int, .uint, .double, .string, .bytes, .timestamp, .duration, .size, .list, .boxed:
      throw mismatch(value)
    }
    var result: [MapValue.Entry]?
    for (index, entry) in map.entries.enumerated() {
      do throws(DecodingError) {
        let newKey = try key.changedKey(entry.key)
        let newValue = try element.changed(entry.value)
        if newKey != nil || newValue != nil, result == nil { result = Self.prefix(of: map.entries, index) }
        result?.append(MapValue.Entry(key: newKey ?? entry.key, value: newValue ?? entry.value))
      } catch {
        throw error.within("[\(entry.key.summary)]")
      }
    }
    guard let result else { return isRecord ? .map(map) : nil }
    // Keys that differ as text differ as numbers too, since only the shortest text of a number is taken.
    return .map(MapValue(distinct: result))
  }

  /// The key of an object stands for a bool or a number if it is exactly the text of one.
  private func changedKey(_ key: Value) throws(DecodingError) -> Value? {
    guard case .string(let text) = key, case .scalar(let scalar) = form else { return try changed(key) }
    switch scalar {
    case .int:
      guard let number = Int64(text.string), String(number) == text.string else { throw mismatch(key) }
      return .int(number)
    case .uint:
      guard let number = UInt64(text.string), String(number) == text.string else { throw mismatch(key) }
      return .uint(number)
    case .bool:
      guard text == "true" || text == "false" else { throw mismatch(key) }
      return .bool(text == "true")
    case .double, .string, .bytes, .timestamp, .duration, .size, .decimal, .money, .file, .null, .never:
      return try changed(key)
    }
  }
}

extension TypeDecoder {
  private func changedRecord(_ value: Value, _ record: Form.Record) throws(DecodingError) -> Value? {
    switch value {
    case .record(let given):
      if given.shape === record.shape || given.shape.names == record.shape.names {
        return try changedFields(given, record)
      }
      return .record(try project(record) { field, _ in given[field.name] })
    case .map(let map):
      return .record(try project(record) { field, index in map.value(of: field.key, near: index) ?? .none })
    case .none, .null, .bool, .int, .uint, .double, .string, .bytes, .timestamp, .duration, .size, .list, .boxed:
      throw mismatch(value)
    }
  }

  private func changedFields(_ given: RecordValue, _ record: Form.Record) throws(DecodingError) -> Value? {
    var result: [Value]?
    for (index, field) in record.fields.enumerated() {
      let changed = try field.changed(given.fields[index])
      if changed != nil, result == nil { result = Self.prefix(of: given.fields, index) }
      result?.append(changed ?? given.fields[index])
    }
    return result.map { .record(RecordValue(record.shape, $0)) }
  }

  private func project(
    _ record: Form.Record, _ value: (Form.Field, Int) -> Value
  ) throws(DecodingError) -> RecordValue {
    var fields: [Value] = []
    fields.reserveCapacity(record.fields.count)
    for (index, field) in record.fields.enumerated() {
      let given = value(field, index)
      fields.append(try field.changed(given) ?? given)
    }
    return RecordValue(record.shape, fields)
  }

  /// A type, taken apart once.
  private enum Form: Sendable {
    struct Field: Sendable {
      let name: String
      /// The name as the key of a map.
      let key: Text
      let decoder: TypeDecoder

      /// The value is none when the field is missing.
      func changed(_ value: Value) throws(DecodingError) -> Value? {
        do throws(DecodingError) {
          if value.isNone {
            switch decoder.form {
            case .optional, .anything: return nil
            case .json, .scalar, .list, .map, .record, .members:
              throw DecodingError(expected: decoder.type, found: "nothing")
            }
          }
          return try decoder.changed(value)
        } catch {
          throw error.within(".\(name)")
        }
      }
    }

    struct Record: Sendable {
      let shape: RecordShape
      let fields: [Field]
    }

    case anything
    case json
    case scalar(ScalarForm)
    case optional(TypeDecoder)
    case list(TypeDecoder)
    case map(TypeDecoder, TypeDecoder)
    case record(Record)
    case members(Set<Text>)

    init(_ type: Type) {
      switch type {
      case .bool: self = .scalar(.bool)
      case .int: self = .scalar(.int)
      case .uint: self = .scalar(.uint)
      case .double: self = .scalar(.double)
      case .string: self = .scalar(.string)
      case .bytes: self = .scalar(.bytes)
      case .timestamp: self = .scalar(.timestamp)
      case .duration: self = .scalar(.duration)
      case .size: self = .scalar(.size)
      case .decimal: self = .scalar(.decimal)
      case .money: self = .scalar(.money)
      case .null: self = .scalar(.null)
      case .never: self = .scalar(.never)
      case .json: self = .json
      case .file: self = .scalar(.file)
      case .dyn, .unknown, .parameter, .connection, .type, .abstract: self = .anything
      case .secret(let content): self = Form(content)
      case .list(let element): self = .list(TypeDecoder(element))
      case .map(let key, let value): self = .map(TypeDecoder(key), TypeDecoder(value))
      case .optional(let wrapped): self = .optional(TypeDecoder(wrapped))
      case .record(let record):
        self = .record(
          Record(
            shape: RecordShape(record.fields.map(\.name)),
            fields: record.fields.map { Field(name: $0.name, key: Text($0.name), decoder: TypeDecoder($0.type)) }))
      case .enumeration(let declared): self = .members(Set(declared.members.map { Text($0.wireName) }))
      }
    }
  }
}

extension RecordValue {
  /// The present fields.
  fileprivate var asMap: MapValue {
    MapValue(
      distinct: zip(shape.names, fields).compactMap { name, value in
        value.isNone ? nil : MapValue.Entry(key: .text(name), value: value)
      })
  }
}

extension MapValue {
  /// The value of a text key that most likely is the entry at `index`.
  fileprivate func value(of name: Text, near index: Int) -> Value? {
    keys.isText(name, at: index) ? values[index] : self[name]
  }
}
