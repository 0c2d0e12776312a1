/// What stands in a workflow's body.
extension YAMLReader {
  mutating func item(_ part: Part) -> Item {
    let documentation = documentation(before: part)
    return enter(part) { reader, node in
      guard let (fields, construct) = reader.opened(node, YAMLConstruct.items, "an item such as `let`, `step` or `if`")
      else {
        return .unreadable(reader.range(node))
      }
      return reader.item(fields, construct, documentation)
    }
  }

  /// The fields of the construct that a mapping's first key (or the first that can) opens.
  mutating func opened(
    _ node: Int32, _ constructs: [YAMLConstruct], _ what: String
  ) -> (Fields, YAMLConstruct)? {
    guard document[node].kind == .mapping else {
      misplaced(node, what)
      return nil
    }
    let entries = entries(of: node)
    for entry in entries {
      guard let word = document.bytes(entry.key, { YAMLWord($0) }),
        let construct = constructs.first(where: { $0.opener == word })
      else { continue }
      return (fields(of: node, entries, as: construct), construct)
    }
    guard let first = entries.first else {
      misplaced(node, what)
      return nil
    }
    let text = document.text(first.key)
    func construct(openedBy text: String?) -> YAMLConstruct? { constructs.first { $0.opener.rawValue == text } }
    let meant =
      construct(openedBy: Spelling.item(meantBy: text)?.rawValue)
      ?? construct(openedBy: Spelling.nearest(to: text, among: constructs.map(\.opener.rawValue).sorted()))
    report(.unknownYAMLItem(text, expected: what, meant: meant?.opener.rawValue, at: place(first.key)))
    guard let meant else { return nil }
    var fields = fields(of: node, Array(entries.dropFirst()), as: meant, after: meant.opener)
    fields.known.insert((meant.opener, first), at: 0)
    return (fields, meant)
  }

  private mutating func item(_ fields: Fields, _ construct: YAMLConstruct, _ documentation: String?) -> Item {
    let node = fields.node
    switch construct.opener {
    case .let:
      return .letBinding(
        LetItem(
          documentation: documentation, name: name(fields, .let, "the name of the value"),
          type: type(fields[.type]), value: value(fields[.value], or: node), range: range(node)))
    case .step: return .step(step(fields, documentation))
    case .wait: return .wait(wait(fields, documentation))
    case .approval: return .approval(approval(fields, documentation))
    case .if:
      return .conditional(
        IfItem(
          condition: value(fields[.if], or: node), thenBlock: block(fields[.then], or: node),
          elseBlock: fields[.else].map { block($0) }, range: range(node)))
    case .match: return .selection(match(fields))
    case .for: return .loop(loop(fields))
    case .repeat: return .iteration(iteration(fields, documentation))
    case .sequence: return .sequence(SequenceItem(body: block(fields[.sequence], or: node), range: range(node)))
    case .try:
      return .attempt(
        TryItem(
          body: block(fields[.try], or: node), error: name(fields, .catch, "a name for the error"),
          handler: block(fields[.do], or: node), range: range(node)))
    case .assert:
      return .assertion(
        AssertItem(
          condition: value(fields[.assert], or: node), message: value(fields[.message], or: node), range: range(node)))
    case .fail:
      return .failure(
        FailItem(
          kind: fields[.kind].map { name($0, "the kind of failure") }, message: value(fields[.fail], or: node),
          range: range(node)))
    default: return .output(OutputItem(value: value(fields[.output], or: node), range: range(node)))
    }
  }

  mutating func name(_ fields: Fields, _ word: YAMLWord, _ what: String) -> Name {
    fields[word].map { name($0, what) } ?? Name("", at: gap(after: fields.node))
  }

  // MARK: Calls and clauses

  /// The keys `call` and `args`.
  mutating func call(_ fields: Fields, _ what: String) -> Call {
    guard let target = fields[.call] else {
      let gap = gap(after: fields.node)
      return Call(path: Path([Name("", at: gap)]), arguments: arguments(fields[.args]), range: gap)
    }
    let path = path(target, what)
    let whole = fields[.args].map { path.range.joined(with: range($0)) } ?? path.range
    return Call(path: path, arguments: arguments(fields[.args]), range: whole)
  }

  private mutating func after(_ fields: Fields) -> [Path] {
    list(fields[.after], "names") { reader, part in reader.path(part, "the name of a step") }
  }

  private mutating func was(_ fields: Fields) -> Name? {
    fields[.was].map { word($0, "the name that it had before") }
  }

  private mutating func step(_ fields: Fields, _ documentation: String?) -> StepItem {
    StepItem(
      documentation: documentation, name: name(fields, .step, "the name of the step"),
      call: call(fields, "the node that the step calls"), resultType: type(fields[.as]), after: after(fields),
      requires: list(fields[.requires], "approvals") { reader, part in reader.name(part, "the name of an approval") },
      policies: policies(fields[.with]), was: was(fields), range: range(fields.node))
  }

  private mutating func wait(_ fields: Fields, _ documentation: String?) -> WaitItem {
    let name = name(fields, .wait, "the name of the wait")
    var target: WaitItem.Target
    if let alternatives = fields[.any] {
      if let key = fields.key(.call) { report(.keysExclude("any", "call", at: place(key))) }
      target = .any(named(alternatives, "what is waited for, by name") { reader, entry in reader.alternative(entry) })
    } else {
      if fields[.call] == nil { report(.missingKey("call", of: "a wait", at: headline(of: fields.node))) }
      target = .call(call(fields, "what is waited for: `delay`, `until` or `signal`"))
    }
    return WaitItem(
      documentation: documentation, name: name, target: target, resultType: type(fields[.as]), after: after(fields),
      policies: policies(fields[.with]), was: was(fields), range: range(fields.node))
  }

  private mutating func alternative(_ entry: Entry) -> WaitItem.Alternative? {
    let name = name(entry.keyPart, "the name of what is waited for")
    let whole = range(entry.keyPart).joined(with: range(entry.value))
    return enter(entry.value) { reader, node in
      guard let fields = reader.fields(of: node, as: .alternative) else { return nil }
      return WaitItem.Alternative(
        name: name, call: reader.call(fields, "what is waited for: `delay`, `until` or `signal`"),
        resultType: reader.type(fields[.as]), range: whole)
    }
  }

  private mutating func approval(_ fields: Fields, _ documentation: String?) -> ApprovalItem {
    ApprovalItem(
      documentation: documentation, name: name(fields, .approval, "the name of the approval"), after: after(fields),
      was: was(fields), fields: entries(fields.others, of: .approval), form: fields[.form].map { parameters($0) },
      range: range(fields.node))
  }

  // MARK: Control

  private mutating func match(_ fields: Fields) -> MatchItem {
    let subject = value(fields[.match], or: fields.node)
    let arms = list(fields[.cases], "cases") { reader, part -> MatchItem.Arm? in
      reader.enter(part) { reader, node in
        guard let fields = reader.fields(of: node, as: .matchCase) else { return nil }
        let patterns = fields[.when].map { reader.patterns($0) }
        return MatchItem.Arm(
          patterns: patterns ?? [.init(kind: .anything, range: reader.gap(after: node))],
          body: reader.block(fields[.do], or: node), range: reader.range(node))
      }
    }
    return MatchItem(subject: subject, arms: arms.compactMap { $0 }, range: range(fields.node))
  }

  private mutating func loop(_ fields: Fields) -> ForItem {
    ForItem(
      index: fields[.index].map { name($0, "the name of the place or key") },
      variable: name(fields, .for, "the name of the element"), sequence: value(fields[.in], or: fields.node),
      after: after(fields), policies: policies(fields[.with]),
      collect: fields[.collect].map { name($0, "the name of the list of failures") }, was: was(fields),
      body: block(fields[.do], or: fields.node), range: range(fields.node))
  }

  private mutating func iteration(_ fields: Fields, _ documentation: String?) -> RepeatItem {
    let node = fields.node
    return RepeatItem(
      documentation: documentation, name: name(fields, .repeat, "the name of the state"), type: type(fields[.type]),
      initial: value(fields[.from], or: node), after: after(fields), policies: policies(fields[.with]),
      was: was(fields), body: block(fields[.do], or: node), next: value(fields[.next], or: node),
      condition: fields[.while].map { value($0) }, range: range(node))
  }
}
