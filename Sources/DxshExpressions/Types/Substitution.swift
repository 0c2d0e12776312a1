/// What the type parameters of a signature stand for in one call, as far as the arguments have told.
package struct Substitution: Sendable {
  private typealias Binding = (name: String, type: Type)

  /// Most signatures have one type parameter at most, which costs no allocation.
  private var first: Binding?
  /// Those besides `first`; they are few.
  private var others: [Binding] = []

  package init() {}

  package subscript(name: String) -> Type? {
    get {
      if let first, first.name == name { return first.type }
      return others.first { $0.name == name }?.type
    }
    set {
      if first?.name == name { first = nil }
      others.removeAll { $0.name == name }
      guard let newValue else { return }
      if first == nil { first = (name, newValue) } else { others.append((name, newValue)) }
    }
  }

  /// The type parameters that stand for something whose values may not leave the run's memory.
  package var confined: [String] {
    guard first?.type.isConfined == true || others.contains(where: \.type.isConfined) else { return [] }
    return ([first].compactMap { $0 } + others).filter(\.type.isConfined).map(\.name).sorted()
  }

  /// Learns from an argument of type `argument` for a parameter of type `parameter`; false when it does not fit.
  package mutating func match(_ parameter: Type, _ argument: Type) -> Bool {
    switch (parameter, argument) {
    case (.parameter(let name), _):
      guard let bound = self[name] else {
        self[name] = argument
        return true
      }
      guard let join = bound.joined(with: argument) else { return false }
      self[name] = join
      return true
    case (_, .unknown), (_, .never): return true
    case (.optional(let wrapped), _): return match(wrapped, argument.unwrapped)
    case (.list(let element), .list(let own)): return match(element, own)
    case (.map(let key, let value), .map(let ownKey, let ownValue)): return match(key, ownKey) && match(value, ownValue)
    case (.record(let record), .record(let own)):
      return record.fields.allSatisfy { field in
        guard let type = own[field.name] else { return field.type.isOptional }
        return match(field.type, type)
      }
    case (.secret(let content), _): return match(content, argument.withoutSecrets)
    default: return argument.isAssignable(to: parameter)
    }
  }

  /// Takes the parameters of a type that nothing has told as unknown, where an argument has a mistake in it.
  package mutating func giveUp(_ parameter: Type) {
    for name in parameter.parameters where self[name] == nil { self[name] = .unknown }
  }

  /// The type with every known parameter replaced; the unknown ones become `fallback`.
  package func apply(to type: Type, fallback: Type? = nil) -> Type {
    type.hasParameters ? replaced(type, fallback) : type
  }

  private func replaced(_ type: Type, _ fallback: Type?) -> Type {
    switch type {
    case .parameter(let name): self[name] ?? fallback ?? type
    case .list(let element): .list(replaced(element, fallback))
    case .map(let key, let value): .map(replaced(key, fallback), replaced(value, fallback))
    case .optional(let wrapped): replaced(wrapped, fallback).asOptional
    case .record(let record):
      .record(RecordType(record.fields.map { .init($0.name, replaced($0.type, fallback)) }))
    case .secret(let content): replaced(content, fallback).asSecret
    case .type(let type): .type(replaced(type, fallback))
    case .abstract(let name, let arguments): .abstract(name, arguments.map { replaced($0, fallback) })
    case .bool, .int, .uint, .double, .string, .bytes, .timestamp, .duration, .size, .decimal, .money, .json, .null,
      .dyn, .never, .unknown, .enumeration, .connection:
      type
    }
  }
}

extension Type {
  /// Whether the type mentions one of its declaration's type parameters.
  package var hasParameters: Bool {
    contains { if case .parameter = $0 { true } else { false } }
  }

  /// Whether a part of the type is not known, because of a mistake that has been reported.
  package var hasUnknown: Bool { contains { $0 == .unknown } }

  /// The type parameters that the type mentions.
  fileprivate var parameters: [String] {
    var names: [String] = []
    _ = contains { part in
      if case .parameter(let name) = part { names.append(name) }
      return false
    }
    return names
  }

  /// Whether a predicate holds of the type or of a part of it.
  private func contains(_ predicate: (Type) -> Bool) -> Bool {
    if predicate(self) { return true }
    switch self {
    case .secret(let content): return content.contains(predicate)
    case .list(let element): return element.contains(predicate)
    case .map(let key, let value): return key.contains(predicate) || value.contains(predicate)
    case .optional(let wrapped): return wrapped.contains(predicate)
    case .record(let record): return record.fields.contains { $0.type.contains(predicate) }
    case .type(let type): return type.contains(predicate)
    case .abstract(_, let arguments): return arguments.contains { $0.contains(predicate) }
    case .parameter, .bool, .int, .uint, .double, .string, .bytes, .timestamp, .duration, .size, .decimal, .money,
      .json, .null, .dyn, .never, .unknown, .enumeration, .connection:
      return false
    }
  }
}
