import DxshExpressions
import DxshSyntax
import DxshTime

/// Literals: of scalars, lists, records, maps, and text with placeholders.
extension ExpressionChecker {
  /// An integer literal is a double where one is expected (rule 31).
  func check(
    _ literal: ExpressionSyntax.Literal, at range: SourceRange, negated: Bool, expecting expected: Type?
  ) -> TypedExpression {
    switch literal {
    case .null: return constant(.null, .null)
    case .bool(let value): return constant(.bool(value), .bool)
    case .int(let magnitude):
      if expected?.unwrapped == .double {
        return constant(.double(negated ? -Double(magnitude) : Double(magnitude)), .double)
      }
      if expected?.unwrapped == .decimal, let number = Decimal(text: (negated ? "-" : "") + String(magnitude)) {
        return constant(.box(.decimal(number)), .decimal)
      }
      let value = negated ? Int64(exactly: -Int128(magnitude)) : Int64(exactly: magnitude)
      guard let value else {
        report(.literalOutOfRange("an int goes from -9223372036854775808 to 9223372036854775807", at: range))
        return .unknown
      }
      return constant(.int(value), .int)
    case .uint(let value): return constant(.uint(value), .uint)
    case .double(let value):
      let value = negated ? -value : value
      if expected?.unwrapped == .decimal, let number = Decimal(shortest: value) {
        return constant(.box(.decimal(number)), .decimal)
      }
      return constant(.double(value), .double)
    case .string(let text): return constant(.text(text), .string)
    case .bytes(let bytes): return constant(.bytes(bytes), .bytes)
    case .duration(let milliseconds):
      guard let span = TimeSpan(milliseconds: negated ? -milliseconds : milliseconds) else {
        report(.literalOutOfRange("a duration is at most 315576000000s", at: range))
        return .unknown
      }
      return constant(.duration(span), .duration)
    case .size(let bytes): return constant(.size(bytes), .size)
    }
  }

  func constant(_ value: Value, _ type: Type) -> TypedExpression {
    TypedExpression(.constant(Constant(value)), type)
  }

  func list(
    _ elements: [ExpressionSyntax.Element], at syntax: ExpressionSyntax, expecting expected: Type?
  ) -> TypedExpression {
    if case .list(.dyn)? = expected?.unwrapped {
      let typed = elements.map { element($0) }
      let isSecret = typed.contains { $0.type.containsSecret }
      return TypedExpression(.list(typed.map(\.expression)), isSecret ? Type.list(.dyn).asSecret : .list(.dyn))
    }
    if case .list(let wanted)? = expected?.unwrapped {
      let typed = elements.map { element($0, expecting: wanted) }
      return TypedExpression(.list(typed.map(\.expression)), .list(wanted))
    }
    if expected?.unwrapped == .json {
      let typed = elements.map { element($0, expecting: .json) }
      return TypedExpression(.list(typed.map(\.expression)), .json)
    }
    if let expected, !mayBeList(expected) {
      // The mistake is the list, not what is in it.
      let (checker, before) = (lookingForNames, session.diagnostics.count)
      let typed = elements.map { checker.element($0) }
      let join = checker.join(typed, elements.map(\.value), "the elements of a list") ?? .unknown
      if !join.hasUnknown || session.diagnostics.count > before { return TypedExpression(.list([]), .list(join)) }
      // Of a type that is not known nobody says that it does not fit: what is in it has to be said.
    }
    var typed = elements.map { element($0) }
    adaptWholeNumbers(&typed, elements.map(\.value))
    guard let join = join(typed, elements.map(\.value), "the elements of a list") else {
      return TypedExpression(.list([]), .list(.unknown))
    }
    return TypedExpression(.list(typed.map { convert($0, to: join).expression }), .list(join))
  }

  private func mayBeList(_ expected: Type) -> Bool {
    switch expected.unwrapped {
    case .dyn, .never, .unknown, .parameter, .secret, .abstract: true
    default: false
    }
  }

  /// `e`, or the content of `?e` where it has one.
  private func element(_ element: ExpressionSyntax.Element, expecting wanted: Type? = nil) -> TypedExpression {
    guard element.optional else { return wanted.map { check(element.value, expecting: $0) } ?? infer(element.value) }
    return content(of: element.value, expecting: wanted)
  }

  private func content(of value: ExpressionSyntax, expecting wanted: Type?) -> TypedExpression {
    let typed = wanted.map { check(value, expecting: $0.asOptional) } ?? infer(value)
    if !typed.type.isUnknown, !typed.type.isOptional {
      report(.badOperand("`?` leaves out what is none, and this is \(typed.type)", at: value.range))
    }
    return TypedExpression(.ifPresent(typed.expression), typed.type.unwrapped)
  }

  /// Integer literals beside doubles are doubles.
  func adaptWholeNumbers(_ typed: inout [TypedExpression], _ syntax: @autoclosure () -> [ExpressionSyntax]) {
    if typed.contains(where: { $0.type.isDecimalOrNone }) {
      let syntax = syntax()
      for (position, element) in typed.enumerated() where syntax[position].isNumberLiteral && element.type != .decimal {
        typed[position] = infer(syntax[position], expecting: .decimal)
      }
    }
    guard typed.contains(where: { $0.type.isDoubleOrNone }) else { return }
    let syntax = syntax()
    for (position, element) in typed.enumerated() where element.type == .int && syntax[position].isIntegerLiteral {
      typed[position] = infer(syntax[position], expecting: .double)
    }
  }

  /// The type that all parts have in common, or a diagnostic at the first that differs.
  private func join(
    _ typed: [TypedExpression], _ syntax: @autoclosure () -> [ExpressionSyntax], _ what: String
  ) -> Type? {
    var join = Type.never
    for (position, element) in typed.enumerated() {
      guard let wider = join.joined(with: element.type) else {
        let syntax = syntax()
        report(
          .noCommonType(
            join, element.type, what: what, at: syntax[position].range, first: syntax[0].range))
        return nil
      }
      join = wider
    }
    return join
  }

  /// Record literals are exact (rule 6): with an expected record, no other field and none that is required missing.
  func record(
    _ fields: [ExpressionSyntax.Field], at syntax: ExpressionSyntax, expecting expected: Type?
  ) -> TypedExpression {
    reportRepeated(fields)
    switch expected?.unwrapped {
    case .record(let wanted)?: return record(fields, exactly: wanted, at: syntax)
    case .map(.string, let value)?: return mapLiteral(fields, of: value)
    case .json?:
      let map = mapLiteral(fields, of: .json)
      return TypedExpression(map.expression, .json)
    default:
      let typed = fields.map { infer($0.value) }
      let type = RecordType(zip(fields, typed).map { .init($0.name.text, $1.type) })
      return TypedExpression(.record(fields.map(\.name.text), typed.map(\.expression)), .record(type))
    }
  }

  private func record(
    _ fields: [ExpressionSyntax.Field], exactly wanted: RecordType, at syntax: ExpressionSyntax
  ) -> TypedExpression {
    var given = [Expression?](repeating: nil, count: wanted.fields.count)
    for field in fields {
      guard let slot = wanted.slot(of: field.name.text) else {
        report(.extraField(field.name, in: wanted))
        _ = infer(field.value)
        continue
      }
      given[slot] = check(field.value, expecting: wanted.fields[slot].type).expression
    }
    let missing = wanted.fields.indices.filter { slot in
      given[slot] == nil && !wanted.fields[slot].type.isOptional && wanted.fields[slot].type != .unknown
    }
    if !missing.isEmpty {
      report(.missingFields(missing.map { wanted.fields[$0] }, at: syntax.range))
    }
    let values = given.map { $0 ?? .constant(Constant(.none)) }
    return TypedExpression(.record(wanted.fields.map(\.name), values), .record(wanted))
  }

  private func mapLiteral(_ fields: [ExpressionSyntax.Field], of value: Type) -> TypedExpression {
    let entries = fields.flatMap { field in
      [Expression.constant(Constant(.text(field.name.text))), check(field.value, expecting: value).expression]
    }
    return TypedExpression(.map(entries), .map(.string, value))
  }

  private func reportRepeated(_ fields: [ExpressionSyntax.Field]) {
    if areFewAndDistinct(fields) { return }
    var first: [String: SourceRange] = Dictionary(minimumCapacity: fields.count)
    for field in fields where !field.name.isMissing {
      if let earlier = first[field.name.text] {
        report(.duplicate("the field", field.name, first: earlier))
      } else {
        first[field.name.text] = field.name.range
      }
    }
  }

  /// Of a few fields, whether no two have one name, found without a table.
  private func areFewAndDistinct(_ fields: [ExpressionSyntax.Field]) -> Bool {
    guard fields.count <= 8 else { return false }
    return fields.indices.allSatisfy { number in
      !fields[..<number].contains { $0.name.text == fields[number].name.text }
    }
  }

  func map(
    _ entries: [ExpressionSyntax.Entry], at syntax: ExpressionSyntax, expecting expected: Type?
  ) -> TypedExpression {
    var wanted: (key: Type, value: Type)?
    if case .map(let key, let value)? = expected?.unwrapped { wanted = (key, value) }
    if expected?.unwrapped == .json { wanted = (.string, .json) }
    let keys = entries.map { check($0.key, expecting: wanted?.key) }
    var values = entries.map { entry in
      entry.optional ? content(of: entry.value, expecting: wanted?.value) : check(entry.value, expecting: wanted?.value)
    }
    if wanted == nil { adaptWholeNumbers(&values, entries.map(\.value)) }
    guard let key = wanted?.key ?? join(keys, entries.map(\.key), "the keys of a map"),
      let value = wanted?.value ?? join(values, entries.map(\.value), "the values of a map")
    else { return .unknown }
    if !key.isKeyType {
      report(.badKeyType(key, at: entries[0].key.range))
      return .unknown
    }
    let expressions = zip(keys, values).flatMap { [$0.expression, convert($1, to: value).expression] }
    return TypedExpression(.map(expressions), expected?.unwrapped == .json ? .json : .map(key, value))
  }

  /// `{}` is what the expected type says, else an empty map.
  func emptyBraces(at syntax: ExpressionSyntax, expecting expected: Type?) -> TypedExpression {
    if case .record(let wanted)? = expected?.unwrapped { return record([], exactly: wanted, at: syntax) }
    if expected?.unwrapped == .json { return TypedExpression(.map([]), .json) }
    if case .map(let key, let value)? = expected?.unwrapped { return TypedExpression(.map([]), .map(key, value)) }
    return TypedExpression(.map([]), .map(.never, .never))
  }

  func interpolation(_ segments: [ExpressionSyntax.Segment]) -> TypedExpression {
    var pieces: [Expression] = []
    pieces.reserveCapacity(segments.count)
    var isSecret = false
    var rendersAll = true
    for segment in segments {
      switch segment {
      case .text(let text):
        if !text.isEmpty { pieces.append(.constant(Constant(.text(text)))) }
      case .expression(let syntax):
        let typed = infer(syntax)
        let type = typed.type.withoutSecrets
        if typed.type.containsSecret { isSecret = true }
        if type.isOptional, type.unwrapped.rendersAsText {
          report(.optionalNotNarrowed(typed.type, path: syntax.path, at: syntax.range))
        } else if !type.rendersAsText {
          report(.notRenderable(typed.type, at: syntax.range))
        }
        if type.isOptional || !type.rendersAsText { rendersAll = false }
        pieces.append(typed.expression)
      }
    }
    // What cannot be text has no value that could be computed here.
    guard rendersAll else { return .unknown }
    return TypedExpression(.interpolation(pieces), isSecret ? .secret(.string) : .string)
  }
}

extension ExpressionSyntax {
  /// `3`, `-3.5`, `(3)`
  var isNumberLiteral: Bool {
    switch kind {
    case .literal(.int), .literal(.double): true
    case .unary(.negate, let operand): operand.isNumberLiteral
    case .parenthesized(let inner): inner.isNumberLiteral
    default: false
    }
  }

  /// `3`, `-3`, `(3)`
  var isIntegerLiteral: Bool {
    switch kind {
    case .literal(.int): true
    case .unary(.negate, let operand): operand.isIntegerLiteral
    case .parenthesized(let inner): inner.isIntegerLiteral
    default: false
    }
  }
}

extension Type {
  /// Whether it is `decimal` or `decimal?`.
  fileprivate var isDecimalOrNone: Bool {
    switch self {
    case .decimal, .optional(.decimal): true
    default: false
    }
  }

  /// Whether it is `double` or `double?`.
  fileprivate var isDoubleOrNone: Bool {
    switch self {
    case .double, .optional(.double): true
    default: false
    }
  }
}
