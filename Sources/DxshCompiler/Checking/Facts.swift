import DxshExpressions
import DxshSyntax

/// What is known to hold where an expression stands, because a condition before it decided so.
///
/// Facts are about paths of names and fields, as text (`order.note`); names are assigned once, so a fact stays true.
struct Facts {
  /// Behind one pointer, since leaves and checkers are copied often.
  private final class Storage {
    var known: Known

    init(_ known: Known) { self.known = known }
  }

  private var storage = Storage(Known())
  private var known: Known { storage.known }

  /// Where the last of those conditions are: one with a mistake in it may have been meant to say more.
  var conditions: [SourceRange] { known.conditions }

  func isPresent(_ path: String) -> Bool { known.present.contains(path) }
  func isNonZero(_ path: String) -> Bool { known.nonZero.contains(path) }
  func hasElement(_ list: String, at index: UInt64) -> Bool { known.minimumSizes[list].map { $0 > index } ?? false }
  func hasMember(_ key: String, of map: String) -> Bool { known.members.contains("\(map)[\(key)]") }

  /// Learns what `condition` being `value` implies.
  mutating func learn(_ condition: ExpressionSyntax, is value: Bool) { change { $0.learn(condition, is: value) } }

  /// Learns what it says that the value of `subject` takes an arm of these patterns: any but `none` of an optional says
  /// that it has a value.
  mutating func learn(_ subject: ExpressionSyntax, matches patterns: [ExpressionSyntax.Pattern]) {
    guard let path = subject.path, patterns.allSatisfy(\.impliesValue) else { return }
    insert(present: path)
  }

  /// Forgets what is known of paths from `name`, which a macro's variable hides.
  mutating func forget(_ name: String) { change { $0.forget(name) } }

  /// Learns that the optional of a path has a value.
  mutating func insert(present path: String) { change { $0.present.insert(path) } }

  /// Learns that `key` is a key of `map`.
  mutating func insert(member key: String, of map: String) { change { $0.members.insert("\(map)[\(key)]") } }

  private mutating func change(_ body: (inout Known) -> Void) {
    if !isKnownUniquelyReferenced(&storage) { storage = Storage(known) }
    body(&storage.known)
  }
}

private struct Known {
  /// Paths of optionals that have a value.
  var present: Set<String> = []
  /// Paths of numbers that are not zero.
  var nonZero: Set<String> = []
  /// Paths of lists, with how many elements they have at least.
  var minimumSizes: [String: Int] = [:]
  /// `m[k]` for paths `m` and `k` (or literals) of which `k in m` holds.
  var members: Set<String> = []
  var conditions: [SourceRange] = []

  private static let conditionLimit = 16

  mutating func learn(_ condition: ExpressionSyntax, is value: Bool) {
    if conditions.count == Self.conditionLimit { conditions.removeFirst() }
    conditions.append(condition.range)
    learn(part: condition, is: value)
  }

  private mutating func learn(part condition: ExpressionSyntax, is value: Bool) {
    switch condition.kind {
    case .parenthesized(let inner): learn(part: inner, is: value)
    case .unary(.not, let inner): learn(part: inner, is: !value)
    case .binary(.and, let left, let right) where value, .binary(.or, let left, let right) where !value:
      learn(part: left, is: value)
      learn(part: right, is: value)
    case .binary(let comparison, let left, let right): learn(comparison, left, right, is: value)
    case .method(let receiver, let name, let arguments)
    where value && (name.text == "hasValue" && arguments.isEmpty || !isMethod(name.text)):
      // A method that there is not was reported; it may have been meant as `hasValue`.
      if let path = receiver.path { present.insert(path) }
    case .call(let name, let arguments) where value && name.text == "has" && arguments.count == 1:
      if let path = arguments[0].value.path { present.insert(path) }
    default: break
    }
  }

  private func isMethod(_ name: String) -> Bool {
    Macro.names.contains(name) || FunctionLibrary.overloads(named: name, in: .dxsh).contains { $0.style == .member }
  }

  mutating func forget(_ name: String) {
    let isHidden = { (path: String) in path == name || path.hasPrefix(name + ".") || path.contains("[" + name) }
    present = present.filter { !isHidden($0) }
    nonZero = nonZero.filter { !isHidden($0) }
    members = members.filter { !isHidden($0) && !$0.hasPrefix(name + "[") }
    minimumSizes = minimumSizes.filter { !isHidden($0.key) }
  }

  private mutating func learn(
    _ comparison: BinaryOperator, _ left: ExpressionSyntax, _ right: ExpressionSyntax, is value: Bool
  ) {
    switch (comparison, value) {
    case (.notEqual, true), (.equal, false): differ(left, right)
    case (.equal, true): if let count = right.whole { size(left, isAtLeast: count) }
    case (.greater, true), (.lessOrEqual, false): exceeds(left, right)
    case (.less, true), (.greaterOrEqual, false): exceeds(right, left)
    case (.greaterOrEqual, true), (.less, false): if let count = right.whole { size(left, isAtLeast: count) }
    case (.membership, true):
      if let map = right.path, let key = left.path ?? left.literalText { members.insert("\(map)[\(key)]") }
    default: break
    }
  }

  private mutating func differ(_ left: ExpressionSyntax, _ right: ExpressionSyntax) {
    if case .name("none") = right.kind, let path = left.path { present.insert(path) }
    if case .name("none") = left.kind, let path = right.path { present.insert(path) }
    if right.whole == 0 {
      if let path = left.path { nonZero.insert(path) }
      size(left, isAtLeast: 1)
    }
  }

  private mutating func exceeds(_ left: ExpressionSyntax, _ right: ExpressionSyntax) {
    guard let number = right.whole else { return }
    if let path = left.path { nonZero.insert(path) }
    // No list has more elements than the largest number says.
    if number < Int.max { size(left, isAtLeast: number + 1) }
  }

  /// `xs.size()` of a path.
  private mutating func size(_ expression: ExpressionSyntax, isAtLeast count: Int) {
    guard case .method(let list, let name, let arguments) = expression.kind, name.text == "size", arguments.isEmpty,
      let path = list.path
    else { return }
    minimumSizes[path] = max(minimumSizes[path] ?? 0, count)
    nonZero.insert("\(path).size()")
  }
}

extension ExpressionSyntax.Pattern {
  /// Whether what it takes is a value, and not none.
  fileprivate var impliesValue: Bool {
    switch kind {
    case .anything: false
    case .literal: true
    case .member(let member): member.text != "none"
    }
  }
}

extension ExpressionSyntax {
  /// The text of a path of names and fields, `a.b`; nil for everything else: indexes and calls do not narrow
  /// (rule 24 v).
  var path: String? {
    switch kind {
    case .name(let name): return name
    case .select(let base, let field, optional: false): return base.path.map { "\($0).\(field.text)" }
    case .parenthesized(let inner): return inner.path
    case .method(let list, let name, let arguments) where name.text == "size" && arguments.isEmpty:
      return list.path.map { "\($0).size()" }
    default: return nil
    }
  }

  /// The name that a path begins with; empty for everything else.
  var root: String {
    switch kind {
    case .name(let name): name
    case .select(let base, _, optional: false): base.root
    default: ""
    }
  }

  /// A whole number that is written out.
  var whole: Int? {
    switch kind {
    case .literal(.int(let number)): Int(exactly: number)
    case .parenthesized(let inner): inner.whole
    default: nil
    }
  }

  /// A literal key as text that cannot be taken for a path.
  var literalText: String? {
    switch kind {
    case .literal(.string(let text)): "\"\(text)\""
    case .literal(.int(let number)): "\(number)"
    case .parenthesized(let inner): inner.literalText
    default: nil
    }
  }
}
