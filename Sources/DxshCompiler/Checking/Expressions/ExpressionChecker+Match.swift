import DxshExpressions
import DxshSyntax

/// `match e { p => e, … }` as a value: the first arm whose pattern takes the value; some arm always does.
extension ExpressionChecker {
  func match(
    _ subject: ExpressionSyntax, _ arms: [ExpressionSyntax.MatchArm], at syntax: ExpressionSyntax,
    expecting expected: Type?
  ) -> TypedExpression {
    let operand = infer(subject)
    return lifting(operand) { open in
      match(open, subject, arms, at: syntax, expecting: expected)
    }
  }

  private func match(
    _ operand: TypedExpression, _ subject: ExpressionSyntax, _ arms: [ExpressionSyntax.MatchArm],
    at syntax: ExpressionSyntax, expecting expected: Type?
  ) -> TypedExpression {
    var inner = self
    inner.bindUnnamed(operand.type)
    guard !operand.type.isUnknown, var cases = MatchCases(operand.type) else {
      if !operand.type.isUnknown { report(.cannotMatch(operand.type, at: subject.range)) }
      arms.forEach { _ = inner.infer($0.value, expecting: expected) }
      return .unknown
    }
    let value = Expression.local(locals.count)
    var tests: [Expression?] = []
    var values: [TypedExpression] = []
    for arm in arms {
      tests.append(inner.test(arm.patterns, value, operand.type, &cases))
      let checker = inner.knowing(arm.patterns, of: subject)
      values.append(
        expected.map { checker.check(arm.value, expecting: $0) } ?? checker.infer(arm.value))
    }
    if !cases.missing.isEmpty { report(.notExhaustive(cases.missing, at: syntax.range)) }
    guard let type = join(&values, arms.map(\.value), expected) else { return .unknown }
    return TypedExpression(
      .letting(locals.count, operand.expression, in: chain(tests, values.map { convert($0, to: type).expression })),
      type)
  }

  /// The arms as conditionals; the last one needs no test, since some arm takes every value.
  private func chain(_ tests: [Expression?], _ values: [Expression]) -> Expression {
    guard var whole = values.last else { return .constant(Constant(.none)) }
    for (test, value) in zip(tests, values).dropLast().reversed() {
      if let test { whole = .conditional(test, value, whole) }
    }
    return whole
  }

  private func join(
    _ values: inout [TypedExpression], _ syntax: [ExpressionSyntax], _ expected: Type?
  ) -> Type? {
    if let expected { return expected }
    adaptWholeNumbers(&values, syntax)
    var join = Type.never
    for (position, value) in values.enumerated() {
      guard let wider = join.joined(with: value.type) else {
        report(
          .noCommonType(
            join, value.type, what: "the arms of a `match`", at: syntax[position].range, first: syntax[0].range))
        return nil
      }
      join = wider
    }
    return join
  }

  /// The condition under which a pattern takes the value; nil for one that cannot be, or takes what is left of an
  /// optional that it does not look into.
  private func test(
    _ pattern: ExpressionSyntax.Pattern, _ value: Expression, _ type: Type, _ cases: inout MatchCases
  ) -> Expression? {
    switch pattern.kind {
    case .anything:
      if !cases.takeAll() { report(.unreachableArm(at: pattern.range)) }
      return .constant(Constant(.bool(true)))
    case .literal(let literal, let negated):
      let typed = check(literal, at: pattern.range, negated: negated, expecting: type.unwrapped)
      guard !typed.type.isUnknown else { return nil }
      guard typed.type == type.unwrapped else {
        cases.isUncertain = true
        report(
          .badPattern(
            "this \(typed.type)", for: type, at: pattern.range, help: "patterns are of the type of the value"))
        return nil
      }
      guard case .constant(let constant) = typed.expression else { return nil }
      if !cases.take(constant.value) { report(.unreachableArm(at: pattern.range)) }
      return equal(value, typed.expression)
    case .member(let path): return test(path, pattern, value, type, &cases)
    }
  }

  private func test(
    _ path: Path, _ pattern: ExpressionSyntax.Pattern, _ value: Expression, _ type: Type, _ cases: inout MatchCases
  ) -> Expression? {
    let name = path.names[path.names.count - 1].text
    if case .enumeration(let declared) = type.unwrapped {
      let isQualified = path.names.count == 2 && path.names[0].text == declared.name
      if let member = declared[name], path.names.count == 1 || isQualified {
        if isQualified { session.noteUse(of: declared.name) }
        if !cases.take(.text(member.wireName)) { report(.unreachableArm(at: pattern.range)) }
        return equal(value, .constant(Constant(.text(member.wireName))))
      }
    }
    if type.isOptional, path.names.count == 1, name == "none" || name == "some" {
      if !cases.take(present: name == "some") { report(.unreachableArm(at: pattern.range)) }
      let hasValue = Expression.call(FunctionLibrary.overloads(named: "hasValue", in: .dxsh)[0].function, [value])
      let not = FunctionLibrary.overloads(named: "!_", in: .dxsh)[0].function
      return name == "some" ? hasValue : .call(not, [hasValue])
    }
    cases.isUncertain = true
    if case .enumeration(let declared) = type.unwrapped {
      report(.unknownMember(name, of: declared, at: pattern.range))
    } else {
      report(
        .badPattern(
          "`\(path.text)`", for: type, at: pattern.range,
          help: "a pattern is a literal, a member of an enum, `none` or `some` of an optional, or `_`"))
    }
    return nil
  }

  private func equal(_ left: Expression, _ right: Expression) -> Expression {
    .call(FunctionLibrary.overloads(named: "_==_", in: .dxsh)[0].function, [left, right])
  }

  /// In an arm for `some`, or for literals, the path that is matched has a value.
  private func knowing(_ patterns: [ExpressionSyntax.Pattern], of subject: ExpressionSyntax) -> ExpressionChecker {
    var checker = self
    checker.facts.learn(subject, matches: patterns)
    return checker
  }

  // MARK: - Items

  /// Which arm of a `match` of blocks takes the value: a number from 0.
  func choice(_ item: MatchItem) -> TypedExpression {
    let operand = infer(item.subject)
    if operand.type.isConfined {
      report(
        .secretLeaks(
          operand.type, to: operand.type.withoutSecrets, in: .condition, origin: origin(of: item.subject),
          at: item.subject.range))
      return .unknown
    }
    var inner = self
    inner.bindUnnamed(operand.type)
    guard !operand.type.isUnknown, var cases = MatchCases(operand.type) else {
      if !operand.type.isUnknown { report(.cannotMatch(operand.type, at: item.subject.range)) }
      return .unknown
    }
    let value = Expression.local(locals.count)
    let tests = item.arms.map { inner.test($0.patterns, value, operand.type, &cases) }
    if !cases.missing.isEmpty { report(.notExhaustive(cases.missing, at: item.subject.range)) }
    let numbers = item.arms.indices.map { Expression.constant(Constant(.int(Int64($0)))) }
    return TypedExpression(.letting(locals.count, operand.expression, in: chain(tests, numbers)), .int)
  }

  private func test(
    _ patterns: [ExpressionSyntax.Pattern], _ value: Expression, _ type: Type, _ cases: inout MatchCases
  ) -> Expression? {
    var test: Expression?
    for pattern in patterns {
      guard let next = self.test(pattern, value, type, &cases) else { continue }
      test = test.map { .or($0, next) } ?? next
    }
    return test
  }
}

/// What values the arms of a `match` have left.
private struct MatchCases {
  /// The values of the type, with the name of each; nil where they are too many to have arms.
  private let all: [(name: String, value: Value)]?
  private let isOptional: Bool
  private var taken: [Value] = []
  private var isNoneTaken: Bool
  private var arePresentTaken = false
  /// Whether a pattern has a mistake in it, so that it is not known what it takes.
  var isUncertain = false

  /// Nil for a type that is not matched.
  init?(_ type: Type) {
    isOptional = type.isOptional
    isNoneTaken = !type.isOptional
    switch type.unwrapped {
    case .bool: all = [("true", .bool(true)), ("false", .bool(false))]
    case .enumeration(let declared): all = declared.members.map { ($0.name, .text($0.wireName)) }
    case .int, .uint, .double, .string, .bytes, .duration, .size: all = nil
    case .json, .record, .list, .map, .timestamp, .decimal, .money, .type, .abstract:
      if !type.isOptional { return nil }
      all = nil
    case .null, .dyn, .never, .unknown, .optional, .parameter, .secret, .connection: return nil
    }
  }

  private var isCovered: Bool {
    arePresentTaken || (all?.allSatisfy { member in taken.contains { $0.isIdentical(to: member.value) } } ?? false)
  }

  /// False when nothing was left.
  mutating func takeAll() -> Bool {
    defer { (isNoneTaken, arePresentTaken) = (true, true) }
    return !(isNoneTaken && isCovered)
  }

  mutating func take(_ value: Value) -> Bool {
    if isCovered || taken.contains(where: { $0.isIdentical(to: value) }) { return false }
    taken.append(value)
    return true
  }

  mutating func take(present: Bool) -> Bool {
    if present {
      defer { arePresentTaken = true }
      return !isCovered
    }
    defer { isNoneTaken = true }
    return !isNoneTaken
  }

  /// What no arm takes, in an author's words.
  var missing: [String] {
    if isUncertain { return [] }
    var missing: [String] = []
    if !isNoneTaken { missing.append("none") }
    if isCovered { return missing }
    guard let all else { return missing + [isOptional ? "some" : "_"] }
    return missing + all.filter { member in !taken.contains { $0.isIdentical(to: member.value) } }.map(\.name)
  }
}
