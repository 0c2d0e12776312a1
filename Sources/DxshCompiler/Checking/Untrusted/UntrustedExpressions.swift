import DxshExpressions

/// What expressions pass on of untrusted text.
///
/// A condition chooses a value and does not become a part of it, so nothing comes through conditions.
struct UntrustedExpressions {
  /// The slots of the scopes around, the innermost last.
  let frames: [[Untrusted]]
  /// Their types.
  let types: [[Type]]

  func untrusted(in expression: Expression) -> Untrusted {
    var locals: [Untrusted] = []
    return find(expression, &locals)
  }

  private func find(_ expression: Expression, _ locals: inout [Untrusted]) -> Untrusted {
    switch expression {
    case .constant, .failure, .presence, .and, .or: return .none
    case .binding(let depth, let slot): return frames[frames.count - 1 - depth][slot]
    case .local(let number): return number < locals.count ? locals[number] : .none
    case .field(let operand, _, _), .optionalField(let operand, _), .member(let operand, _):
      let found = find(operand, &locals)
      if found.isNone { return found }
      return type(of: expression).map(found.asText) ?? found
    case .call(let function, let arguments): return function.passingOn(join(arguments, &locals))
    case .conditional(_, let yes, let no): return join([yes, no], &locals)
    case .letting(let local, let value, in: let body):
      let found = find(value, &locals)
      return with(found, at: local, &locals) { find(body, &$0) }
    case .comprehension(let macro): return find(macro, &locals)
    case .conform(let operand, let type): return find(operand, &locals).asText(type)
    case .index(let operand, _), .optionalIndex(let operand, _), .ifPresent(let operand), .attempt(let operand),
      .outcome(let operand):
      return find(operand, &locals)
    case .dispatch(_, _, let parts), .list(let parts), .map(let parts), .interpolation(let parts),
      .record(_, let parts):
      return join(parts, &locals)
    }
  }

  private func join(_ parts: [Expression], _ locals: inout [Untrusted]) -> Untrusted {
    var all = Untrusted.none
    for part in parts { all.join(find(part, &locals)) }
    return all
  }

  private func find(_ macro: Comprehension, _ locals: inout [Untrusted]) -> Untrusted {
    let range = find(macro.range, &locals)
    var initial = Untrusted.none
    if let written = macro.initial { initial = find(written, &locals) }
    var elements = range
    elements.join(initial)
    let body = with(elements, at: macro.local, count: macro.variables, &locals) { find(macro.body, &$0) }
    switch macro.kind {
    case .all, .exists, .existsOne: return .none
    case .filter, .sortBy: return range
    case .map, .transformList, .optMap, .optFlatMap: return body
    case .groupBy, .transformMap, .transformMapEntry, .fold:
      var all = elements
      all.join(body)
      return all
    }
  }

  private func with(
    _ value: Untrusted, at local: Int, count: Int = 1, _ locals: inout [Untrusted],
    _ body: (inout [Untrusted]) -> Untrusted
  ) -> Untrusted {
    let outer = locals
    while locals.count < local + count { locals.append(.none) }
    for number in local..<local + count { locals[number] = value }
    defer { locals = outer }
    return body(&locals)
  }

  /// Of a path of fields from a slot; nil for everything else.
  private func type(of expression: Expression) -> Type? {
    switch expression {
    case .binding(let depth, let slot): return types[types.count - 1 - depth][slot]
    case .field(let operand, let name, _), .optionalField(let operand, let name):
      guard case .record(let record)? = type(of: operand)?.unwrapped else { return nil }
      return record[name]
    default: return nil
    }
  }
}
