import DxshExpressions
import DxshPlan
import DxshTestSupport
import DxshTime

/// Seeded random values, types, expressions and valid plans: the same seed gives the same things everywhere.
struct RandomParts {
  private var generator: SeededGenerator
  /// How many workflows the plan that is being made has for its steps to call.
  var callable = 0

  init(seed: Int) {
    generator = SeededGenerator(UInt64(truncatingIfNeeded: seed))
  }

  mutating func next() -> UInt64 { generator.next() }

  mutating func below(_ limit: Int) -> Int { Int(next() % UInt64(limit)) }

  mutating func isHit(oneIn chance: Int) -> Bool { below(chance) == 0 }

  mutating func list<Element>(upTo count: Int, _ make: (inout RandomParts) -> Element) -> [Element] {
    (0..<below(count + 1)).map { _ in make(&self) }
  }

  mutating func text() -> String {
    let pieces = ["a", "B_7", "é", "\"", "\\", "\n", "\u{0}", "/", "~", "🦎", "\u{2028}", " "]
    return list(upTo: 4) { pieces[$0.below(pieces.count)] }.joined()
  }

  /// Distinct names.
  mutating func names(_ count: Int) -> [String] { (0..<count).map { "\(text())#\($0)" } }

  // MARK: - Values

  mutating func value(depth: Int = 3) -> Value {
    switch below(depth > 0 ? 15 : 12) {
    case 0: return .none
    case 1: return .null
    case 2: return .bool(isHit(oneIn: 2))
    case 3: return .int(integer())
    case 4: return .uint(UInt64(bitPattern: integer()))
    case 5: return .double(double())
    case 6: return .text(text())
    case 7: return .bytes(list(upTo: 5) { UInt8($0.below(256)) })
    case 8: return .timestamp(timestamp())
    case 9: return .duration(TimeSpan(nanoseconds: integer()))
    case 10: return .size(integer())
    case 11: return boxed()
    case 12: return .list(list(upTo: 3) { $0.value(depth: depth - 1) })
    case 13: return .map(map(depth: depth - 1))
    default:
      let count = below(4)
      let fields = (0..<count).map { _ in value(depth: depth - 1) }
      return .record(RecordValue(RecordShape(names(count)), fields))
    }
  }

  private mutating func boxed() -> Value {
    let number = Decimal(isNegative: isHit(oneIn: 2), coefficient: UInt128(next()), scale: below(101)) ?? .zero
    let bits = UInt128(next()) << 64 | UInt128(next())
    let address = IPAddress(isHit(oneIn: 2) ? .v4 : .v6, bits: isHit(oneIn: 2) ? bits : bits >> 96)
    switch below(4) {
    case 0: return .box(.decimal(number))
    case 1: return .box(.money(Money(number, "EUR")))
    case 2: return .box(.ip(address))
    default: return .box(.cidr(CIDRBlock(address, prefixLength: below(129))))
    }
  }

  private mutating func integer() -> Int64 {
    let edges: [Int64] = [0, 1, -1, 255, .max, .min, 1 << 53]
    return isHit(oneIn: 2) ? edges[below(edges.count)] : Int64(bitPattern: next())
  }

  private mutating func double() -> Double {
    let edges = [
      0, -0.0, 1, 0.1, .nan, .infinity, -.infinity, .leastNonzeroMagnitude, .greatestFiniteMagnitude, 1e22, 123_456_789,
    ]
    return isHit(oneIn: 2) ? edges[below(edges.count)] : Double(bitPattern: next())
  }

  private mutating func timestamp() -> Timestamp {
    let span = Timestamp.maximumSeconds - Timestamp.minimumSeconds
    let seconds = Timestamp.minimumSeconds + Int64(next() % UInt64(span))
    return Timestamp(seconds: seconds, nanoseconds: Int64(below(1_000_000_000))) ?? .epoch
  }

  private mutating func map(depth: Int) -> MapValue {
    let entries = list(upTo: 12) { parts in
      let key: Value =
        switch parts.below(4) {
        case 0: .bool(parts.isHit(oneIn: 2))
        case 1: .int(parts.integer())
        case 2: .uint(parts.next())
        default: .text(parts.text())
        }
      return MapValue.Entry(key: key, value: parts.value(depth: depth))
    }
    return MapValue(entries) ?? .empty
  }

  // MARK: - Types

  mutating func type(depth: Int = 3) -> Type {
    let scalars: [Type] = [
      .bool, .int, .uint, .double, .string, .bytes, .timestamp, .duration, .size, .decimal, .money,
      .json, .null, .dyn, .never, .unknown,
    ]
    guard depth > 0 else { return scalars[below(scalars.count)] }
    switch below(10) {
    case 0: return .list(type(depth: depth - 1))
    case 1: return .map(type(depth: depth - 1), type(depth: depth - 1))
    case 2: return .optional(type(depth: depth - 1).unwrapped)
    case 3: return .record(RecordType(names(below(4)).map { .init($0, type(depth: depth - 1)) }))
    case 4: return .enumeration(EnumType(text(), list(upTo: 3) { .init($0.text(), wireName: $0.text()) }))
    case 5: return .parameter(text())
    case 6: return .secret(type(depth: depth - 1).withoutSecrets)
    case 7: return .connection(text())
    default: return scalars[below(scalars.count)]
    }
  }

  // MARK: - Expressions

  /// Over the slots of these scopes, outermost first, within so many macros.
  mutating func expression(_ slots: [Int], locals: Int = 0, depth: Int = 4) -> Expression {
    guard depth > 0 else { return leaf(slots, locals: locals) }
    func part(_ parts: inout RandomParts) -> Expression {
      parts.expression(slots, locals: locals, depth: depth - 1)
    }
    switch below(22) {
    case 0: return .field(part(&self), text(), slot: below(9))
    case 1: return .optionalField(part(&self), text())
    case 2: return .index(part(&self), part(&self))
    case 3: return .optionalIndex(part(&self), part(&self))
    case 4: return .call(function("size_list"), [part(&self)])
    case 5: return .call(function("add_int64"), [part(&self), part(&self)])
    case 6: return .and(part(&self), part(&self))
    case 7: return .or(part(&self), part(&self))
    case 8: return .conditional(part(&self), part(&self), part(&self))
    case 9: return .list(list(upTo: 3, part))
    case 10:
      let fields = list(upTo: 3, part)
      return .record(names(fields.count), fields)
    case 11: return .map(list(upTo: 2, part) + list(upTo: 0, part)).evened
    case 12: return .comprehension(comprehension(slots, locals: locals, depth: depth - 1))
    case 13: return .interpolation(list(upTo: 3, part))
    case 14: return .conform(part(&self), type(depth: 2))
    case 15: return .attempt(part(&self))
    case 16: return .outcome(part(&self))
    case 17:
      let value = part(&self)
      return .letting(locals, value, in: expression(slots, locals: locals + 1, depth: depth - 1))
    case 18: return .dispatch("_+_", .global, [part(&self), part(&self)])
    case 19: return isHit(oneIn: 2) ? .member(part(&self), text()) : .presence(part(&self), text())
    case 20: return .failure(EvaluationError(.decode, text()))
    default: return leaf(slots, locals: locals)
    }
  }

  private mutating func comprehension(_ slots: [Int], locals: Int, depth: Int) -> Comprehension {
    let kinds = Comprehension.Kind.allCases
    let kind = kinds[below(kinds.count)]
    let variables = isHit(oneIn: 2) ? kind.variables.lowerBound : kind.variables.upperBound
    let isFold = kind == .fold
    return Comprehension(
      kind, range: expression(slots, locals: locals, depth: depth), local: locals, variables: variables,
      initial: isFold ? expression(slots, locals: locals, depth: depth) : nil,
      condition: !isFold && isHit(oneIn: 3) ? expression(slots, locals: locals + variables, depth: depth) : nil,
      body: expression(slots, locals: locals + variables, depth: depth))
  }

  private mutating func leaf(_ slots: [Int], locals: Int) -> Expression {
    if locals > 0, isHit(oneIn: 3) { return .local(below(locals)) }
    let depth = slots.isEmpty ? 0 : below(slots.count)
    if !slots.isEmpty, slots[slots.count - 1 - depth] > 0, isHit(oneIn: 2) {
      return .binding(depth: depth, slot: below(slots[slots.count - 1 - depth]))
    }
    return .constant(Constant(value(depth: 2)))
  }

  private func function(_ id: String) -> Function {
    guard let function = FunctionLibrary.function(withID: id) else { preconditionFailure("no function \(id)") }
    return function
  }
}

extension Expression {
  /// A map literal with as many values as keys.
  fileprivate var evened: Expression {
    guard case .map(let entries) = self else { return self }
    return .map(Array(entries.dropLast(entries.count % 2)))
  }
}
