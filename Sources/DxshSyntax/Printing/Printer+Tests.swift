/// Tests and their items.
extension Printer {
  mutating func print(_ test: TestDeclaration) {
    text("test " + (spelling(test.nameRange) ?? LiteralText.quoted(test.name)) + " {")
    print(test.items.map { item in Part(range: item.range) { $0.print(item) } }, end: test.range.end)
  }

  private mutating func print(_ item: TestItem) {
    if printVerbatim(item.range) { return }
    switch item {
    case .mock(let item):
      text("mock " + item.path.text)
      printOptional(item.arguments, after: item.path)
      switch item.outcome {
      case .value(let value):
        text(" -> ")
        print(value)
      case .error(let name): text(" throws " + name.text)
      }
      printAt(item.at)
    case .decide(let item): print("decide", item)
    case .send(let item): print("send", item)
    case .clock(let value, _):
      text("clock ")
      print(value)
    case .fire(let item):
      text("fire " + item.name.text)
      printAt(item.at)
    case .crash(let item):
      text("crash " + (item.isAfter ? "after " : "before ") + item.path.text)
      printAt(item.at)
    case .run(let item):
      text("run " + item.name.text + " = ")
      print(item.call)
    case .expect(let value, _):
      text("expect ")
      print(value)
    case .unreadable: break
    }
  }

  private mutating func print(_ word: String, _ item: AnswerItem) {
    text(word + " " + item.path.text)
    printOptional(item.arguments, after: item.path)
    text(" -> ")
    print(item.value)
    printAt(item.at)
  }

  private mutating func printOptional(_ arguments: [Argument]?, after path: Path) {
    guard let arguments else { return }
    print(arguments, end: path.range.start, after: arguments.last?.range.end ?? path.range.end)
  }

  private mutating func printAt(_ time: ExpressionSyntax?) {
    guard let time else { return }
    text(" at ")
    print(time)
  }
}
