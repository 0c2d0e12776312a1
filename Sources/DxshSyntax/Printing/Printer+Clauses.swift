/// The clauses of items, nodes and workflows, in their canonical order.
extension Printer {
  enum Clause {
    case after([Path])
    case requires([Name])
    case with([Call])
    case collect(Name)
    case was(Name)
    case effect(Name)
    case errors([Name])
    case uses(Call)
    case timeout(ExpressionSyntax, end: UInt32)
    case program(Call)

    /// Where its first element starts, whose comments stand before the clause.
    var start: UInt32 {
      switch self {
      case .after(let paths): paths[0].range.start
      case .requires(let names), .errors(let names): names[0].range.start
      case .with(let calls): calls[0].range.start
      case .collect(let name), .was(let name), .effect(let name): name.range.start
      case .uses(let call), .program(let call): call.range.start
      case .timeout(let value, _): value.range.start
      }
    }

    /// Where its last element ends.
    var end: UInt32 {
      switch self {
      case .after(let paths): paths[paths.count - 1].range.end
      case .requires(let names), .errors(let names): names[names.count - 1].range.end
      case .with(let calls): calls[calls.count - 1].range.end
      case .collect(let name), .was(let name), .effect(let name): name.range.end
      case .uses(let call), .program(let call): call.range.end
      case .timeout(let value, _): value.range.end
      }
    }
  }

  /// Comments on lines of their own.
  private mutating func printLines(_ comments: [Comment]) {
    for comment in comments {
      text(commentText(comment))
      layout.hardLine()
    }
  }

  /// The clauses of an item.
  /// - isAlone: whether nothing before them could be one
  /// - isHeader: whether a `{` follows on the line of the last one, so that no comment can
  mutating func print(_ clauses: [Clause], isAlone: Bool = true, isHeader: Bool = false) {
    var last: [Comment] = []
    if isHeader, let end = clauses.last?.end { last = comments.takeTrailing(end) }
    if isAlone, last.isEmpty, clauses.count == 1, !comments.hasComments(before: clauses[0].start) {
      return group(.hugging(2)) { printer in
        printer.indented { printer in
          printer.line()
          printer.print(clauses[0])
        }
      }
    }
    indented { printer in
      for (index, clause) in clauses.enumerated() {
        printer.line()
        printer.printLeading(clause.start, before: true)
        if case .timeout(_, let end) = clause { printer.printLines(printer.comments.takeTrailing(end)) }
        if index == clauses.count - 1 { printer.printLines(last) }
        printer.print(clause)
      }
    }
  }

  private mutating func print(_ clause: Clause) {
    switch clause {
    case .after(let paths):
      text("after ")
      printSequence(paths, range: \.range) { $0.text($1.text) }
    case .requires(let names): print("requires", names)
    case .with(let policies):
      text("with ")
      printSequence(policies, range: \.range) { $0.print($1) }
    case .collect(let name): print("collect", [name])
    case .was(let name): print("was", [name])
    case .effect(let name): print("effect", [name])
    case .errors(let names): print("throws", names)
    case .uses(let call):
      text("uses ")
      print(call)
    case .timeout(let value, let end):
      text("timeout")
      printList(
        [value], in: .parentheses,
        closing: { $0.comments.takeClosing(after: value.range.end) + $0.comments.takeClosing(end) }, range: \.range
      ) { $0.print($1) }
    case .program(let call):
      text("= ")
      print(call)
    }
  }

  private mutating func print(_ word: String, _ names: [Name]) {
    text(word + " ")
    printSequence(names, range: \.range) { $0.text($1.text) }
  }

  /// The clauses that several items have.
  func clauses(
    after: [Path] = [], requires: [Name] = [], with policies: [Call] = [], collect: Name? = nil, was: Name? = nil
  ) -> [Clause] {
    var clauses: [Clause] = []
    if !after.isEmpty { clauses.append(.after(after)) }
    if !requires.isEmpty { clauses.append(.requires(requires)) }
    if !policies.isEmpty { clauses.append(.with(policies)) }
    if let collect { clauses.append(.collect(collect)) }
    if let was { clauses.append(.was(was)) }
    return clauses
  }

  /// ` as T`, on the line of what it stands after.
  mutating func printResultType(_ type: TypeSyntax?) {
    guard let type else { return }
    text(" as ")
    print(type)
  }
}
