/// Takes the fields of a JSON object one by one, fastest in the order in which they were written.
package struct JSONFields {
  private let keys: MapKeys
  private let values: [Value]
  private var position = 0
  private var taken = 0

  /// `what` names the object for the error: "a scope".
  package init(_ form: Value, _ what: String) throws(JSONFormError) {
    let map: MapValue
    switch form {
    case .map(let given): map = given
    case .record(let record):
      map = MapValue(
        distinct: zip(record.shape.names, record.fields).lazy
          .filter { !$1.isNone }
          .map { MapValue.Entry(key: .text($0), value: $1) })
    case .none, .null, .bool, .int, .uint, .double, .string, .bytes, .timestamp, .duration, .size, .list, .boxed:
      throw JSONFormError(expected: what, found: form)
    }
    self.keys = map.keys
    self.values = map.values
  }

  /// The value of a field; nil when it is absent. Each field is taken once.
  package mutating func take(_ name: String) -> Value? {
    guard let index = keys.position(of: name, near: position) else { return nil }
    position = index + 1
    taken += 1
    return values[index]
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
    guard taken < keys.count else { return }
    let unknown = keys.all.first { key in
      guard case .string(let text) = key.value else { return true }
      return !known.contains(text.string)
    }
    throw JSONFormError("the field \(unknown?.value.summary ?? "") does not belong here")
  }
}
