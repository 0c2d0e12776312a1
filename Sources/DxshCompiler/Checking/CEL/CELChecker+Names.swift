import DxshExpressions
import DxshSyntax

/// Names, fields and elements.
extension CELChecker {
  mutating func infer(name: String, at syntax: ExpressionSyntax) -> Typed {
    if let local = local(name) { return local }
    if let found = lookUp(name) { return found }
    let variables = environment.variables
    return mistake(.unknownName("variable", name, candidates: variables.keys.sorted(), at: syntax.range))
  }

  func local(_ name: String) -> Typed? {
    guard let number = locals.lastIndex(where: { $0.name == name }) else { return nil }
    return Typed(expression: .local(number), type: locals[number].type)
  }

  /// A variable or a type by its simple or qualified name.
  private mutating func lookUp(_ name: String) -> Typed? {
    if let known = names[name] { return known }
    let found = find(name)
    if let found { names[name] = found }
    return found
  }

  private mutating func find(_ name: String) -> Typed? {
    for candidate in environment.candidates(for: name) {
      if let variable = environment.variables[candidate] {
        let type = environment.isChecked ? types.intern(variable.type) : types.dyn
        guard let slot = variable.slot else {
          let failure = EvaluationError(.decode, "the variable \(candidate) has no value")
          return Typed(expression: .failure(failure), type: type)
        }
        return Typed(expression: .binding(depth: 0, slot: slot), type: type)
      }
      if let type = CELEnvironment.types[candidate] {
        return constant(.box(.type(type)), types.intern(.type(type)))
      }
    }
    return nil
  }

  /// `a.b.c` of names alone, unless the first is a macro's variable or begins no qualified name.
  func qualifiedName(of syntax: ExpressionSyntax, among roots: NameIndex) -> String? {
    switch syntax.kind {
    case .name(let name):
      return (name.hasPrefix(".") || roots.number(of: name) != nil) && local(name) == nil ? name : nil
    case .select(let base, let field, optional: false):
      return qualifiedName(of: base, among: roots).map { "\($0).\(field.text)" }
    default: return nil
    }
  }

  /// The longest name that means something comes first (CEL specification, "Name Resolution").
  mutating func select(
    _ field: Name, of base: ExpressionSyntax, optional: Bool, at syntax: ExpressionSyntax
  ) -> Typed {
    if !optional, let name = qualifiedName(of: syntax, among: roots.values), let found = lookUp(name) { return found }
    let operand = infer(base)
    let (container, isOptional) = unwrapped(operand.type)
    let type = fieldType(container, field)
    guard optional || isOptional else {
      return Typed(expression: .member(operand.expression, field.text), type: type)
    }
    let expression: Expression =
      optional ? .optionalField(operand.expression, field.text) : .member(operand.expression, field.text)
    return Typed(expression: expression, type: types.optional(of: type))
  }

  private func unwrapped(_ type: ID) -> (ID, isOptional: Bool) {
    if case .optional(let wrapped) = types.node(type) {
      (types.resolved(wrapped), true)
    } else {
      (types.resolved(type), false)
    }
  }

  private mutating func fieldType(_ container: ID, _ field: Name) -> ID {
    switch types.node(container) {
    case .map(_, let value): return value
    case .variable: _ = types.isAssignable(types.dyn, to: container)
    case .scalar, .list, .optional, .type, .abstract:
      if container != types.dyn { report(.noFields(types.type(container), field, candidates: [])) }
    }
    return types.dyn
  }

  /// `has(e.f)`
  mutating func presence(_ argument: ExpressionSyntax) -> Typed {
    guard case .select(let base, let field, optional: false) = argument.kind else {
      return mistake(.hasNeedsField(at: argument.range))
    }
    let operand = infer(base)
    _ = fieldType(unwrapped(operand.type).0, field)
    return Typed(expression: .presence(operand.expression, field.text), type: types.bool)
  }

  mutating func element(
    of base: ExpressionSyntax, at key: ExpressionSyntax, optional: Bool, _ syntax: ExpressionSyntax
  ) -> Typed {
    let container = infer(base)
    let index = infer(key)
    let expression: Expression =
      optional
      ? .optionalIndex(container.expression, index.expression) : .index(container.expression, index.expression)
    if let known = knownElement(container.type, index.type) {
      return Typed(expression: expression, type: optional ? types.optional(of: known) : known)
    }
    let element = types.newVariable()
    let mapKey = types.newVariable()
    let list = types.list(of: element)
    let map = types.map(mapKey, element)
    var results: [ID] = []
    for (parameter, keyType) in [(list, types.int), (map, mapKey)] {
      if types.areAssignable([container.type, index.type], to: [parameter, keyType]) {
        results.append(optional ? types.optional(of: element) : element)
      }
      let wrapped = types.optional(of: parameter)
      if case .optional = types.node(container.type),
        types.areAssignable([container.type, index.type], to: [wrapped, keyType])
      {
        results.append(types.optional(of: element))
      }
    }
    guard let first = results.first else {
      return mistake(
        .noElement(types.type(index.type), of: types.type(container.type), at: syntax.range))
    }
    let isOpen = types.isDyn(container.type) && !optional
    return Typed(expression: expression, type: isOpen ? types.dyn : first)
  }

  /// The element of a list at an int, or of a map at a key of just its keys' type.
  private func knownElement(_ container: ID, _ index: ID) -> ID? {
    guard types.isGround(container), types.isGround(index) else { return nil }
    return switch types[container] {
    case .list(let element) where index == types.int: element
    case .map(let key, let value) where index == key: value
    default: nil
    }
  }
}
