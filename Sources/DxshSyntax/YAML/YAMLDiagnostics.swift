/// What the reader of the YAML form says about what a document means.
extension Diagnostic {
  // MARK: Keys

  static func unknownKey(
    _ text: String, of noun: String, at range: SourceRange, meant: String?, words: [String]
  ) -> Diagnostic {
    Diagnostic(
      .unknownKey, "\(noun) has no key `\(text)`", at: range,
      help: meant.map { "did you mean `\($0)`?" }
        ?? (words.isEmpty ? "it has none" : "the keys are \(words.joined(separator: ", "))"),
      fix: meant.map { Fix("Write `\($0)`", [Edit(range, $0)]) })
  }

  static func duplicateKey(_ text: String, at range: SourceRange, first: SourceRange) -> Diagnostic {
    Diagnostic(
      .duplicateKey, "the key `\(text)` stands twice in this mapping", at: range,
      related: [Related(first, "it stands here before")], help: "remove one of the two, or rename it")
  }

  static func missingKey(_ text: String, of noun: String, at range: SourceRange) -> Diagnostic {
    Diagnostic(.missingKey, "\(noun) needs the key `\(text)`", at: range, help: "add `\(text):`")
  }

  static func keysExclude(_ one: String, _ other: String, at range: SourceRange) -> Diagnostic {
    Diagnostic(.unknownKey, "`\(one)` and `\(other)` cannot stand together", at: range, help: "remove one of the two")
  }

  static func keyIsNoText(at range: SourceRange) -> Diagnostic {
    Diagnostic(
      .unsupportedYAML, "a key is a text", at: range,
      help: "write lists, mappings and aliases only as values; a placeholder is written in quotes")
  }

  static func mergeOfNoMapping(at range: SourceRange) -> Diagnostic {
    Diagnostic(
      .misplacedValue, "`<<` merges mappings", at: range, help: "write `<<: *name`, where `&name` stands on a mapping")
  }

  static func mixedYAMLKeys(at range: SourceRange) -> Diagnostic {
    Diagnostic(
      .unexpectedToken, "names and other keys cannot stand in one mapping", at: range,
      help: "a record has plain names as keys, a map has all its keys in quotes")
  }

  static func unknownYAMLItem(
    _ text: String, expected: String, meant: String?, at range: SourceRange
  ) -> Diagnostic {
    Diagnostic(
      .misplacedWord, "expected \(expected), found `\(text)`", at: range,
      help: meant.map { "did you mean `\($0)`?" }, fix: meant.map { Fix("Write `\($0)`", [Edit(range, $0)]) })
  }

  // MARK: Values

  static func misplacedValue(expected: String, found: String, at range: SourceRange) -> Diagnostic {
    Diagnostic(.misplacedValue, "expected \(expected), found \(found)", at: range)
  }

  static func notAName(_ text: String, expected: String, at range: SourceRange) -> Diagnostic {
    let shown = text.utf8.count <= 40 ? text : text.prefix(40) + "…"
    return Diagnostic(
      .misplacedValue, "expected \(expected), found `\(shown)`", at: range,
      help: "a name is made of the letters A–Z and a–z, digits and `_`")
  }

  static func callInYAML(at range: SourceRange) -> Diagnostic {
    Diagnostic(.misplacedValue, "a call's arguments stand at the key `args`", at: range, help: "write `args: { … }`")
  }

  static func placeholderInName(expected: String, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      .misplacedValue, "\(expected) has no placeholders", at: range, help: "a plain `${` is written `$${`")
  }

  static func triggerKind(at range: SourceRange) -> Diagnostic {
    Diagnostic(
      .misplacedValue, "a trigger has one key that says what starts the workflow", at: range,
      help: "write `webhook:`, `file:` or `workflow:` with its fields")
  }

  static func severalResources(at range: SourceRange) -> Diagnostic {
    Diagnostic(
      .misplacedValue, "a node uses one resource", at: range, help: "write one call: `uses: [slots(\"http\")]`")
  }

  static func misplacedYAMLDocumentation(at range: SourceRange) -> Diagnostic {
    Diagnostic(
      .misplacedDocumentation, "this `##` comment documents nothing", at: range,
      help: "put it on its own line above a declaration, parameter, field, member, `let` or `step`, or use `#`")
  }

  // MARK: YAML 1.1

  static func trapWord(_ text: String, at range: SourceRange, isName: Bool) -> Diagnostic {
    let quoted = YAMLQuotes.quoted(text)
    let replacement = isName ? nil : YAMLTrapWords.replacement(for: text)
    return Diagnostic(
      .yamlTrap, "other readers of YAML take `\(text)` for \(YAMLTrapWords.meaning(of: text))", at: range,
      help: replacement.map { "write `\($0)`, or \(quoted) for the text" } ?? "write \(quoted)",
      fix: Fix("Put it in quotes", [Edit(range, quoted)]))
  }

  static func trapKey(_ text: String, at range: SourceRange, meant: String?) -> Diagnostic {
    let better = meant ?? YAMLQuotes.quoted(text)
    return Diagnostic(
      .yamlTrap, "other readers of YAML take the key `\(text)` for \(YAMLTrapWords.meaning(of: text))", at: range,
      help: "write `\(better)`", fix: Fix("Write `\(better)`", [Edit(range, better)]))
  }

  static func trapField(_ text: String, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      .yamlTrap, "other readers of YAML take the key `\(text)` for \(YAMLTrapWords.meaning(of: text))", at: range,
      help: "write the whole record as \"${{ \(text): … }}\"")
  }
}
