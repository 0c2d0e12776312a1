/// Tests and what stands in them.
extension YAMLReader {
  mutating func test(_ entry: Entry) -> TestDeclaration {
    let documentation = documentation(before: entry.keyPart)
    let name = enter(entry.keyPart) { reader, node in reader.text(of: node, "what the test shows") }
    let items = list(entry.value, "items of a test") { reader, part in reader.testItem(part) }
    return TestDeclaration(
      documentation: documentation, name: name.text, nameRange: name.range, items: items,
      range: range(entry.keyPart).joined(with: range(entry.value)))
  }

  private mutating func testItem(_ part: Part) -> TestItem {
    enter(part) { reader, node in
      let what = "an item of a test such as `mock`, `run` or `expect`"
      guard let (fields, construct) = reader.opened(node, YAMLConstruct.testItems, what) else {
        return .unreadable(reader.range(node))
      }
      return reader.testItem(fields, construct)
    }
  }

  private mutating func testItem(_ fields: Fields, _ construct: YAMLConstruct) -> TestItem {
    let node = fields.node
    switch construct.opener {
    case .mock: return .mock(mock(fields))
    case .decide: return .decide(answer(fields, .decide))
    case .send: return .send(answer(fields, .send))
    case .clock: return .clock(value(fields[.clock], or: node), range(node))
    case .fire:
      return .fire(
        FireItem(name: name(fields, .fire, "the name of a schedule or trigger"), at: at(fields), range: range(node)))
    case .crash: return .crash(crash(fields))
    case .run:
      return .run(
        RunItem(
          name: name(fields, .run, "a name for the run"), call: call(fields, "the workflow that is run"),
          range: range(node)))
    default: return .expect(value(fields[.expect], or: node), range(node))
    }
  }

  private mutating func at(_ fields: Fields) -> ExpressionSyntax? { fields[.at].map { value($0) } }

  private mutating func path(_ fields: Fields, _ word: YAMLWord, _ what: String) -> Path {
    fields[word].map { path($0, what) } ?? Path([Name("", at: gap(after: fields.node))])
  }

  private mutating func mock(_ fields: Fields) -> MockItem {
    let replaced = path(fields, .mock, "the node or workflow that is replaced")
    let given = fields[.args].map { arguments($0) }
    var outcome = MockItem.Outcome.value(ExpressionSyntax(.missing, at: gap(after: fields.node)))
    if let error = fields[.throws] {
      if let key = fields.key(.returns) { report(.keysExclude("throws", "returns", at: place(key))) }
      outcome = .error(word(error, "the name of an error"))
    } else if let result = fields[.returns] {
      outcome = .value(value(result))
    } else if !document[fields.node].flags.contains(.cut) {
      report(.missingKey("returns", of: "a `mock`", at: headline(of: fields.node)))
    }
    return MockItem(path: replaced, arguments: given, outcome: outcome, at: at(fields), range: range(fields.node))
  }

  private mutating func answer(_ fields: Fields, _ word: YAMLWord) -> AnswerItem {
    AnswerItem(
      path: path(fields, word, word == .decide ? "the name of an approval" : "`signal`"),
      arguments: fields[.args].map { arguments($0) },
      value: word == .decide ? decision(fields) : value(fields[.value], or: fields.node), at: at(fields),
      range: range(fields.node))
  }

  /// A decision, in which the field `outcome` is a keyword (rule 55).
  private mutating func decision(_ fields: Fields) -> ExpressionSyntax {
    guard let part = fields[.value] else { return value(nil, or: fields.node) }
    return value(part, keywordFields: ["outcome"])
  }

  private mutating func crash(_ fields: Fields) -> CrashItem {
    let side = fields[.crash].map { word($0, "`before` or `after`") }
    if let side, side.text != "before", side.text != "after", !side.isMissing, let part = fields[.crash] {
      enter(part) { reader, node in
        reader.report(.notAName(side.text, expected: "`before` or `after`", at: reader.place(node)))
      }
    }
    return CrashItem(
      isAfter: side?.text == "after", path: path(fields, .step, "the name of a step"), at: at(fields),
      range: range(fields.node))
  }
}
