import DxshExpressions
import DxshSyntax

/// Names, fields and elements.
extension ExpressionChecker {
  /// A macro's variable, a name of the workflow, `none`, or a member of the enum that is expected.
  func check(name: String, at syntax: ExpressionSyntax, expecting expected: Type?) -> TypedExpression {
    let value = lookUp(name)
    if case .enumeration(let declared)? = expected?.unwrapped, let member = declared[name] {
      if value != nil { report(.ambiguousMember(name, of: declared, at: syntax.range)) }
      return constant(.text(member.wireName), .enumeration(declared))
    }
    if let value { return narrow(value, path: name) }
    if let constant = session.constant(name) {
      session.noteUse(of: name)
      return constant
    }
    if name == "none" { return constant(.none, .optional(.never)) }
    let mayBeMember = onlyNames || expected?.hasUnknown == true
    if mayBeMember, session.types.enums.values.contains(where: { $0[name] != nil }) { return .unknown }
    if !session.isLost(name) { report(unknown(name, at: syntax.range, expecting: expected)) }
    return .unknown
  }

  private func unknown(_ name: String, at range: SourceRange, expecting expected: Type?) -> Diagnostic {
    if case .enumeration(let declared)? = expected?.unwrapped {
      return .unknownMember(name, of: declared, at: range)
    }
    if let first = name.unicodeScalars.first, first.properties.isUppercase, session.types.declared[name] != nil {
      return .typeIsNoValue(name, at: range)
    }
    return .unknownName("name", name, candidates: scope.visibleNames + locals.map(\.name), at: range)
  }

  /// What a bare name means as a value here.
  private func lookUp(_ name: String) -> TypedExpression? {
    if let position = locals.lastIndex(where: { $0.name == name }) {
      return TypedExpression(.local(position), locals[position].type)
    }
    return scope.resolve(name)
  }

  /// Whether a name is bound as a value, so that `name.f(…)` is no qualified function.
  func isValue(_ name: String) -> Bool {
    locals.contains { $0.name == name } || scope.isVisible(name)
  }

  /// Whether a name stands for an imported file and for nothing else.
  func isOnlyFile(_ file: String) -> Bool {
    !isValue(file) && session.types.enums[file] == nil && session.constant(file) == nil
  }

  /// `T` for a `T?` that is known to have a value here.
  private func narrow(_ typed: TypedExpression, path: String?) -> TypedExpression {
    guard typed.type.isOptional, let path, facts.isPresent(path) else { return typed }
    return TypedExpression(typed.expression, typed.type.unwrapped)
  }

  func select(
    _ field: Name, of base: ExpressionSyntax, optional: Bool, at syntax: ExpressionSyntax
  ) -> TypedExpression {
    if let name = base.path, let declared = session.types.enums[name], !isValue(base.root) {
      session.noteUse(of: name)
      return member(field, of: declared)
    }
    if case .name(let file) = base.kind, let constant = session.constant("\(file).\(field.text)"), !isValue(file) {
      session.noteUse(of: file)
      return constant
    }
    if case .name(let file) = base.kind, session.importNames[file] != nil, isOnlyFile(file) {
      report(
        .unknownName(
          "value in the file `\(file)`", field.text, candidates: session.definitionNames(in: file), at: field.range))
      return .unknown
    }
    return lifting(infer(base)) { operand in
      if field.isMissing { return .unknown }
      return optional
        ? optionalField(field, of: operand) : plainField(field, of: operand, base, at: syntax)
    }
  }

  private func plainField(
    _ field: Name, of operand: TypedExpression, _ base: ExpressionSyntax, at syntax: ExpressionSyntax
  ) -> TypedExpression {
    switch operand.type {
    case .unknown: return .unknown
    case .dyn: return TypedExpression(.field(operand.expression, field.text, slot: 0), .dyn)
    case .json:
      report(.undecodedJSON("a field of json may be absent", fix: .optionalSelection(before: field), at: field.range))
      return .unknown
    case .optional(let wrapped) where wrapped != .never:
      report(.optionalNotNarrowed(operand.type, path: base.path, field: field, at: base.range))
      return .unknown
    case .record(let record):
      guard let slot = record.slot(of: field.text) else {
        report(.unknownField(field, in: record))
        return .unknown
      }
      return narrow(
        TypedExpression(.field(operand.expression, field.text, slot: slot), record.fields[slot].type), path: syntax.path
      )
    case .map(.string, _):
      report(.mapHasNoFields(field, at: field.range))
      return .unknown
    default:
      report(.noFields(operand.type, field, candidates: memberNames(for: operand.type)))
      return .unknown
    }
  }

  private func member(_ name: Name, of declared: EnumType) -> TypedExpression {
    guard let member = declared[name.text] else {
      report(.unknownMember(name.text, of: declared, at: name.range))
      return TypedExpression(.constant(Constant(.none)), .enumeration(declared))
    }
    return constant(.text(member.wireName), .enumeration(declared))
  }

  /// `e.?f`: always optional; through an optional too (rule 24 iii).
  private func optionalField(_ field: Name, of operand: TypedExpression) -> TypedExpression {
    let expression = Expression.optionalField(operand.expression, field.text)
    switch operand.type.unwrapped {
    case .unknown, .never: return .unknown
    case .json: return TypedExpression(expression, .optional(.json))
    case .dyn: return TypedExpression(expression, .dyn)
    case .map(.string, let value): return TypedExpression(expression, value.asOptional)
    case .record(let record):
      guard let type = record[field.text] else {
        report(.unknownField(field, in: record))
        return .unknown
      }
      return TypedExpression(expression, type.asOptional)
    default:
      report(.noFields(operand.type, field, candidates: []))
      return .unknown
    }
  }

  func element(
    of base: ExpressionSyntax, at index: ExpressionSyntax, optional: Bool, _ syntax: ExpressionSyntax
  ) -> TypedExpression {
    lifting(infer(base)) { element(of: $0, base, at: index, optional: optional) }
  }

  private func element(
    of operand: TypedExpression, _ base: ExpressionSyntax, at index: ExpressionSyntax, optional: Bool
  ) -> TypedExpression {
    var container = operand.type
    if case .optional(let wrapped) = container {
      guard optional || wrapped == .never else {
        report(.optionalNotNarrowed(container, path: base.path, at: base.range))
        return .unknown
      }
      container = wrapped
    }
    let (key, result): (Type, Type)
    switch container {
    case .unknown: return .unknown
    case .list(let type): (key, result) = (.int, type)
    case .map(let mapKey, let value): (key, result) = (mapKey, value)
    case .json:
      guard optional else {
        report(.undecodedJSON("an element of json may be absent", fix: .optionalIndex(index), at: index.range))
        return .unknown
      }
      let typed = infer(index)
      let type = Type.optional(.json)
      return TypedExpression(
        .optionalIndex(operand.expression, typed.expression), typed.type.containsSecret ? type.asSecret : type)
    default:
      report(.badOperand("`[…]` reads elements of lists and maps, not of \(container)", at: base.range))
      return .unknown
    }
    let typed = self.operand(index, expecting: key == .never ? nil : key)
    let isSecret = typed.type.containsSecret
    if optional {
      let type = isSecret ? result.withoutSecrets.asOptional.asSecret : result.asOptional
      return TypedExpression(.optionalIndex(operand.expression, typed.expression), type)
    }
    if !typed.type.isUnknown, !isProven(index, in: base, container) {
      let what = if case .map = container { "key" } else { "index" }
      requireProof(
        "there may be no such \(what)", remedy: "write `[?…]`, which is none then, or check before",
        fix: .optionalIndex(index), at: index.range)
    }
    return TypedExpression(.index(operand.expression, typed.expression), isSecret ? result.asSecret : result)
  }

  /// A literal index into a literal; a key that was found; an index below a size that was checked.
  private func isProven(_ index: ExpressionSyntax, in base: ExpressionSyntax, _ container: Type) -> Bool {
    switch (base.kind, container) {
    case (.list(let elements), _):
      return index.whole.map { $0 < elements.count } ?? false
    case (_, .map):
      guard let map = base.path, let key = index.path ?? index.literalText else { return false }
      return facts.hasMember(key, of: map)
    default:
      guard let list = base.path, let number = index.whole else { return false }
      return facts.hasElement(list, at: UInt64(number))
    }
  }

  private func memberNames(for type: Type) -> [String] {
    FunctionLibrary.names.filter { name in
      FunctionLibrary.overloads(named: name, in: .dxsh).contains { overload in
        var substitution = Substitution()
        return overload.style == .member && substitution.match(overload.parameters[0], type)
      }
    }
  }
}
