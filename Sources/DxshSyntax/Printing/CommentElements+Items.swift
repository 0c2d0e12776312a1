/// The elements of items and tests.
extension CommentElements {
  mutating func add(_ block: Block) {
    add(block.range, leads: false)
    for item in block.items { add(item) }
  }

  mutating func add(_ item: Item) {
    add(item.range)
    switch item {
    case .letBinding(let item):
      if let type = item.type { add(type, trails: false) }
      add(item.value)
    case .step(let item):
      add(item.call, trails: item.resultType == nil)
      addClauses(item.resultType, after: item.after, requires: item.requires, with: item.policies, was: item.was)
    case .wait(let item): add(item)
    case .approval(let item):
      addClauses(after: item.after, was: item.was)
      add(item.fields)
      if let range = item.formRange { add(range) }
      add(item.form ?? [])
    case .conditional(let item):
      add(item.condition, trails: false)
      add(item.thenBlock)
      guard let elseBlock = item.elseBlock else { return }
      forbid(after: item.thenBlock.range.end)
      if let inner = elseBlock.chained, inner.range.start == elseBlock.range.start {
        add(inner)
      } else {
        add(elseBlock.range)
        for item in elseBlock.items { add(item) }
      }
    case .selection(let item):
      add(item.subject, trails: false)
      for arm in item.arms {
        add(arm.range)
        add(arm.body)
      }
    case .loop(let item):
      add(item.sequence)
      addClauses(after: item.after, with: item.policies, names: [item.collect], was: item.was)
      add(item.body)
    case .iteration(let item): add(item)
    case .sequence(let item): add(item.body)
    case .attempt(let item):
      add(item.body)
      forbid(after: item.body.range.end)
      add(item.error.range, trails: false)
      add(item.handler)
    case .assertion(let item):
      add(item.condition)
      add(item.message)
    case .failure(let item): add(item.message)
    case .output(let item): add(item.value)
    case .unreadable: break
    }
  }

  private mutating func add(_ item: WaitItem) {
    add(item.name.range, leads: false, trails: false)
    switch item.target {
    case .call(let call): add(call, trails: item.resultType == nil)
    case .any(let alternatives):
      for alternative in alternatives {
        add(alternative.range)
        add(alternative.call, trails: alternative.resultType == nil)
        if let type = alternative.resultType { add(type) }
      }
    }
    addClauses(item.resultType, after: item.after, with: item.policies, was: item.was)
  }

  private mutating func add(_ item: RepeatItem) {
    if let type = item.type { add(type, trails: false) }
    add(item.initial)
    addClauses(after: item.after, with: item.policies, was: item.was)
    add(item.body)
    add(item.next)
    if let condition = item.condition { add(condition) }
  }

  mutating func addClauses(
    _ type: TypeSyntax? = nil, after: [Path] = [], requires: [Name] = [], with policies: [Call] = [],
    names: [Name?] = [], was: Name? = nil
  ) {
    if let type { add(type) }
    for path in after { add(path.range) }
    for name in requires { add(name.range) }
    for policy in policies { add(policy) }
    for case let name? in names + [was] { add(name.range) }
  }

  mutating func add(_ fields: [FieldEntry]) {
    for field in fields {
      add(field.range)
      add(field.value)
    }
  }

  // MARK: Tests

  mutating func add(_ item: TestItem) {
    add(item.range)
    switch item {
    case .mock(let item):
      add(item.path.range, leads: false, trails: false)
      add(item.arguments ?? [])
      if case .value(let value) = item.outcome { add(value) }
      if let time = item.at { add(time) }
    case .decide(let item), .send(let item):
      add(item.path.range, leads: false, trails: false)
      add(item.arguments ?? [])
      add(item.value)
      if let time = item.at { add(time) }
    case .clock(let value, _), .expect(let value, _): add(value)
    case .fire(let item):
      if let time = item.at { add(time) }
    case .crash(let item):
      if let time = item.at { add(time) }
    case .run(let item): add(item.call)
    case .unreadable: break
    }
  }
}
