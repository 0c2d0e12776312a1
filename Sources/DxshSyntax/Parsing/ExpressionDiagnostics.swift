/// What the parser says about expressions, literals and types.
extension Diagnostic {
  // MARK: Operators

  static func mistakenOperator(_ text: String, _ meant: BinaryOperator, at range: SourceRange) -> Diagnostic {
    let message = text == "=" ? "`=` binds a name; values are compared with `==`" : "`\(text)` is no operator"
    return Diagnostic(
      .unexpectedToken, message, at: range, help: "write `\(meant.rawValue)`",
      fix: Fix("Write `\(meant.rawValue)`", [Edit(range, meant.rawValue)]))
  }

  static func mistakenNot(at range: SourceRange, next: SourceRange) -> Diagnostic {
    var whole = range
    whole.end = next.start
    return Diagnostic(
      .unexpectedToken, "`not` is no operator", at: range, help: "write `!`",
      fix: Fix("Write `!`", [Edit(whole, "!")]))
  }

  static func mixedUnaryOperators(at range: SourceRange) -> Diagnostic {
    Diagnostic(
      .unexpectedToken, "`!` and `-` cannot be mixed", at: range, help: "set the inner one in parentheses: `!(-x)`")
  }

  static func questionBeforeDot(at range: SourceRange) -> Diagnostic {
    Diagnostic(
      .unexpectedToken, "the optional selection is written `.?`, not `?.`", at: range, help: "write `.?`",
      fix: Fix("Write `.?`", [Edit(range, ".?")]))
  }

  // MARK: Operands

  static func reservedOperand(_ word: Word, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      .unexpectedToken, "expected an expression, found the reserved word `\(word.rawValue)`", at: range,
      help: word == .if ? "a choice between values is written `c ? a : b`" : nil)
  }

  static func severalIndexes(at range: SourceRange) -> Diagnostic {
    Diagnostic(.unexpectedToken, "there is one index in `[…]`", at: range, help: "write `x[i][j]`")
  }

  static func tuple(at range: SourceRange) -> Diagnostic {
    Diagnostic(
      .unexpectedToken, "parentheses hold one expression", at: range,
      help: "write a list `[a, b]` or a record `{ a: 1 }`")
  }

  static func positionalAfterNamed(at range: SourceRange) -> Diagnostic {
    Diagnostic(
      .unexpectedToken, "an argument without a name stands before those with one", at: range,
      help: "name it, or move it to the front")
  }

  static func assignInArguments(at range: SourceRange, gap: SourceRange) -> Diagnostic {
    var whole = gap
    whole.end = range.end
    return Diagnostic(
      .unexpectedToken, "a value is given to a name with `:`, not with `=`", at: range, help: "write `name: value`",
      fix: Fix("Write `:`", [Edit(whole, ":")]))
  }

  static func literalAsFieldName(_ text: String, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      .misplacedWord, "`\(text)` as a field name stands in backticks", at: range, help: "write `` `\(text)` ``",
      fix: Fix("Add backticks", [Edit(range, "`\(text)`")]))
  }

  static func messageLiteral(
    _ name: String, at range: SourceRange, gap: UInt32, untypedLet: UInt32?
  ) -> Diagnostic {
    var whole = range
    whole.end = gap
    var edits = [Edit(whole, "")]
    if let untypedLet {
      let place = SourceRange(file: range.file, start: untypedLet, end: untypedLet)
      edits.insert(Edit(place, ": \(name)"), at: 0)
    }
    return Diagnostic(
      .unexpectedToken, "a record literal has no type in front", at: range,
      help: "say the type where it is bound: `let x: \(name) = { … }`",
      fix: Fix(untypedLet == nil ? "Remove `\(name)`" : "Move `\(name)` to the name", edits))
  }

  static func mixedKeys(at range: SourceRange) -> Diagnostic {
    Diagnostic(
      .unexpectedToken, "bare words and other keys cannot stand in one literal", at: range,
      help: "a record has bare words `{ a: 1 }`, a map has none: `{ \"a\": 1, (k): 2 }`")
  }

  // MARK: Literals

  static func integerOutOfRange(_ text: String, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      .badLiteral, "`\(text)` does not fit an int", at: range,
      help: "an int is at most 9223372036854775807; a uint (`\(text)u`) at most 18446744073709551615")
  }

  static func unsignedOutOfRange(_ text: String, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      .badLiteral, "`\(text)` does not fit a uint", at: range, help: "a uint is at most 18446744073709551615")
  }

  static func doubleOutOfRange(_ text: String, at range: SourceRange) -> Diagnostic {
    Diagnostic(.badLiteral, "`\(text)` does not fit a double", at: range, help: "a double is at most about 1.8e308")
  }

  static func quantityOutOfRange(_ what: String, _ text: String, at range: SourceRange) -> Diagnostic {
    let limit = what == "duration" ? "9223372036854775807ms" : "9223372036854775807B"
    return Diagnostic(.badLiteral, "`\(text)` does not fit a \(what)", at: range, help: "the longest is \(limit)")
  }

  static func durationUnitsOutOfOrder(_ text: String, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      .badLiteral, "the units of `\(text)` do not descend", at: range,
      help: "write each unit once, the largest first: `1h30m`")
  }

  static func emptyPlaceholder(at range: SourceRange) -> Diagnostic {
    Diagnostic(
      .unexpectedToken, "expected an expression in `${}`", at: range, help: "a plain `${` is written `\\${`")
  }

  static func badEscape(_ problem: StringLiteral.Problem, at range: SourceRange) -> Diagnostic {
    switch problem {
    case .unknown(let escape):
      Diagnostic(
        .badString, "`\(escape)` is no escape", at: range,
        help: "a plain `\\` is written `\\\\`, or use a raw string r\"…\"",
        fix: Fix("Write `\\\\`", [Edit(range.atStart, "\\")]))
    case .digits(let escape, let count):
      Diagnostic(
        .badString, "`\(escape)` needs \(count) \(count == 3 ? "octal" : "hexadecimal") digits", at: range,
        help: "the escapes are \\xHH, \\uHHHH, \\UHHHHHHHH and three octal digits up to \\377")
    case .notACharacter(let escape):
      Diagnostic(
        .badString, "`\(escape)` is no Unicode character", at: range,
        help: "characters end at \\U0010FFFF and leave out \\uD800 to \\uDFFF")
    case .characterInBytes:
      Diagnostic(
        .badString, "a bytes literal has no `\\u` and `\\U`", at: range, help: "write the bytes as \\xHH")
    }
  }

  // MARK: Types

  static func nestedOptional(at range: SourceRange) -> Diagnostic {
    Diagnostic(
      .unexpectedToken, "an optional is never nested", at: range, help: "`T??` is written `T?`",
      fix: Fix("Remove `?`", [Edit(range, "")]))
  }

  static func arrayType(_ element: String, at range: SourceRange, of type: SourceRange) -> Diagnostic {
    Diagnostic(
      .unexpectedToken, "a list type is not written with brackets", at: range, help: "write `list<\(element)>`",
      fix: Fix("Write `list<\(element)>`", [Edit(type.atStart, "list<"), Edit(range, ">")]))
  }

  static func bracketedType(_ element: String, open: SourceRange, close: SourceRange) -> Diagnostic {
    Diagnostic(
      .unexpectedToken, "a list type is not written with brackets", at: open.joined(with: close),
      help: "write `list<\(element)>`",
      fix: Fix("Write `list<\(element)>`", [Edit(open, "list<"), Edit(close, ">")]))
  }
}
