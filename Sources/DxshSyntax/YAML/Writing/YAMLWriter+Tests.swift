/// Tests and what stands in them.
extension YAMLWriter {
  mutating func test(_ test: TestDeclaration) {
    documentation(test.documentation)
    let name = YAMLScalar.key(escaped(test.name))
    if name.utf8.count > 1_000 { refuse("a test whose name has more than 1,000 bytes", at: test.nameRange) }
    if test.items.isEmpty { return entry(name, "[]") }
    nested(name) { writer in
      for item in test.items {
        writer.element { writer in
          writer.element(item.range) { $0.item(item) }
        }
      }
    }
  }

  private mutating func item(_ item: TestItem) {
    switch item {
    case .mock(let item):
      entry("mock", YAMLScalar.text(item.path.text))
      if let arguments = item.arguments { self.arguments("args", arguments) }
      switch item.outcome {
      case .value(let value): self.value(.key("returns"), value)
      case .error(let error): entry("throws", YAMLScalar.text(error.text))
      }
      at(item.at)
    case .decide(let item): answer("decide", item)
    case .send(let item): answer("send", item)
    case .clock(let value, _): self.value(.key("clock"), value)
    case .fire(let item):
      entry("fire", YAMLScalar.text(item.name.text))
      at(item.at)
    case .crash(let item):
      entry("crash", item.isAfter ? "after" : "before")
      entry("step", YAMLScalar.text(item.path.text))
      at(item.at)
    case .run(let item):
      entry("run", YAMLScalar.text(item.name.text))
      call(item.call)
    case .expect(let value, _): self.value(.key("expect"), value)
    case .unreadable(let range): refuse("what cannot be read", at: range)
    }
  }

  private mutating func at(_ time: ExpressionSyntax?) {
    if let time { value(.key("at"), time) }
  }

  private mutating func answer(_ key: String, _ item: AnswerItem) {
    entry(key, YAMLScalar.text(item.path.text))
    if let arguments = item.arguments { self.arguments("args", arguments) }
    if key == "decide" { decision(item.value) } else { value(.key("value"), item.value) }
    at(item.at)
  }

  /// A decision, in which the field `outcome` is a keyword.
  private mutating func decision(_ value: ExpressionSyntax) {
    guard case .record(let fields) = value.kind, isMapping(fields) else { return self.value(.key("value"), value) }
    nested("value") { writer in
      for field in fields {
        writer.element(field.name.range.joined(with: field.value.range)) { writer in
          writer.value(.key(field.name.text), field.value, isKeyword: field.name.text == "outcome")
        }
      }
    }
  }
}
