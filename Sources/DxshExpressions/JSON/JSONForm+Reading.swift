/// What the forms of all kinds are read with. `what` names the expected thing for the error: "a list of slots".
extension JSONForm {
  package static func list(_ form: Value, _ what: String) throws(JSONFormError) -> [Value] {
    guard case .list(let elements) = form else { throw JSONFormError(expected: what, found: form) }
    return elements
  }

  /// Reads each element of a list.
  package static func elements<Element>(
    _ form: Value, _ what: String, _ read: (Value) throws(JSONFormError) -> Element
  ) throws(JSONFormError) -> [Element] {
    try elements(list(form, what)[...], read)
  }

  /// Reads each element of a part of a list, whose indices name the places in errors.
  package static func elements<Element>(
    _ forms: ArraySlice<Value>, _ read: (Value) throws(JSONFormError) -> Element
  ) throws(JSONFormError) -> [Element] {
    var result: [Element] = []
    result.reserveCapacity(forms.count)
    for index in forms.indices {
      result.append(try element(forms, index, read))
    }
    return result
  }

  /// Reads one element of a list.
  package static func element<Element>(
    _ forms: ArraySlice<Value>, _ index: Int, _ read: (Value) throws(JSONFormError) -> Element
  ) throws(JSONFormError) -> Element {
    do throws(JSONFormError) {
      return try read(forms[index])
    } catch {
      throw error.within(.index(index))
    }
  }

  package static func text(_ form: Value, _ what: String) throws(JSONFormError) -> String {
    guard case .string(let text) = form else { throw JSONFormError(expected: what, found: form) }
    return text.string
  }

  package static func number(_ form: Value, _ what: String) throws(JSONFormError) -> Int {
    guard case .int(let number) = form, let number = Int(exactly: number) else {
      throw JSONFormError(expected: what, found: form)
    }
    return number
  }

  package static func flag(_ form: Value, _ what: String) throws(JSONFormError) -> Bool {
    guard case .bool(let flag) = form else { throw JSONFormError(expected: what, found: form) }
    return flag
  }

  /// A list of exactly `count` elements.
  package static func tuple(_ form: Value, _ count: Int, _ what: String) throws(JSONFormError) -> [Value] {
    guard case .list(let elements) = form, elements.count == count else {
      throw JSONFormError(expected: what, found: form)
    }
    return elements
  }
}

/// Takes the fields of a JSON object one by one, fastest in the order in which they were written.
package struct JSONFields {
  private let entries: [MapValue.Entry]
  private var position = 0
  private var taken = 0

  /// `what` names the object for the error: "a scope".
  package init(_ form: Value, _ what: String) throws(JSONFormError) {
    switch form {
    case .map(let map): entries = map.entries
    case .record(let record):
      entries = zip(record.shape.names, record.fields).lazy
        .filter { !$1.isNone }
        .map { MapValue.Entry(key: .text($0), value: $1) }
    case .none, .null, .bool, .int, .uint, .double, .string, .bytes, .timestamp, .duration, .size, .list:
      throw JSONFormError(expected: what, found: form)
    }
  }

  /// The value of a field; nil when it is absent. Each field is taken once.
  package mutating func take(_ name: String) -> Value? {
    for offset in 0..<entries.count {
      let index = position + offset < entries.count ? position + offset : position + offset - entries.count
      guard case .string(let key) = entries[index].key, key.utf8.elementsEqual(name.utf8) else { continue }
      position = index + 1
      taken += 1
      return entries[index].value
    }
    return nil
  }

  /// Reads a field that must be there.
  package mutating func read<Field>(
    _ name: String, _ read: (Value) throws(JSONFormError) -> Field
  ) throws(JSONFormError) -> Field {
    guard let field = try readIfPresent(name, read) else { throw JSONFormError("the field \"\(name)\" is missing") }
    return field
  }

  /// Reads a field that may be absent.
  package mutating func readIfPresent<Field>(
    _ name: String, _ read: (Value) throws(JSONFormError) -> Field
  ) throws(JSONFormError) -> Field? {
    guard let form = take(name) else { return nil }
    do throws(JSONFormError) {
      return try read(form)
    } catch {
      throw error.within(.key(name))
    }
  }

  /// Refuses fields that nobody took.
  package func finish(_ known: String...) throws(JSONFormError) {
    guard taken < entries.count else { return }
    let unknown = entries.first { entry in
      guard case .string(let key) = entry.key else { return true }
      return !known.contains(key.string)
    }
    throw JSONFormError("the field \(unknown?.key.summary ?? "") does not belong here")
  }
}
