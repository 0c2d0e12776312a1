import DxshExpressions
import DxshSyntax

/// What is known to hold where an expression stands, because a condition before it decided so.
///
/// Facts are about paths of names and fields, as text (`order.note`); names are assigned once, so a fact stays true.
struct Facts {
  /// What one condition or a few of them say, and what was known before: leaves share it, however many conditions stand
  /// before them.
  private final class Layer {
    let known: Known
    /// A macro's variable that hides a name: of its paths nothing is known from before.
    let hidden: String?
    let before: Layer?
    let conditions: [SourceRange]

    init(_ known: Known, hiding hidden: String? = nil, before: Layer?, conditions: [SourceRange]) {
      self.known = known
      self.hidden = hidden
      self.before = before
      self.conditions = conditions
    }

    func hides(_ path: String) -> Bool {
      guard let hidden else { return false }
      return path == hidden || path.hasPrefix(hidden + ".") || path.hasPrefix(hidden + "[")
        || path.contains("[" + hidden)
    }
  }

  private static let conditionLimit = 16
  private var last: Layer?

  /// Where the last of those conditions are: one with a mistake in it may have been meant to say more.
  var conditions: [SourceRange] { last?.conditions ?? [] }

  func isPresent(_ path: String) -> Bool { holds(path) { $0.present.contains(path) } }
  func isNonZero(_ path: String) -> Bool { holds(path) { $0.nonZero.contains(path) } }
  func hasElement(_ list: String, at index: UInt64) -> Bool {
    holds(list) { known in known.minimumSizes[list].map { $0 > index } ?? false }
  }
  func hasMember(_ key: String, of map: String) -> Bool {
    let member = "\(map)[\(key)]"
    return holds(member) { $0.members.contains(member) }
  }

  private func holds(_ path: String, _ isKnown: (Known) -> Bool) -> Bool {
    var layer = last
    while let current = layer {
      if isKnown(current.known) { return true }
      if current.hides(path) { return false }
      layer = current.before
    }
    return false
  }

  /// Learns what `condition` being `value` implies.
  mutating func learn(_ condition: ExpressionSyntax, is value: Bool) {
    var known = Known()
    known.learn(part: condition, is: value)
    add(known, conditions: conditions.suffix(Self.conditionLimit - 1) + [condition.range])
  }

  /// Learns what it says that the value of `subject` takes an arm of these patterns: any but `none` of an optional says
  /// that it has a value.
  mutating func learn(_ subject: ExpressionSyntax, matches patterns: [ExpressionSyntax.Pattern]) {
    guard let path = subject.path, patterns.allSatisfy(\.impliesValue) else { return }
    insert(present: path)
  }

  /// Forgets what is known of paths from `name`, which a macro's variable hides.
  mutating func forget(_ name: String) {
    if let before = last { last = Layer(Known(), hiding: name, before: before, conditions: conditions) }
  }

  /// Learns that the optional of a path has a value.
  mutating func insert(present path: String) {
    var known = Known()
    known.present.insert(path)
    add(known, conditions: conditions)
  }

  /// Learns that `key` is a key of `map`.
  mutating func insert(member key: String, of map: String) {
    var known = Known()
    known.members.insert("\(map)[\(key)]")
    add(known, conditions: conditions)
  }

  /// Each layer has more in it than the next, so that there are few.
  private mutating func add(_ known: Known, conditions: [SourceRange]) {
    var (known, before) = (known, last)
    while let layer = before, layer.hidden == nil, layer.known.count <= known.count {
      known.formUnion(layer.known)
      before = layer.before
    }
    last = Layer(known, before: before, conditions: conditions)
  }
}

/// What conditions say.
private struct Known {
  /// Paths of optionals that have a value.
  var present: Set<String> = []
  /// Paths of numbers that are not zero.
  var nonZero: Set<String> = []
  /// Paths of lists, with how many elements they have at least.
  var minimumSizes: [String: Int] = [:]
  /// `m[k]` for paths `m` and `k` (or literals) of which `k in m` holds.
  var members: Set<String> = []

  var count: Int { present.count + nonZero.count + minimumSizes.count + members.count }

  mutating func formUnion(_ other: Known) {
    if other.count == 0 { return }
    present.formUnion(other.present)
    nonZero.formUnion(other.nonZero)
    minimumSizes.merge(other.minimumSizes, uniquingKeysWith: max)
    members.formUnion(other.members)
  }

  mutating func learn(part condition: ExpressionSyntax, is value: Bool) {
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
