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
