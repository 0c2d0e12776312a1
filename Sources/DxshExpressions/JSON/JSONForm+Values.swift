import DxshTime

/// Constants with their kinds. Plain: `null`, bools, ints, texts, lists. Else an object with one key, the kind:
///
///     {"none": true}                {"uint": 7}                  {"double": 1.5}  {"double": "NaN"}
///     {"bytes": "AAEC"}             {"timestamp": "2026-…Z"}     {"duration": "1.5s"}
///     {"size": 1024}                {"map": [["a", 1], …]}       {"record": {"a": 1, "b": {"none": true}}}
///     {"decimal": "12.50"}          {"money": "12.50 EUR"}       {"ip": "::1"}    {"cidr": "10.0.0.0/8"}
///     {"file": "DIGEST SIZE NAME"}
///     {"optional": C}               {"type": T}
extension JSONForm {
  /// A value with its kind.
  package static func typed(_ value: Value) -> Value { JSONStream.value { write(value, to: &$0) } }

  /// Appends the form of a value with its kind.
  package static func write(_ value: Value, to json: inout JSONStream) {
    switch value {
    case .null: json.null()
    case .bool(let value): json.flag(value)
    case .int(let value): json.number(Int(value))
    case .string(let value): json.text(value)
    case .list(let elements):
      json.beginList()
      for element in elements { write(element, to: &json) }
      json.endList()
    case .none, .uint, .double, .bytes, .timestamp, .duration, .size, .map, .record, .boxed:
      json.beginObject()
      writeKind(of: value, to: &json)
      json.endObject()
    }
  }

  private static func writeKind(of value: Value, to json: inout JSONStream) {
    switch value {
    case .null, .bool, .int, .string, .list: break
    case .none:
      json.key("none")
      json.flag(true)
    case .uint(let number):
      json.key("uint")
      json.number(number)
    case .double(let number):
      json.key("double")
      if number.isFinite {
        json.number(number)
      } else {
        json.word(number.isNaN ? "NaN" : number < 0 ? "-Infinity" : "Infinity")
      }
    case .bytes(let bytes):
      json.key("bytes")
      json.text(Text(validUTF8: Base64.encode(bytes)))
    case .timestamp(let moment):
      json.key("timestamp")
      json.text(Text(validUTF8: moment.utf8))
    case .duration(let span):
      json.key("duration")
      json.text(span.jsonText)
    case .size(let bytes):
      json.key("size")
      json.number(Int(bytes))
    case .map(let map):
      json.key("map")
      json.beginList()
      for entry in map.entries {
        json.beginList()
        write(entry.key, to: &json)
        write(entry.value, to: &json)
        json.endList()
      }
      json.endList()
    case .record(let record):
      json.key("record")
      json.beginObject()
      for (name, field) in zip(record.shape.names, record.fields) {
        json.key(text: name)
        write(field, to: &json)
      }
      json.endObject()
    case .boxed(let box): writeKind(of: box, to: &json)
    }
  }

  private static func writeKind(of box: BoxedValue, to json: inout JSONStream) {
    switch box.content {
    case .optional(let value):
      json.key("optional")
      write(value, to: &json)
    case .type(let type):
      json.key("type")
      write(type, to: &json)
    case .decimal(let number):
      json.key("decimal")
      json.text(number.text)
    case .money(let money):
      json.key("money")
      json.text(money.text)
    case .ip(let address):
      json.key("ip")
      json.text(address.text)
    case .cidr(let block):
      json.key("cidr")
      json.text(block.text)
    case .file(let artifact):
      json.key("file")
      json.text(artifact.text)
    case .failure(let failure):
      json.key("failure")
      json.text(failure.message)
    }
  }

  /// The value of a form that `typed` gave.
  package static func value(_ form: Value) throws(JSONFormError) -> Value {
    try value(form, depth: 0)
  }

  private static func value(_ form: Value, depth: Int) throws(JSONFormError) -> Value {
    guard depth < depthLimit else { throw JSONFormError("the constant nests more than \(depthLimit) deep") }
    switch form {
    case .null, .bool, .int, .string: return form
    case .list(let forms):
      return .list(try elements(forms[...]) { form throws(JSONFormError) in try value(form, depth: depth + 1) })
    case .map(let map):
      guard map.entries.count == 1, case .string(let word) = map.entries[0].key,
        let kind = ValueKind(rawValue: word.string)
      else { throw JSONFormError(expected: "an object with the kind of a value as its one key", found: form) }
      do throws(JSONFormError) {
        return try value(of: kind, map.entries[0].value, depth: depth + 1)
      } catch {
        throw error.within(.key(kind.rawValue))
      }
    case .none, .uint, .double, .bytes, .timestamp, .duration, .size, .record, .boxed:
      throw JSONFormError(expected: "a constant", found: form)
    }
  }

  private static func value(of kind: ValueKind, _ form: Value, depth: Int) throws(JSONFormError) -> Value {
    func text<Content>(_ read: (Text) -> Content?, _ what: String) throws(JSONFormError) -> Content {
      guard case .string(let text) = form, let content = read(text) else {
        throw JSONFormError(expected: what, found: form)
      }
      return content
    }
    switch kind {
    case .none:
      guard case .bool(true) = form else { throw JSONFormError(expected: "true", found: form) }
      return .none
    case .uint: return .uint(try uint(form))
    case .double: return .double(try double(form))
    case .bytes: return .bytes(try text({ Base64.decode($0.utf8) }, "base64"))
    case .timestamp: return .timestamp(try text({ Timestamp(text: $0.string) }, "an RFC 3339 timestamp"))
    case .duration: return .duration(try text({ TimeSpan(text: $0.string) }, "a duration in seconds"))
    case .size:
      guard case .int(let bytes) = form else { throw JSONFormError(expected: "a number of bytes", found: form) }
      return .size(bytes)
    case .map: return try map(form, depth: depth)
    case .record: return try record(form, depth: depth)
    case .optional: return .box(.optional(try value(form, depth: depth)))
    case .type: return .box(.type(try type(form)))
    case .decimal: return .box(.decimal(try text({ Decimal(text: $0.string) }, "a decimal number")))
    case .money: return .box(.money(try text({ Money(text: $0.string) }, "an amount and a currency")))
    case .ip: return .box(.ip(try text({ IPAddress(text: $0.string) }, "an address")))
    case .cidr: return .box(.cidr(try text({ CIDRBlock(text: $0.string) }, "a block of addresses")))
    case .file: return .box(.file(try text({ Artifact(text: $0.string) }, "a file's digest, size and name")))
    }
  }

  private static func map(_ form: Value, depth: Int) throws(JSONFormError) -> Value {
    let entries = try elements(form, "a list of keys and values") { pair throws(JSONFormError) in
      let parts = try tuple(pair, 2, "a key and a value")[...]
      let key = try element(parts, 0) { form throws(JSONFormError) in try value(form, depth: depth + 2) }
      if case .other = MapKey(key) { throw JSONFormError(expected: "the key of a map", found: parts[0]) }
      let content = try element(parts, 1) { form throws(JSONFormError) in try value(form, depth: depth + 2) }
      return MapValue.Entry(key: key, value: content)
    }
    guard let map = MapValue(entries) else { throw JSONFormError("two keys of the map are equal") }
    return .map(map)
  }

  private static func record(_ form: Value, depth: Int) throws(JSONFormError) -> Value {
    guard case .map(let fields) = form else { throw JSONFormError(expected: "an object", found: form) }
    var names: [String] = []
    var values: [Value] = []
    for entry in fields.entries {
      guard case .string(let name) = entry.key else { throw JSONFormError(expected: "a text", found: entry.key) }
      do throws(JSONFormError) {
        values.append(try value(entry.value, depth: depth + 1))
      } catch {
        throw error.within(.key(name.string))
      }
      names.append(name.string)
    }
    return .record(RecordValue(RecordShape(names), values))
  }

  private static func double(_ form: Value) throws(JSONFormError) -> Double {
    switch form {
    case .double(let number) where number.isFinite: return number
    case .string("NaN"): return .nan
    case .string("Infinity"): return .infinity
    case .string("-Infinity"): return -.infinity
    default: throw JSONFormError(expected: "a number with a fraction, NaN, Infinity or -Infinity", found: form)
    }
  }

  private static func uint(_ form: Value) throws(JSONFormError) -> UInt64 {
    switch form {
    case .uint(let number): return number
    case .int(let number) where number >= 0: return UInt64(number)
    default: throw JSONFormError(expected: "a number from 0 to \(UInt64.max)", found: form)
    }
  }
}

/// The keys that say a constant's kind.
private enum ValueKind: String, CaseIterable {
  case none, uint, double, bytes, timestamp, duration, size, map, record, optional, type, decimal, money, ip, cidr, file
}
