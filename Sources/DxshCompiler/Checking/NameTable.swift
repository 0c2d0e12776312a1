/// A dictionary from names for what is asked very often: whether it has a short name, and what for.
///
/// A class, like the `NameIndex` in it, so that a look-up touches no reference count but the value's.
final class NameTable<Value> {
  private let index = NameIndex()
  /// By the numbers of the names.
  private var values: [Value?] = []

  /// In the order in which they were added.
  var keys: [String] { index.names.filter { self[$0] != nil } }
  var isEmpty: Bool { values.isEmpty }

  func has(_ name: String) -> Bool { self[name] != nil }

  var dictionary: [String: Value] {
    var all: [String: Value] = [:]
    for name in keys { all[name] = self[name] }
    return all
  }

  subscript(name: String) -> Value? {
    get { isEmpty ? nil : index.number(of: name).flatMap { values[$0] } }
    set {
      let (number, isNew) = index.add(name)
      if isNew { values.append(newValue) } else { values[number] = newValue }
    }
  }
}
