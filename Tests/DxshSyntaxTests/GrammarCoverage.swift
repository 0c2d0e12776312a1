import DxshSyntax

/// Derives files from the productions of `grammar/dxsh.ebnf`, and remembers which parts of them it took.
///
/// A new line is no token: `NL` is found where the next token begins a line, ends the file or is a `}`. Strings with
/// placeholders are one token, so the expressions in them are not derived.
struct GrammarCoverage {
  /// A part of a production; a number is the place of a node in `nodes`.
  private enum Node {
    case terminal(String)
    case token(String)
    case production(String)
    case sequence([Int])
    case choice([Int])
    case optional(Int)
    case repeated(Int)
  }

  private var nodes: [Node] = []
  /// What a node is called where it is missing: its production and its text.
  private var labels: [String] = []
  private var roots: [String: Int] = [:]
  private var taken: Set<Int> = []

  private var file = SourceFile(id: FileID(0), name: "", text: "")
  private var tokens: [Token] = []
  /// Where the derivations of a node from a token can end, by both.
  private var known: [Place: [Int]] = [:]
  private var furthest = 0

  private struct Place: Hashable {
    let node: Int
    let start: Int
  }

  init(_ grammar: GrammarSentences) {
    for (name, part) in grammar.productions where !Self.isInsideTokens(name) && name != "clause" {
      roots[name] = add(part, in: name, grammar)
    }
  }

  /// The parts that no derivation took: choices by what was chosen, the words and kinds of tokens in each.
  var missing: [String] {
    labels.indices.filter { !taken.contains($0) }.map { labels[$0] }.sorted()
  }

  // MARK: Productions

  private mutating func add(_ part: GrammarSentences.Part, in name: String, _ grammar: GrammarSentences) -> Int {
    let node: Node =
      switch part {
      case .terminal(let text): .terminal(text)
      case .name(let other):
        grammar.productions[other] == nil || Self.isInsideTokens(other) ? .token(other) : .production(other)
      case .sequence(let parts): .sequence(parts.map { add($0, in: name, grammar) })
      case .choice(let parts): .choice(parts.map { add($0, in: name, grammar) })
      case .optional(let inner): .optional(add(inner, in: name, grammar))
      case .repeated(let inner): .repeated(add(inner, in: name, grammar))
      case .clauses(let words): .choice(words.map { add(clause($0, grammar), in: "clauses of \(name)", grammar) })
      }
    nodes.append(node)
    labels.append("\(name): \(part.description)")
    return nodes.count - 1
  }

  private static func isInsideTokens(_ production: String) -> Bool {
    ["DURATION", "SIZE", "UNIT"].contains(production)
  }

  /// The production of the clause that a word begins.
  private func clause(_ word: String, _ grammar: GrammarSentences) -> GrammarSentences.Part {
    guard case .choice(let clauses)? = grammar.productions["clause"] else { preconditionFailure("no clauses") }
    for clause in clauses {
      if case .sequence(let parts) = clause, case .terminal(word)? = parts.first { return clause }
    }
    preconditionFailure("no clause begins with \(word)")
  }

  // MARK: Deriving

  /// Takes the parts of the file's derivation as a module.
  /// - returns: the text from where it cannot be derived, nil where it can
  mutating func derive(_ file: SourceFile) -> String? {
    self.file = file
    tokens = whole(tokenize(file).tokens)
    known = [:]
    furthest = 0
    guard let root = roots["module"], ends(root, 0).contains(tokens.count - 1) else {
      let rest = SourceRange(file: file.id, start: tokens[furthest].start, end: UInt32(file.bytes.count))
      return String(file.text(rest).prefix(100))
    }
    take(root, from: 0, to: tokens.count - 1)
    return nil
  }

  /// With each string that has placeholders as one token.
  private func whole(_ tokens: [Token]) -> [Token] {
    var result: [Token] = []
    var depth = 0
    for token in tokens {
      if token.kind == .stringTail { depth -= 1 }
      if depth == 0, token.kind != .stringTail { result.append(token) }
      if token.kind == .stringHead { depth += 1 }
    }
    return result
  }

  private mutating func ends(_ node: Int, _ start: Int) -> [Int] {
    let place = Place(node: node, start: start)
    if let ends = known[place] { return ends }
    furthest = max(furthest, start)
    let found: [Int] =
      switch nodes[node] {
      case .terminal(let text): matches(text, start) ? [start + 1] : []
      case .token(let kind): token(kind, start)
      case .production(let name): roots[name].map { ends($0, start) } ?? []
      case .sequence(let parts):
        steps(parts[...], from: start).last ?? []
      case .choice(let parts): unique(parts.map { ends($0, start) })
      case .optional(let inner): [start] + ends(inner, start).filter { $0 != start }
      case .repeated(let inner): reached(by: inner, from: start)
      }
    known[place] = found
    return found
  }

  /// The places before the first part, after it, … and after the last.
  private mutating func steps(_ parts: ArraySlice<Int>, from start: Int) -> [[Int]] {
    var places = [[start]]
    for part in parts { places.append(unique(places[places.count - 1].map { ends(part, $0) })) }
    return places
  }

  private func unique(_ places: [[Int]]) -> [Int] {
    var seen: Set<Int> = []
    return places.joined().filter { seen.insert($0).inserted }
  }

  private mutating func reached(by inner: Int, from start: Int) -> [Int] {
    var all = [start]
    var seen: Set<Int> = [start]
    var next = 0
    while next < all.count {
      for end in ends(inner, all[next]) where seen.insert(end).inserted { all.append(end) }
      next += 1
    }
    return all
  }

  private func text(_ position: Int) -> String {
    file.text(SourceRange(file: file.id, start: tokens[position].start, end: tokens[position].end))
  }

  private func matches(_ text: String, _ position: Int) -> Bool {
    position < tokens.count - 1 && ![.string, .quotedName].contains(tokens[position].kind)
      && self.text(position) == text
  }

  /// Where a token of a kind ends: `NL` takes none.
  private func token(_ kind: String, _ position: Int) -> [Int] {
    let token = tokens[position]
    let isFound: Bool
    switch kind {
    case "NL": return token.isOnNewLine || token.kind == .endOfFile || token.kind == .rightBrace ? [position] : []
    case "SEP": return token.kind == .comma ? [position + 1] : token.isOnNewLine ? [position] : []
    case "doc": return token.flags.contains(.documented) ? [position] : []
    // `self` and `error` are names where the checker gives them a meaning.
    case "name", "Name":
      isFound = token.kind == .identifier && (!token.word.isReserved || [.selfWord, .error].contains(token.word))
    case "word": isFound = token.kind == .identifier
    case "word-but-true-false-null-in": isFound = token.kind == .identifier && token.word.isFieldName
    case "BACKTICKED": isFound = token.kind == .quotedName
    case "STRING": isFound = token.kind == .string || token.kind == .stringHead
    case "BYTES": isFound = token.kind == .bytes
    case "INT": isFound = token.kind == .int
    case "UINT": isFound = token.kind == .uint
    case "DOUBLE": isFound = token.kind == .double
    case "DURATION": isFound = token.kind == .duration
    case "SIZE": isFound = token.kind == .size
    default: preconditionFailure("there is no kind of token \(kind)")
    }
    return isFound ? [position + 1] : []
  }

  // MARK: Taking

  /// Takes the parts of one derivation.
  private mutating func take(_ node: Int, from start: Int, to end: Int) {
    taken.insert(node)
    switch nodes[node] {
    case .terminal, .token: break
    case .production(let name): if let root = roots[name] { take(root, from: start, to: end) }
    case .sequence(let parts): take(parts[...], from: start, to: end)
    case .choice(let parts):
      if let part = parts.first(where: { ends($0, start).contains(end) }) { take(part, from: start, to: end) }
    case .optional(let inner):
      if ends(inner, start).contains(end) { take(inner, from: start, to: end) }
    case .repeated(let inner): takeRepeated(inner, from: start, to: end)
    }
  }

  private mutating func take(_ parts: ArraySlice<Int>, from start: Int, to end: Int) {
    var end = end
    for (part, begin) in zip(parts, steps(parts, from: start)).reversed() {
      guard let from = begin.first(where: { ends(part, $0).contains(end) }) else { return }
      take(part, from: from, to: end)
      end = from
    }
  }

  private mutating func takeRepeated(_ inner: Int, from start: Int, to end: Int) {
    if ends(inner, start).contains(start) { take(inner, from: start, to: start) }
    var before: [Int: Int] = [:]
    var all = [start]
    var next = 0
    while next < all.count, before[end] == nil {
      for place in ends(inner, all[next]) where place != start && before[place] == nil {
        before[place] = all[next]
        all.append(place)
      }
      next += 1
    }
    var end = end
    while let place = before[end] {
      take(inner, from: place, to: end)
      end = place
    }
  }
}

extension GrammarSentences.Part {
  /// As the grammar writes it.
  var description: String {
    switch self {
    case .terminal(let text): "\"\(text)\""
    case .name(let name): name
    case .sequence(let parts): parts.map(\.description).joined(separator: " ")
    case .choice(let parts): "( " + parts.map(\.description).joined(separator: " | ") + " )"
    case .optional(let inner): "[ \(inner.description) ]"
    case .repeated(let inner): "{ \(inner.description) }"
    case .clauses(let words): "clause(\(words.joined(separator: " ")))"
    }
  }
}
