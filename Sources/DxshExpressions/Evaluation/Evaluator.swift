/// Gives checked expressions their values: pure, deterministic, bounded.
package struct Evaluator {
  /// How many elements the macros of one evaluation may visit in all.
  package static let iterationLimit = 10_000_000

  private let frame: Frame
  private var locals: [Value] = []
  private var iterations = 0

  package init(frame: Frame) {
    self.frame = frame
  }

  /// The value of an expression whose names the frame and its parents hold.
  package static func evaluate(_ expression: Expression, in frame: Frame) throws(EvaluationError) -> Value {
    switch expression {
    case .constant(let constant): return constant.value
    case .binding(0, let slot): return frame.values[slot]
    default:
      var evaluator = Evaluator(frame: frame)
      return try evaluator.value(of: expression)
    }
  }

  private mutating func value(of expression: Expression) throws(EvaluationError) -> Value {
    switch expression {
    case .constant(let constant): return constant.value
    case .binding(let depth, let slot): return binding(depth, slot)
    case .local(let number): return locals[number]
    case .field(let operand, let name): return field(name, of: try value(of: operand))
    case .optionalField(let operand, let name): return field(name, of: try value(of: operand))
    case .index(let operand, let index): return try element(of: value(of: operand), at: value(of: index))
    case .optionalIndex(let operand, let index):
      return Self.lookUp(try value(of: index), in: try value(of: operand)) ?? .none
    case .call(let function, let arguments): return try call(function, arguments)
    case .and(let left, let right): return try logical(left, right, absorbing: false)
    case .or(let left, let right): return try logical(left, right, absorbing: true)
    case .conditional(let condition, let yes, let no):
      return try value(of: condition) == .bool(true) ? value(of: yes) : value(of: no)
    case .list(let elements): return .list(try values(of: elements))
    case .record(let names, let fields): return .record(RecordValue(RecordShape(names), try values(of: fields)))
    case .map(let entries): return try map(entries)
    case .comprehension(let comprehension): return try run(comprehension)
    case .interpolation(let pieces): return try interpolate(pieces)
    case .conform(let operand, let type): return try conform(value(of: operand), to: type)
    case .attempt(let operand): return (try? value(of: operand)) ?? .none
    }
  }

  private func binding(_ depth: Int, _ slot: Int) -> Value {
    var frame = frame
    for _ in 0..<depth {
      guard let parent = frame.parent else { preconditionFailure("an expression reaches out of its scopes") }
      frame = parent
    }
    return frame.values[slot]
  }

  private mutating func values(of expressions: [Expression]) throws(EvaluationError) -> [Value] {
    var values: [Value] = []
    values.reserveCapacity(expressions.count)
    for expression in expressions {
      values.append(try value(of: expression))
    }
    return values
  }

  private func field(_ name: String, of operand: Value) -> Value {
    switch operand {
    case .record(let record): record[name]
    case .map(let map): map[name] ?? .none
    default: .none
    }
  }

  private func element(of operand: Value, at index: Value) throws(EvaluationError) -> Value {
    if let found = Self.lookUp(index, in: operand) { return found }
    let what = if case .map = operand { "key" } else { "index" }
    throw EvaluationError(.decode, "\(operand.summary) has no \(what) \(index.summary)")
  }

  private static func lookUp(_ index: Value, in operand: Value) -> Value? {
    switch (operand, index) {
    case (.list(let elements), .int(let position)):
      return elements.indices.contains(Int(position)) ? elements[Int(position)] : nil
    case (.map(let map), _): return map[index]
    default: return nil
    }
  }

  private mutating func call(_ function: Function, _ arguments: [Expression]) throws(EvaluationError) -> Value {
    switch function.body {
    case .nullary(let apply): return try apply()
    case .unary(let apply): return try apply(value(of: arguments[0]))
    case .binary(let apply): return try apply(value(of: arguments[0]), value(of: arguments[1]))
    case .ternary(let apply):
      return try apply(value(of: arguments[0]), value(of: arguments[1]), value(of: arguments[2]))
    case .metered(_, let apply):
      var meter = Meter(Self.iterationLimit)
      return try apply(values(of: arguments), &meter)
    }
  }

  /// `&&` and `||`: a side that decides absorbs the other's error (CEL specification, "Logical Operators").
  private mutating func logical(
    _ left: Expression, _ right: Expression, absorbing decisive: Bool
  ) throws(EvaluationError) -> Value {
    let failure: EvaluationError
    do throws(EvaluationError) {
      if try value(of: left) == .bool(decisive) { return .bool(decisive) }
      return try value(of: right)
    } catch {
      failure = error
    }
    if let other = try? value(of: right), other == .bool(decisive) { return other }
    throw failure
  }

  private mutating func map(_ entries: [Expression]) throws(EvaluationError) -> Value {
    var distinct: [MapValue.Entry] = []
    var keys: Set<MapKey> = []
    for position in stride(from: 0, to: entries.count, by: 2) {
      let key = try value(of: entries[position])
      guard keys.insert(MapKey(key)).inserted else {
        throw EvaluationError(.decode, "the map has the key \(key.summary) twice")
      }
      distinct.append(.init(key: key, value: try value(of: entries[position + 1])))
    }
    return .map(MapValue(distinct: distinct))
  }

  private mutating func interpolate(_ pieces: [Expression]) throws(EvaluationError) -> Value {
    var bytes: [UInt8] = []
    for piece in pieces {
      bytes += TextForm.render(try value(of: piece)).utf8
    }
    return .string(Text(validUTF8: bytes))
  }

  private func conform(_ value: Value, to type: Type) throws(EvaluationError) -> Value {
    do {
      return try value.decoded(as: type)
    } catch {
      throw EvaluationError(.decode, error.message)
    }
  }
}

// MARK: - Macros

extension Evaluator {
  private mutating func run(_ comprehension: Comprehension) throws(EvaluationError) -> Value {
    let elements: [Value]
    switch try value(of: comprehension.range) {
    case .list(let list): elements = list
    case .map(let map): elements = map.entries.map(\.key)
    case let other: throw EvaluationError.noOverload(comprehension.kind.rawValue, other)
    }
    iterations += elements.count
    guard iterations <= Self.iterationLimit else {
      throw EvaluationError(.limit, "the expression visits more than \(Self.iterationLimit) elements")
    }
    locals.append(.none)
    defer { locals.removeLast() }
    switch comprehension.kind {
    case .all: return try quantify(comprehension, over: elements, until: false)
    case .exists: return try quantify(comprehension, over: elements, until: true)
    case .existsOne: return .bool(try filter(elements, comprehension.body).count == 1)
    case .filter: return .list(try filter(elements, comprehension.body))
    case .map:
      let chosen = try comprehension.condition.map { condition throws(EvaluationError) in
        try filter(elements, condition)
      }
      return .list(try map(chosen ?? elements, comprehension.body))
    case .sortBy: return .list(try sort(elements, by: comprehension.body))
    case .groupBy: return try group(elements, by: comprehension.body)
    }
  }

  /// `all` and `exists`, with the error absorption of `&&` and `||`.
  private mutating func quantify(
    _ comprehension: Comprehension, over elements: [Value], until decisive: Bool
  ) throws(EvaluationError) -> Value {
    var failure: EvaluationError?
    for element in elements {
      locals[locals.count - 1] = element
      do throws(EvaluationError) {
        if try value(of: comprehension.body) == .bool(decisive) { return .bool(decisive) }
      } catch {
        failure = error
      }
    }
    if let failure { throw failure }
    return .bool(!decisive)
  }

  private mutating func filter(_ elements: [Value], _ condition: Expression) throws(EvaluationError) -> [Value] {
    var chosen: [Value] = []
    for element in elements {
      locals[locals.count - 1] = element
      if try value(of: condition) == .bool(true) { chosen.append(element) }
    }
    return chosen
  }

  private mutating func map(_ elements: [Value], _ body: Expression) throws(EvaluationError) -> [Value] {
    var results: [Value] = []
    results.reserveCapacity(elements.count)
    for element in elements {
      locals[locals.count - 1] = element
      results.append(try value(of: body))
    }
    return results
  }

  /// Stable, ascending.
  private mutating func sort(_ elements: [Value], by key: Expression) throws(EvaluationError) -> [Value] {
    let keys = try map(elements, key)
    let order = keys.indices.sorted { left, right in
      let order = FunctionLibrary.order(keys[left], keys[right])
      return order == .less || (order != .greater && left < right)
    }
    return order.map { elements[$0] }
  }

  /// A map from each key to its elements, both in the order of their first occurrence.
  private mutating func group(_ elements: [Value], by key: Expression) throws(EvaluationError) -> Value {
    var groups = ValueGroups()
    var members: [[Value]] = []
    for (element, key) in zip(elements, try map(elements, key)) {
      let (group, isNew) = groups.insert(key)
      if isNew { members.append([]) }
      members[group].append(element)
    }
    return .map(MapValue(distinct: zip(groups.values, members).map { .init(key: $0, value: .list($1)) }))
  }
}
