import DxshTestSupport

/// The productions of `grammar/dxsh.ebnf`, and random sentences made of them.
struct GrammarSentences: Sendable {
  indirect enum Part: Sendable {
    /// `"word"`
    case terminal(String)
    /// The name of a production or of a kind of token.
    case name(String)
    case sequence([Part])
    case choice([Part])
    case optional(Part)
    case repeated(Part)
    /// `clause(as with)`: each of these at most once.
    case clauses([String])
  }

  private(set) var productions: [String: Part] = [:]
  /// Every quoted word, and every name that is used.
  private(set) var words: Set<String> = []
  private(set) var names: Set<String> = []

  // MARK: Reading

  init(_ text: String) {
    var tokens = Self.tokens(of: text)[...]
    while let name = tokens.popFirst() {
      precondition(tokens.popFirst() == "=", "expected = after \(name)")
      productions[name] = choice(&tokens)
      precondition(tokens.popFirst() == ";", "expected ; at the end of \(name)")
    }
  }

  /// Without comments.
  private static func tokens(of text: String) -> [String] {
    var tokens: [String] = []
    var rest = Substring(text)
    while let first = rest.first {
      if rest.hasPrefix("(* ") {
        while !rest.hasPrefix("*)") { rest.removeFirst() }
        rest.removeFirst(2)
      } else if first.isWhitespace {
        rest.removeFirst()
      } else if first == "\"" {
        let end = rest.dropFirst().firstIndex(of: "\"") ?? rest.endIndex
        tokens.append(String(rest[...end]))
        rest = rest[rest.index(after: end)...]
      } else if first.isLetter {
        let token = rest.prefix { $0.isLetter || $0 == "-" }
        tokens.append(String(token))
        rest = rest[token.endIndex...]
      } else {
        tokens.append(String(first))
        rest.removeFirst()
      }
    }
    return tokens
  }

  private mutating func choice(_ tokens: inout ArraySlice<String>) -> Part {
    var parts = [sequence(&tokens)]
    while tokens.first == "|" {
      tokens.removeFirst()
      parts.append(sequence(&tokens))
    }
    return parts.count == 1 ? parts[0] : .choice(parts)
  }

  private mutating func sequence(_ tokens: inout ArraySlice<String>) -> Part {
    var parts: [Part] = []
    while let token = tokens.first, ![";", "|", ")", "]", "}"].contains(token) {
      tokens.removeFirst()
      switch token {
      case "(", "[", "{":
        let inner = choice(&tokens)
        tokens.removeFirst()
        parts.append(token == "(" ? inner : token == "[" ? .optional(inner) : .repeated(inner))
      case "clause" where tokens.first == "(":
        let list = tokens.prefix { $0 != ")" }.dropFirst()
        tokens = tokens.dropFirst(list.count + 2)
        parts.append(.clauses(Array(list)))
      default:
        if token.hasPrefix("\"") {
          words.insert(String(token.dropFirst().dropLast()))
          parts.append(.terminal(String(token.dropFirst().dropLast())))
        } else {
          names.insert(token)
          parts.append(.name(token))
        }
      }
    }
    return parts.count == 1 ? parts[0] : .sequence(parts)
  }

  // MARK: Making

  /// The tokens of a sentence of a production; a new line is `"\n"`.
  func sentence(of production: String, _ generator: inout SeededGenerator) -> [String] {
    var tokens: [String] = []
    add(.name(production), depth: 0, &tokens, &generator)
    return tokens
  }

  private static let samples: [String: [String]] = [
    "name": ["a", "b2", "some_name", "total"], "Name": ["Order", "T", "Tier"], "word": ["a", "step", "with", "x1"],
    "STRING": ["\"text\"", "'text'", "\"\"\"long\"\"\""], "BYTES": ["b\"x\"", "b'\\xff'"], "INT": ["0", "17", "0x1F"],
    "UINT": ["3u"], "DOUBLE": ["1.5", "2e3", ".5"], "DURATION": ["30s", "1h30m"], "SIZE": ["64KiB", "3B"],
    "BACKTICKED": ["`in`", "`a-b`"], "word-but-true-false-null-in": ["id", "for", "type"], "NL": ["\n"],
    "doc": [],
  ]

  /// Deep in, the first choice and no more repetitions: the first choices of the grammar are its simple ones.
  private func add(_ part: Part, depth: Int, _ tokens: inout [String], _ generator: inout SeededGenerator) {
    let isDeep = depth > 14
    switch part {
    case .terminal(let text): tokens.append(text)
    case .name("SEP"): tokens.append(Bool.random(using: &generator) ? "\n" : ",")
    case .name(let name):
      if let samples = Self.samples[name] {
        if let sample = samples.randomElement(using: &generator) { tokens.append(sample) }
      } else if let production = productions[name] {
        add(production, depth: depth + 1, &tokens, &generator)
      } else {
        preconditionFailure("there is no production \(name)")
      }
    case .sequence(let parts): for part in parts { add(part, depth: depth, &tokens, &generator) }
    case .choice(let parts):
      let part = isDeep ? parts.first : parts.randomElement(using: &generator)
      if let part { add(part, depth: depth + 1, &tokens, &generator) }
    case .optional(let inner):
      if !isDeep, Int.random(in: 0..<3, using: &generator) == 0 { add(inner, depth: depth + 1, &tokens, &generator) }
    case .repeated(.clauses(let words)): add(.clauses(words), depth: depth, &tokens, &generator)
    case .repeated(let inner):
      let count = isDeep ? 0 : Int.random(in: 0...2, using: &generator)
      for _ in 0..<count { add(inner, depth: depth + 1, &tokens, &generator) }
    case .clauses(let words):
      for word in words.shuffled(using: &generator) where !isDeep && Int.random(in: 0..<3, using: &generator) == 0 {
        guard case .choice(let clauses)? = productions["clause"] else { continue }
        for case .sequence(let parts) in clauses {
          if case .terminal(word)? = parts.first { add(.sequence(parts), depth: depth + 1, &tokens, &generator) }
        }
      }
    }
  }
}
