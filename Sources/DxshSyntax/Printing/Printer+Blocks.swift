/// Blocks, and fields in braces.
extension Printer {
  /// Something that stands on lines of its own in a block.
  struct Part {
    var range: SourceRange
    /// Where its first word starts.
    var start: UInt32
    /// The end of what is printed last.
    var lastEnd: UInt32?
    var body: (inout Printer) -> Void

    init(_ item: Item) {
      self.init(range: item.range) { $0.print(item) }
      lastEnd = item.lastEnd
    }

    init(range: SourceRange, start: UInt32? = nil, body: @escaping (inout Printer) -> Void) {
      self.range = range
      self.start = start ?? range.start
      self.body = body
    }
  }

  mutating func print(_ block: Block) {
    text("{")
    print(block.items.map { Part($0) }, end: block.range.end)
  }

  /// The parts of a block, and its `}`. The `{` has been printed.
  mutating func print(_ parts: [Part], end: UInt32) {
    var remaining: [Comment] = []
    indented { printer in
      for (index, part) in parts.enumerated() {
        if index == 0 {
          printer.layout.bodyLine()
        } else {
          printer.layout.hardLine(isApart: printer.isApart(part))
        }
        printer.element(part.range, lastEnd: part.lastEnd, part.body)
      }
      remaining = printer.comments.takeClosing(end)
      printer.printClosing(remaining, isFirst: parts.isEmpty)
    }
    if !parts.isEmpty || !remaining.isEmpty { layout.hardLine() }
    text("}")
  }

  private func isApart(_ part: Part) -> Bool {
    if comments.hasComments(before: part.range.start) { return isApart(part.range) }
    return hasEmptyLine(before: documentedStart(of: part.start))
  }

  /// Prints an item as it stands in the source, when it holds a mistake or is not asked for.
  mutating func printVerbatim(_ range: SourceRange) -> Bool {
    guard let source, !verbatim.isEmpty, let end = verbatim[range.start] else { return false }
    text(source.text(SourceRange(file: range.file, start: range.start, end: max(range.start, end))))
    return true
  }

  // MARK: Fields

  private enum FieldElement {
    case entry(FieldEntry)
    case form([Parameter], SourceRange)

    var range: SourceRange {
      switch self {
      case .entry(let entry): entry.range
      case .form(_, let range): range
      }
    }
  }

  /// `{ name: e … }`, with the form last.
  mutating func printFields(
    _ fields: [FieldEntry], form: [Parameter]? = nil, formRange: SourceRange? = nil, end: UInt32, isBroken: Bool
  ) {
    var elements = fields.map { FieldElement.entry($0) }
    if let form {
      let place = fields.last?.range.atEnd ?? SourceRange(file: FileID(0), start: end, end: end)
      elements.append(.form(form, formRange ?? form.first?.range ?? place))
    }
    printList(
      elements, in: .fields.broken(isBroken), closing: { $0.comments.takeClosing(end) }, range: \.range
    ) { printer, element in
      switch element {
      case .entry(let entry):
        printer.text(LiteralText.fieldName(entry.name.text))
        printer.text(": ")
        printer.print(entry.value)
      case .form(let form, let range):
        printer.text("form ")
        printer.printList(
          form, in: .fields.broken(true), closing: { $0.comments.takeClosing(range.end) }, range: \.range
        ) { $0.print($1) }
      }
    }
  }
}
