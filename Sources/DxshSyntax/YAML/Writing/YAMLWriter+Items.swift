/// What stands in a workflow's body.
extension YAMLWriter {
  mutating func item(_ item: Item, isFirst: Bool) {
    if !isFirst, hasEmptyLine(before: item.range.start) { output.empty() }
    element { writer in
      writer.element(item.range) { $0.item(item) }
    }
  }

  private mutating func item(_ item: Item) {
    switch item {
    case .letBinding(let item):
      documentation(item.documentation)
      entry("let", YAMLScalar.text(item.name.text))
      if let type = item.type { self.type("type", type) }
      value(.key("value"), item.value)
    case .step(let item): step(item)
    case .wait(let item): wait(item)
    case .approval(let item): approval(item)
    case .conditional(let item):
      value(.key("if"), item.condition)
      block("then", item.thenBlock)
      if let elseBlock = item.elseBlock { block("else", elseBlock) }
    case .selection(let item): selection(item)
    case .loop(let item): loop(item)
    case .iteration(let item): iteration(item)
    case .sequence(let item): block("sequence", item.body)
    case .attempt(let item):
      block("try", item.body)
      entry("catch", YAMLScalar.text(item.error.text))
      block("do", item.handler)
    case .assertion(let item):
      value(.key("assert"), item.condition)
      value(.key("message"), item.message)
    case .failure(let item):
      value(.key("fail"), item.message)
      if let kind = item.kind { entry("kind", YAMLScalar.text(kind.text)) }
    case .output(let item): value(.key("output"), item.value)
    case .unreadable(let range): refuse("what cannot be read", at: range)
    }
  }

  // MARK: Calls and clauses

  mutating func call(_ call: Call) {
    entry("call", YAMLScalar.text(call.path.text))
    if !call.arguments.isEmpty { arguments("args", call.arguments) }
    writeComments(in: call.range)
  }

  private mutating func paths(_ key: String, _ paths: [Path]) {
    names(key, paths.map { Name($0.text, at: $0.range) })
  }

  private mutating func was(_ name: Name?) {
    if let name { entry("was", YAMLScalar.text(name.text)) }
  }

  private mutating func step(_ item: StepItem) {
    documentation(item.documentation)
    entry("step", YAMLScalar.text(item.name.text))
    call(item.call)
    if let type = item.resultType { self.type("as", type) }
    paths("after", item.after)
    names("requires", item.requires)
    policies("with", item.policies)
    was(item.was)
  }

  private mutating func wait(_ item: WaitItem) {
    documentation(item.documentation)
    entry("wait", YAMLScalar.text(item.name.text))
    switch item.target {
    case .call(let call): self.call(call)
    case .any(let alternatives):
      expectUnique(alternatives.map(\.name))
      if alternatives.isEmpty { entry("any", "{}") } else { nested("any") { $0.alternatives(alternatives) } }
    }
    if let type = item.resultType { self.type("as", type) }
    paths("after", item.after)
    policies("with", item.policies)
    was(item.was)
  }

  private mutating func alternatives(_ alternatives: [WaitItem.Alternative]) {
    for alternative in alternatives {
      element(alternative.range) { writer in
        writer.nested(YAMLScalar.key(alternative.name.text)) { writer in
          writer.call(alternative.call)
          if let type = alternative.resultType { writer.type("as", type) }
        }
      }
    }
  }

  private mutating func approval(_ item: ApprovalItem) {
    documentation(item.documentation)
    entry("approval", YAMLScalar.text(item.name.text))
    paths("after", item.after)
    was(item.was)
    fields(item.fields, of: .approval)
    if let form = item.form { parameters("form", form) }
  }

  // MARK: Control

  private mutating func selection(_ item: MatchItem) {
    value(.key("match"), item.subject)
    if item.arms.isEmpty { return entry("cases", "[]") }
    nested("cases") { writer in
      for arm in item.arms {
        writer.element { writer in
          writer.element(arm.range) { writer in
            writer.write(.key("when"), printed(arm.patterns))
            writer.block("do", arm.body)
          }
        }
      }
    }
  }

  private mutating func loop(_ item: ForItem) {
    entry("for", YAMLScalar.text(item.variable.text))
    if let index = item.index { entry("index", YAMLScalar.text(index.text)) }
    value(.key("in"), item.sequence)
    paths("after", item.after)
    policies("with", item.policies)
    if let collect = item.collect { entry("collect", YAMLScalar.text(collect.text)) }
    was(item.was)
    block("do", item.body)
  }

  private mutating func iteration(_ item: RepeatItem) {
    documentation(item.documentation)
    entry("repeat", YAMLScalar.text(item.name.text))
    if let type = item.type { self.type("type", type) }
    value(.key("from"), item.initial)
    paths("after", item.after)
    policies("with", item.policies)
    was(item.was)
    block("do", item.body)
    value(.key("next"), item.next)
    if let condition = item.condition { value(.key("while"), condition) }
  }
}
