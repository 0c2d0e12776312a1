extension JSONStream {
  /// How deeply what `restored` gives may nest: enough for the deepest expression in the deepest scope of a plan, and
  /// little enough for recursion.
  package static let restoredDepthLimit = 4_096

  /// The value that reading the text would give.
  static func value(_ write: (inout JSONStream) -> Void) -> Value {
    do {
      var stream = JSONStream()
      write(&stream)
      if stream.depth <= JSONReader.depthLimit { return try JSONReader.read(stream.finished()) }
      var flat = JSONStream(isFlat: true)
      write(&flat)
      guard case .list(let pieces) = try JSONReader.read(flat.finished()) else { return .null }
      return try restored(pieces)
    } catch {
      preconditionFailure("a form is no JSON: \(error)")
    }
  }

  /// What the pieces of a flat stream stand for: a value without parts is itself, `[n]` makes a list of the n values
  /// before it, `["a", "b"]` an object of as many with these keys (`[]` the empty object).
  package static func restored(_ pieces: [Value]) throws(JSONFormError) -> Value {
    var stack: [(value: Value, depth: Int)] = []
    for (index, piece) in pieces.enumerated() {
      guard case .list(let operands) = piece else {
        stack.append((piece, 0))
        continue
      }
      do throws(JSONFormError) {
        let count = try countOfParts(operands, available: stack.count)
        let depth = 1 + (stack.suffix(count).map(\.depth).max() ?? 0)
        guard depth <= restoredDepthLimit else { throw JSONFormError("nested more than \(restoredDepthLimit) deep") }
        let values = stack.suffix(count).map(\.value)
        stack.removeLast(count)
        stack.append((try combined(operands, values), depth))
      } catch {
        throw error.within(.index(index))
      }
    }
    guard stack.count == 1 else { throw JSONFormError("the list is \(stack.count) values instead of one") }
    return stack[0].value
  }

  private static func countOfParts(_ operands: [Value], available: Int) throws(JSONFormError) -> Int {
    var count = Int64(operands.count)
    if case .int(let number)? = operands.first, operands.count == 1 { count = number }
    guard count >= 0, count <= available else {
      throw JSONFormError("\(count) parts are not among the \(available) values before")
    }
    return Int(count)
  }

  private static func combined(_ operands: [Value], _ values: [Value]) throws(JSONFormError) -> Value {
    if case .int? = operands.first { return .list(values) }
    for key in operands {
      guard case .string = key else { throw JSONFormError(expected: "the keys of an object", found: key) }
    }
    guard let map = MapValue(zip(operands, values).map { .init(key: $0, value: $1) }) else {
      throw JSONFormError("an object has a key twice")
    }
    return .map(map)
  }
}
