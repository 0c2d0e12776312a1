/// The field names of a record, shared by all records of one shape.
package final class RecordShape: Sendable {
  package let names: [String]
  private let slots: [String: Int]

  package init(_ names: [String]) {
    self.names = names
    self.slots = names.count > 8 ? Dictionary(zip(names, names.indices)) { first, _ in first } : [:]
  }

  /// The slot of a field; nil when the shape has none of that name.
  package func slot(of name: String) -> Int? {
    names.count > 8 ? slots[name] : names.firstIndex(of: name)
  }
}

/// A record: one value for each field of its shape. A slot that holds `none` counts as absent.
package final class RecordValue: Sendable {
  package let shape: RecordShape
  package let fields: [Value]

  /// `fields` has one value for each name of the shape.
  package init(_ shape: RecordShape, _ fields: [Value]) {
    self.shape = shape
    self.fields = fields
  }

  /// As the other subscript, for a field that most likely is in a slot.
  subscript(name: String, near slot: Int) -> Value {
    if shape.names.indices.contains(slot), shape.names[slot] == name { return fields[slot] }
    return self[name]
  }

  /// The value of a field, `none` when it is absent or unknown.
  package subscript(name: String) -> Value {
    shape.slot(of: name).map { fields[$0] } ?? .none
  }
}
