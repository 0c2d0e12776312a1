/// Lists in brackets: on one line where they fit, else one element on each line.
extension Printer {
  enum Separator {
    /// With a comma after the last element of a broken list.
    case comma
    /// A comma on one line, nothing where the line ends.
    case lineOrComma
  }

  struct Brackets {
    var open: String
    var close: String
    var separator = Separator.comma
    /// Whether spaces stand inside.
    var isSpaced = false
    /// Whether it has to be broken.
    var isBroken = false
    /// Whether a comma can follow the last element.
    var isTrailing = true

    static let arguments = Brackets(open: "(", close: ")")
    static let parentheses = Brackets(open: "(", close: ")", isTrailing: false)
    static let list = Brackets(open: "[", close: "]")
    static let angles = Brackets(open: "<", close: ">")
    static let literal = Brackets(open: "{", close: "}", isSpaced: true)
    static let fields = Brackets(open: "{", close: "}", separator: .lineOrComma, isSpaced: true)

    func broken(_ isBroken: Bool) -> Brackets {
      var brackets = self
      brackets.isBroken = isBroken
      return brackets
    }
  }

  /// Prints elements with their comments.
  /// - closing: the comments before the closing bracket, taken after the elements are printed
  /// - range: of an element
  mutating func printList<Element>(
    _ elements: [Element], in brackets: Brackets, closing: (inout Printer) -> [Comment],
    range: (Element) -> SourceRange, _ body: (inout Printer, Element) -> Void
  ) {
    group { printer in
      printer.text(brackets.open)
      if brackets.isBroken, !elements.isEmpty { printer.layout.breakOpenGroups() }
      var remaining: [Comment] = []
      printer.indented { printer in
        for (index, element) in elements.enumerated() {
          let range = range(element)
          printer.line(isSpace: index > 0 || brackets.isSpaced, isApart: index > 0 && printer.isApart(range))
          printer.element(range) { body(&$0, element) }
          let isLast = index == elements.count - 1
          if !isLast || brackets.isTrailing { printer.printSeparator(brackets.separator, isLast: isLast) }
        }
        remaining = closing(&printer)
        printer.printClosing(remaining, isFirst: elements.isEmpty)
      }
      if !elements.isEmpty || !remaining.isEmpty { printer.line(isSpace: brackets.isSpaced) }
      printer.text(brackets.close)
    }
  }

  private mutating func printSeparator(_ separator: Separator, isLast: Bool) {
    switch separator {
    case .comma:
      if isLast { layout.add(.commaIfBroken) } else { text(",") }
    case .lineOrComma:
      if !isLast { layout.add(.commaIfFlat) }
    }
  }

  /// Elements after a word of a clause, further ones indented when they do not fit.
  mutating func printSequence<Element>(
    _ elements: [Element], range: (Element) -> SourceRange, _ body: (inout Printer, Element) -> Void
  ) {
    group { printer in
      printer.indented { printer in
        for (index, element) in elements.enumerated() {
          if index > 0 { printer.line() }
          printer.element(range(element)) { body(&$0, element) }
          if index < elements.count - 1 { printer.text(",") }
        }
      }
    }
  }
}
