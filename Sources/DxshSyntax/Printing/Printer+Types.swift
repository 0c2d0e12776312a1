/// Types and parameters.
extension Printer {
  /// Prints a type as an element: with the comments before and after it.
  mutating func print(_ type: TypeSyntax) {
    element(type.range) { $0.printBare(type) }
  }

  private mutating func printBare(_ type: TypeSyntax) {
    switch type.kind {
    case .missing: break
    case .named(let path, let arguments):
      text(path.text)
      if arguments.isEmpty { return }
      printList(arguments, in: .angles, closing: { _ in [] }, range: \.range) { $0.print($1) }
    case .optional(let wrapped):
      printBare(wrapped)
      text("?")
    case .record(let fields):
      let brackets = Brackets.fields.broken(isOnSeveralLines(type.range))
      printList(fields, in: brackets, closing: { $0.comments.takeClosing(type.range.end) }, range: \.range) {
        printer, field in
        printer.printDocumentation(field.documentation)
        printer.text(LiteralText.fieldName(field.name.text) + ": ")
        printer.print(field.type)
        printer.printRefinement(field.refinement)
      }
    }
  }

  /// ` where e`
  mutating func printRefinement(_ refinement: ExpressionSyntax?) {
    guard let refinement else { return }
    group { printer in
      printer.indented { printer in
        printer.line()
        printer.text("where ")
        printer.print(refinement)
      }
    }
  }

  /// `name: T @a(…) = e where c`
  mutating func print(_ parameter: Parameter) {
    printDocumentation(parameter.documentation)
    text(LiteralText.fieldName(parameter.name.text) + ": ")
    print(parameter.type)
    for annotation in parameter.annotations {
      text(" ")
      element(annotation.range) { printer in
        printer.text("@" + annotation.path.text)
        let hasBrackets = printer.spelling(annotation.range)?.utf8.last == UInt8(ascii: ")")
        if hasBrackets || !annotation.arguments.isEmpty {
          printer.print(annotation.arguments, end: annotation.range.end)
        }
      }
    }
    if let value = parameter.defaultValue {
      text(" = ")
      print(value)
    }
    printRefinement(parameter.refinement)
  }

  /// `<A, B>`
  mutating func printTypeParameters(_ names: [Name]) {
    if !names.isEmpty { text("<" + names.map(\.text).joined(separator: ", ") + ">") }
  }

  /// `(a: T, …)`
  /// - start: where what stands before the brackets ends, for the comments in empty brackets
  /// - end: where the brackets end, when something ends there
  mutating func print(_ parameters: [Parameter], after start: UInt32, end: UInt32? = nil) {
    let last = parameters.last?.range.end ?? start
    printList(
      parameters, in: .arguments,
      closing: { printer in
        printer.comments.takeClosing(after: last) + (end.map { printer.comments.takeClosing($0) } ?? [])
      },
      range: \.range
    ) { $0.print($1) }
  }

  /// `path(…)`
  mutating func print(_ call: Call) {
    element(call.range) { printer in
      printer.text(call.path.text)
      printer.print(call.arguments, end: call.range.end)
    }
  }
}
