/// Values told apart by CEL's equality, found by a hash: of any kinds, in time that does not grow with their number.
/// What is hashed and compared is charged for.
struct ValueIndex {
  /// The distinct ones, in the order of their insertion; those with NaN in them are all distinct.
  private(set) var values: [Value] = []
  private var numbers: [Int: [Int]] = [:]

  init() {}

  /// The distinct ones of a list.
  init(_ elements: [Value], _ meter: inout Meter) throws(EvaluationError) {
    for element in elements { _ = try insert(element, &meter) }
  }

  /// The number of the value among the distinct ones, and whether it is the first of its kind.
  mutating func insert(
    _ value: Value, _ meter: inout Meter
  ) throws(EvaluationError) -> (number: Int, isNew: Bool) {
    let hash = try EqualityHash(value, &meter)
    if !hash.hasNaN {
      if let number = try find(value, hash.hash, &meter) { return (number, false) }
      numbers[hash.hash, default: []].append(values.count)
    }
    values.append(value)
    return (values.count - 1, true)
  }

  /// Whether it was inserted.
  func contains(_ value: Value, _ meter: inout Meter) throws(EvaluationError) -> Bool {
    let hash = try EqualityHash(value, &meter)
    return hash.hasNaN ? false : try find(value, hash.hash, &meter) != nil
  }

  private func find(_ value: Value, _ hash: Int, _ meter: inout Meter) throws(EvaluationError) -> Int? {
    for number in numbers[hash] ?? [] {
      try meter.charge(1)
      if try values[number].isEqual(to: value, &meter) { return number }
    }
    return nil
  }
}
