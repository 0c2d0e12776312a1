/// The items of a workflow's body.
extension Printer {
  mutating func print(_ item: Item) {
    printDocumentation(item.documentation, before: item.range.start)
    if printVerbatim(item.range) { return }
    switch item {
    case .letBinding(let item):
      text("let ")
      text(item.name.text)
      printAnnotation(item.type)
      printAssigned(item.value)
    case .step(let item):
      group { printer in
        printer.text("step ")
        printer.text(item.name.text)
        printer.text(" = ")
        printer.print(item.call)
        printer.printResultType(item.resultType)
        printer.print(
          printer.clauses(after: item.after, requires: item.requires, with: item.policies, was: item.was),
          isAlone: item.resultType == nil)
      }
    case .wait(let item): print(item)
    case .approval(let item): print(item)
    case .conditional(let item): print(item)
    case .selection(let item): print(item)
    case .loop(let item): print(item)
    case .iteration(let item): print(item)
    case .sequence(let item):
      text("sequence ")
      print(item.body)
    case .attempt(let item): print(item)
    case .assertion(let item):
      group { printer in
        printer.text("assert ")
        printer.print(item.condition)
        printer.text(",")
        printer.indented { printer in
          printer.line()
          printer.print(item.message)
        }
      }
    case .failure(let item):
      text("fail " + (item.kind.map { $0.text + ", " } ?? ""))
      print(item.message)
    case .output(let item):
      text("output ")
      print(item.value)
    case .unreadable: break
    }
  }

  /// `: T`
  mutating func printAnnotation(_ type: TypeSyntax?) {
    guard let type else { return }
    text(": ")
    print(type)
  }

  /// ` = e`; an operator's value goes to a line of its own where it fits there and not here.
  mutating func printAssigned(_ value: ExpressionSyntax) {
    if comments.hasComments(before: value.range.start) {
      text(" =")
      return indented { printer in
        printer.layout.hardLine()
        printer.print(value)
      }
    }
    switch value.kind {
    case .binary, .conditional, .cast:
      text(" =")
      group(.hugging(2)) { printer in
        printer.layout.add(.indentIfBroken(2))
        printer.line()
        printer.print(value)
        printer.layout.add(.indentIfBroken(-2))
      }
    case .missing, .literal, .name, .select, .index, .call, .method, .unary, .list, .record, .map, .emptyBraces,
      .interpolation, .match, .parenthesized:
      text(" = ")
      print(value)
    }
  }

  private mutating func print(_ item: WaitItem) {
    group { printer in
      printer.text("wait " + item.name.text + " = ")
      switch item.target {
      case .call(let call): printer.print(call)
      case .any(let alternatives):
        printer.text("any ")
        let last = alternatives.last?.range.end ?? item.name.range.end
        printer.printList(
          alternatives, in: .fields.broken(true),
          closing: { printer in
            printer.comments.takeClosing(after: last)
              + (item.lastEnd == nil && item.resultType == nil ? printer.comments.takeClosing(item.range.end) : [])
          }, range: \.range
        ) { printer, alternative in
          printer.text(alternative.name.text + ": ")
          printer.print(alternative.call)
          printer.printResultType(alternative.resultType)
        }
      }
      printer.printResultType(item.resultType)
      printer.print(
        printer.clauses(after: item.after, with: item.policies, was: item.was), isAlone: item.resultType == nil)
    }
  }

  private mutating func print(_ item: ApprovalItem) {
    group { printer in
      printer.text("approval " + item.name.text)
      printer.print(printer.clauses(after: item.after, was: item.was), isHeader: true)
    }
    text(" ")
    printFields(item.fields, form: item.form, formRange: item.formRange, end: item.range.end, isBroken: true)
  }

  // MARK: Choices

  private mutating func print(_ item: IfItem) {
    text("if ")
    printHeader(item.condition)
    text(" ")
    print(item.thenBlock)
    guard let elseBlock = item.elseBlock else { return }
    printWord("else", before: elseBlock.range.start)
    if let inner = elseBlock.chained, isElseIf(elseBlock, inner) {
      text(" ")
      return element(inner.range) { $0.print(inner) }
    }
    text(" ")
    print(elseBlock)
  }

  /// Whether the `if` in an `else` stands directly after it: in YAML, where no comment stands between them.
  private func isElseIf(_ block: Block, _ inner: Item) -> Bool {
    guard let source else { return true }
    return block.range.start == inner.range.start
      || isYAML(source.name) && !comments.hasComments(before: inner.range.start)
  }

  private mutating func print(_ item: MatchItem) {
    text("match ")
    printHeader(item.subject)
    text(" {")
    let parts = item.arms.map { arm in
      Part(range: arm.range) { printer in
        printer.print(arm.patterns)
        printer.text(" => ")
        printer.print(arm.body)
      }
    }
    print(parts, end: item.range.end)
  }

  private mutating func print(_ item: TryItem) {
    text("try ")
    print(item.body)
    printWord("catch", before: item.error.range.start)
    text(" " + item.error.text + " ")
    print(item.handler)
  }

  /// A word after the `}` of a block; on a line of its own after comments that stand before it.
  private mutating func printWord(_ word: String, before start: UInt32) {
    if comments.hasComments(before: start) {
      layout.hardLine()
      printLeading(start, before: true)
    } else {
      text(" ")
    }
    text(word)
  }

  // MARK: Loops

  private mutating func print(_ item: ForItem) {
    group { printer in
      printer.text("for " + (item.index.map { $0.text + ", " } ?? "") + item.variable.text + " in ")
      printer.printHeader(item.sequence)
      printer.print(
        printer.clauses(after: item.after, with: item.policies, collect: item.collect, was: item.was),
        isHeader: true)
    }
    text(" ")
    print(item.body)
  }

  private mutating func print(_ item: RepeatItem) {
    group { printer in
      printer.text("repeat " + item.name.text)
      printer.printAnnotation(item.type)
      printer.text(" = ")
      printer.printHeader(item.initial)
      printer.print(printer.clauses(after: item.after, with: item.policies, was: item.was), isHeader: true)
    }
    text(" {")
    var parts = item.body.items.map { Part($0) }
    let start = startOfWord("next", before: item.next.range.start)
    parts.append(
      Part(range: item.condition.map { item.next.range.joined(with: $0.range) } ?? item.next.range, start: start) {
        printer in
        printer.text("next ")
        printer.group { printer in
          printer.print(item.next)
          if let condition = item.condition { printer.printWhile(condition) }
        }
      })
    print(parts, end: item.body.range.end)
  }

  private mutating func printWhile(_ condition: ExpressionSyntax) {
    let hasComments = comments.hasComments(before: condition.range.start)
    group(hasComments ? .fitting : .hugging(2)) { printer in
      printer.indented { printer in
        printer.line()
        printer.printLeading(condition.range.start, before: true)
        printer.text("while ")
        printer.print(condition)
      }
    }
  }

  /// An expression before a block, whose further lines stand out from the block's.
  private mutating func printHeader(_ expression: ExpressionSyntax) {
    let outer = continuation
    continuation = 4
    print(expression)
    continuation = outer
  }
}

extension Item {
  /// The `///` text before it.
  var documentation: String? {
    switch self {
    case .letBinding(let item): item.documentation
    case .step(let item): item.documentation
    case .wait(let item): item.documentation
    case .approval(let item): item.documentation
    case .iteration(let item): item.documentation
    case .conditional, .selection, .loop, .sequence, .attempt, .assertion, .failure, .output, .unreadable: nil
    }
  }
}

extension Item {
  /// The end of what is printed last, for items whose clauses the author may have written in another order.
  var lastEnd: UInt32? {
    switch self {
    case .step(let item):
      item.was?.range.end ?? item.policies.last?.range.end ?? item.requires.last?.range.end
        ?? item.after.last?.range.end
    case .wait(let item): item.lastEnd
    case .letBinding, .approval, .conditional, .selection, .loop, .iteration, .sequence, .attempt, .assertion, .failure,
      .output, .unreadable:
      nil
    }
  }
}

extension WaitItem {
  fileprivate var lastEnd: UInt32? { was?.range.end ?? policies.last?.range.end ?? after.last?.range.end }
}

extension Block {
  /// The `if` of an `else if`.
  var chained: Item? {
    guard items.count == 1, case .conditional = items[0] else { return nil }
    return items[0]
  }
}
