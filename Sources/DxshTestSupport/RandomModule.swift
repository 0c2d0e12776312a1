import DxshSyntax
import Glibc

/// The text of a random file without mistakes: every construct, literals in every spelling, lines broken wherever they
/// may be, comments (each with a text of its own) wherever a line may end. The same seed gives the same text.
package struct RandomModule {
  /// What may stand before a token.
  enum Gap {
    case tight
    case space
    /// A space or a line end.
    case free
    /// A line end.
    case line
  }

  private var tokens: [(text: String, gap: Gap)] = []
  var random: SeededGenerator
  /// How deep in brackets the next token is; line ends are free there.
  var brackets = 0
  /// Whether it is in a `${…}` of a text, where no line may end.
  var isInText = false
  /// How many comments a hundred places get.
  private let commentRate: Int
  private var commentCount = 0
  private var nameCount = 0

  /// - commentRate: how many comments a hundred places get
  package static func text(seed: UInt64, commentRate: Int = 0) -> String {
    var module = RandomModule(seed: seed, commentRate: commentRate)
    let count = module.number(1...3)
    for _ in 0..<count { module.declaration() }
    return module.rendered()
  }

  /// How many files a test makes: `DXSH_TREES` where it is set, else a number that takes seconds.
  package static func count(of usual: UInt64) -> UInt64 {
    getenv("DXSH_TREES").flatMap { UInt64(String(cString: $0)) } ?? usual
  }

  /// The text of one random expression.
  package static func expression(seed: UInt64) -> String {
    var module = RandomModule(seed: seed, commentRate: 0)
    module.brackets = 1
    module.expression(4)
    return module.rendered()
  }

  private init(seed: UInt64, commentRate: Int) {
    random = SeededGenerator(seed)
    self.commentRate = commentRate
  }

  // MARK: Tokens

  mutating func emit(_ text: String, _ gap: Gap = .space) {
    var gap = gap
    if gap == .space, brackets > 0 { gap = .free }
    if gap == .free, isInText { gap = .space }
    tokens.append((text, gap))
  }

  /// Starts a new line, unless brackets make lines mean nothing.
  mutating func emitLine(_ text: String) { tokens.append((text, .line)) }

  mutating func bracketed(_ open: String, _ close: String, gap: Gap = .tight, _ body: (inout RandomModule) -> Void) {
    emit(open, gap)
    brackets += 1
    body(&self)
    emit(close)
    brackets -= 1
  }

  /// Elements between commas, sometimes with one after the last.
  mutating func commas(_ count: Int, trailing: Bool = true, _ element: (inout RandomModule, Int) -> Void) {
    for index in 0..<count {
      if index > 0 { emit(",", .tight) }
      element(&self, index)
    }
    if trailing, count > 0, chance(30) { emit(",", .tight) }
  }

  /// Elements between lines or commas, in braces. The element emits its first token with the gap that it is given.
  mutating func lines(_ count: Int, _ element: (inout RandomModule, Int, Gap) -> Void) {
    let saved = brackets
    emit("{")
    brackets = 0
    for index in 0..<count {
      let isLine = chance(50)
      if index > 0, !isLine || chance(30) { emit(",", .tight) }
      element(&self, index, isLine ? .line : .free)
    }
    brackets = saved
    if chance(50) { emitLine("}") } else { emit("}", .free) }
  }

  mutating func block(_ items: (inout RandomModule) -> Void) {
    emit("{")
    items(&self)
    emitLine("}")
  }

  var lastText: String { tokens.last?.text ?? "" }

  // MARK: Choices

  mutating func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &random) }

  mutating func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &random) < percent }

  mutating func pick<Choice>(_ choices: [Choice]) -> Choice {
    choices[Int.random(in: 0..<choices.count, using: &random)]
  }

  /// A name that nothing else has.
  mutating func newName() -> String {
    nameCount += 1
    return pick(["order", "total", "x", "customer_name", "step", "run", "form", "after", "_a"]) + "\(nameCount)"
  }

  mutating func name() -> String { pick(["order", "total", "x", "list_of_orders", "b", "customer", "_y", "at"]) }

  mutating func typeName() -> String { pick(["Order", "Tier", "A", "finance.Customer"]) }

  mutating func fieldName() -> String {
    pick(["id", "total", "for", "step", "`in`", "`a-b`", "with", "timeout", "note"])
  }

  mutating func documentation(_ gap: Gap) {
    guard gap == .line, chance(20) else { return }
    let count = number(1...2)
    for _ in 0..<count { emitLine(pick(["/// What it is.", "///", "///   indented", "/// - a: `b`"])) }
  }

  // MARK: Rendering

  private mutating func rendered() -> String {
    var text = ""
    for (index, token) in tokens.enumerated() {
      let isAfterDocumentation = index > 0 && tokens[index - 1].text.hasPrefix("///")
      switch token.gap {
      case .tight: break
      case .space: text += pick([" ", " ", "  "])
      case .free: text += free(after: text)
      case .line: text += line(isFirst: index == 0, canComment: !isAfterDocumentation)
      }
      text += token.text
    }
    return text + line(isFirst: false, canComment: true)
  }

  private mutating func free(after text: String) -> String {
    if chance(commentRate) {
      return chance(50) ? " \(comment())\n" : "\n  \(comment())\n"
    }
    return chance(10) ? pick(["\n", "\n    ", "\n\n  "]) : " "
  }

  private mutating func line(isFirst: Bool, canComment: Bool) -> String {
    var text = ""
    if !isFirst, canComment, chance(commentRate) { text += " " + comment() }
    if !isFirst { text += pick(["\n", "\n", "\n\n", "\n \n\n"]) }
    while canComment, chance(commentRate) { text += "  \(comment())" + pick(["\n", "\n\n"]) }
    return text
  }

  private mutating func comment() -> String {
    commentCount += 1
    return "// c\(commentCount)" + pick(["", "", ": a longer comment, with \"quotes\" and ${"])
  }
}
