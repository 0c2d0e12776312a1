/// What is said about a text as YAML, before it means anything.
extension Diagnostic {
  // MARK: What libyaml refuses

  static func badYAML(_ trouble: YAMLTrouble, in file: SourceFile) -> Diagnostic {
    let count = UInt32(file.bytes.count)
    func at(_ place: UInt32) -> SourceRange {
      let start = min(place, count)
      let isText = start < count && file.bytes[Int(start)] > UInt8(ascii: " ") && file.bytes[Int(start)] < 0x80
      return SourceRange(file: file.id, start: start, end: isText ? start + 1 : start)
    }
    if trouble.isEncoding {
      return Diagnostic(
        .badEncoding, "this character cannot stand in YAML", at: at(trouble.place), help: "remove it")
    }
    let words = words(trouble)
    let range = at(words.isAtContext ? trouble.contextPlace : trouble.place)
    var diagnostic = Diagnostic(.badYAML, words.message, at: range, help: words.help)
    if let related = words.related, !words.isAtContext {
      diagnostic.related = [Related(at(trouble.contextPlace), related)]
    }
    return diagnostic
  }

  private struct Words {
    var message: String
    var help: String?
    var related: String?
    var isAtContext = false
  }

  /// The author's words for libyaml's.
  private static func words(_ trouble: YAMLTrouble) -> Words {
    switch trouble.problem {
    case "mapping values are not allowed in this context":
      return Words(
        message: "a `:` cannot stand here", help: "put the text in quotes, or start the key on a line of its own")
    case "could not find expected ':'":
      return Words(message: "expected `:` after this key", help: "write `key: value`", isAtContext: true)
    case "did not find expected key":
      return Words(
        message: "this line does not belong to the mapping above it",
        help: "indent the keys of one mapping alike; a text after a closing quote needs quotes around all of it",
        related: "the mapping starts here")
    case "did not find expected '-' indicator":
      return Words(
        message: "this line does not belong to the list above it", help: "start every element with `- ` in one column",
        related: "the list starts here")
    case "did not find expected ',' or '}'":
      return Words(
        message: "expected `,` or `}`", help: "put a text with brackets, commas or quotes in quotes",
        related: "this `{` is open")
    case "did not find expected ',' or ']'":
      return Words(
        message: "expected `,` or `]`", help: "put a text with brackets, commas or quotes in quotes",
        related: "this `[` is open")
    case "found unexpected end of stream", "found unexpected document indicator":
      return Words(message: "this text in quotes is not closed", help: "end it with the same quote", isAtContext: true)
    case "block sequence entries are not allowed in this context":
      return Words(message: "a list cannot start here", help: "start it on a line of its own")
    case "block mapping keys are not allowed in this context", "mapping keys are not allowed in this context":
      return Words(message: "a mapping cannot start here", help: "start it on a line of its own")
    case "did not find expected node content": return Words(message: "expected a value here")
    case "found unknown escape character", "did not find expected hexdecimal number",
      "found invalid Unicode character escape code":
      return Words(
        message: "this is no escape of a text in double quotes",
        help: "a plain `\\` is written `\\\\`, or use single quotes")
    case "did not find expected <document start>":
      return Words(message: "the file goes on after its end", help: "a file is one mapping; indent its keys alike")
    case "found character that cannot start any token":
      return Words(message: "a value cannot start with this character", help: "put the value in quotes")
    default:
      return Words(message: "this is no YAML: \(trouble.problem)")
    }
  }

  // MARK: What is not in the form

  static func tag(at range: SourceRange) -> Diagnostic {
    Diagnostic(
      .unsupportedYAML, "tags mean nothing here", at: range, help: "remove it; a text that reads as a number is quoted",
      fix: Fix("Remove the tag", [Edit(range, "")]))
  }

  static func severalDocuments(at range: SourceRange) -> Diagnostic {
    Diagnostic(.unsupportedYAML, "a file holds one document", at: range, help: "write the rest into a file of its own")
  }

  static func directive(at range: SourceRange) -> Diagnostic {
    Diagnostic(.unsupportedYAML, "directives such as `%YAML` mean nothing here", at: range, help: "remove them")
  }

  // MARK: Anchors

  static func unknownAnchor(_ name: String, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      .unknownName, "there is no anchor `&\(name)` above", at: range,
      help: "put a text that starts with `*` in quotes")
  }

  static func recursiveAnchor(_ name: String, at range: SourceRange, anchor: SourceRange) -> Diagnostic {
    Diagnostic(
      .unsupportedYAML, "`*\(name)` stands inside of what it stands for", at: range,
      related: [Related(anchor.atStart, "the anchor is here")])
  }

  static func tooManyNodes(at range: SourceRange, anchor: SourceRange) -> Diagnostic {
    Diagnostic(
      .expansionLimit, "with this alias the file has more than \(YAMLBuilder.expansionLimit) values by aliases",
      at: range,
      related: [Related(anchor.atStart, "the anchor is here")], help: "write a loop, or less of it")
  }

  // MARK: Traps

  static func questionInFlow(_ text: String, at range: SourceRange) -> Diagnostic {
    let quoted = YAMLQuotes.quoted(text)
    return Diagnostic(
      .yamlTrap, "a text with `?` between brackets stands in quotes", at: range, help: "write \(quoted)",
      fix: Fix("Put it in quotes", [Edit(range, quoted)]))
  }

  static func mended(_ mend: YAMLMend, in file: SourceFile) -> Diagnostic {
    let range = SourceRange(file: file.id, start: mend.start, end: mend.end)
    let text = file.text(range)
    if case .tabs = mend.trap {
      return Diagnostic(.badYAML, "YAML is indented with spaces, not with tabs", at: range, help: "write spaces")
    }
    if case .openQuote = mend.trap {
      let quote = text.prefix(1)
      return Diagnostic(
        .badString, "this text in quotes is not closed", at: range, help: "end it with the same quote",
        fix: Fix("Add `\(quote)`", [Edit(range.atEnd, String(quote))]))
    }
    var quoted = YAMLQuotes.quoted(text)
    let message: String
    switch mend.trap {
    case .placeholder: message = "a text with `${…}` stands in quotes here"
    case .typeArguments: message = "a type with `<…>` between brackets stands in quotes"
    case .colon: message = "a text with `: ` stands in quotes"
    case .indicator(let byte): message = "a text that starts with `\(Unicode.Scalar(byte))` stands in quotes"
    case .quotes, .openQuote, .tabs:
      message = "the same quotes cannot stand inside"
      quoted = YAMLQuotes.quoted(String(text.dropFirst().dropLast()))
    }
    return Diagnostic(
      .yamlTrap, message, at: range, help: "write \(quoted)", fix: Fix("Put it in quotes", [Edit(range, quoted)]))
  }
}
