/// Workflows: what starts them, what they may use, and their items.
extension YAMLReader {
  mutating func workflow(_ entry: Entry) -> WorkflowDeclaration {
    let documentation = documentation(before: entry.keyPart)
    let name = name(entry.keyPart, "the name of the workflow")
    let whole = range(entry.keyPart).joined(with: range(entry.value))
    var workflow = WorkflowDeclaration(
      documentation: documentation, name: name, parameters: [], errors: [], schedules: [], triggers: [],
      body: Block(items: [], range: whole.atEnd), range: whole)
    enter(entry.value) { reader, node in
      if reader.document[node].kind == .mapping, reader.document[node].count == 0 { return }
      guard let fields = reader.fields(of: node, as: .workflow) else { return }
      workflow.was = fields[.was].map { reader.word($0, "the name that it had before") }
      workflow.parameters = reader.parameters(fields[.params])
      workflow.result = reader.type(fields[.returns])
      workflow.errors = reader.errors(fields)
      workflow.schedules = reader.named(fields[.schedules], "schedules by name") { $0.schedule($1) }
      workflow.triggers = reader.named(fields[.triggers], "triggers by name") { $0.trigger($1) }
      if let part = fields[.limits], let key = fields.key(.limits) {
        workflow.limits = reader.limits(part)
        workflow.limits?.range = reader.range(key).joined(with: reader.range(part))
      }
      if let part = fields[.defaults], let key = fields.key(.defaults) {
        workflow.defaults = DefaultsDeclaration(
          policies: reader.policies(part), range: reader.range(key).joined(with: reader.range(part)))
      }
      if let part = fields[.do] { workflow.body = reader.block(part) }
      workflow.finally = fields[.finally].map { reader.block($0) }
    }
    return workflow
  }

  private mutating func schedule(_ entry: Entry) -> ScheduleDeclaration? {
    let documentation = documentation(before: entry.keyPart)
    let name = name(entry.keyPart, "the name of the schedule")
    let whole = range(entry.keyPart).joined(with: range(entry.value))
    return enter(entry.value) { reader, node in
      guard let fields = reader.fields(of: node, as: .schedule) else { return nil }
      return ScheduleDeclaration(
        documentation: documentation, name: name,
        was: fields[.was].map { reader.word($0, "the name that it had before") },
        fields: reader.entries(fields.others, of: .schedule), range: whole)
    }
  }

  /// `{ webhook: { … }, as: T }`
  private mutating func trigger(_ entry: Entry) -> TriggerDeclaration? {
    let documentation = documentation(before: entry.keyPart)
    let name = name(entry.keyPart, "the name of the trigger")
    let whole = range(entry.keyPart).joined(with: range(entry.value))
    return enter(entry.value) { reader, node in
      guard let fields = reader.fields(of: node, as: .trigger) else { return nil }
      guard fields.others.count == 1 else {
        reader.report(.triggerKind(at: fields.others.last.map { reader.place($0.key) } ?? reader.headline(of: node)))
        return nil
      }
      let kind = fields.others[0]
      let inner = reader.enter(kind.value) { reader, node in
        reader.fields(of: node, as: .triggerFields).map { reader.entries($0.others, of: .triggerFields) } ?? []
      }
      return TriggerDeclaration(
        documentation: documentation, kind: reader.word(kind.keyPart, "what starts the workflow"), name: name,
        payload: reader.type(fields[.as]), was: fields[.was].map { reader.word($0, "the name that it had before") },
        fields: inner, range: whole)
    }
  }

  private mutating func limits(_ part: Part) -> LimitsDeclaration {
    enter(part) { reader, node in
      let fields = reader.fields(of: node, as: .limits).map { reader.entries($0.others, of: .limits) } ?? []
      return LimitsDeclaration(fields: fields, range: reader.range(node))
    }
  }

  /// Fields whose names the checker judges.
  mutating func entries(_ entries: [Entry], of construct: YAMLConstruct) -> [FieldEntry] {
    var fields: [FieldEntry] = []
    for entry in entries {
      let name = fieldName(entry)
      let value = value(entry.value, keywords: construct.isKeyword(name.text))
      fields.append(FieldEntry(name: name, value: value))
    }
    return fields
  }

  // MARK: Blocks

  mutating func block(_ part: Part?, or node: Int32) -> Block {
    part.map { block($0) } ?? Block(items: [], range: gap(after: node))
  }

  mutating func block(_ part: Part) -> Block {
    enter(part) { reader, node in
      let items = reader.deeper(node) { reader in
        var items: [Item] = []
        for part in reader.elements(of: node, "items") { items.append(reader.item(part)) }
        return items
      }
      return Block(items: items ?? [], range: reader.range(node))
    }
  }
}
