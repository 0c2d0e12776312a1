/// Workflows: their signature, header, items and `finally`.
extension Parser {
  /// `workflow name(…) -> T throws k was old { … }`
  mutating func parseWorkflow() -> WorkflowDeclaration {
    let documentation = takeDocumentation()
    let keyword = token
    advance()
    let name = parseName("the name of the workflow")
    let parameters = parseParameters(of: name)
    skipToSignatureEnd()
    var workflow = WorkflowDeclaration(
      documentation: documentation, name: name, parameters: parameters, result: parseResult(), errors: [],
      schedules: [], triggers: [], body: Block(items: [], range: gap), range: range(from: keyword.start))
    parseWorkflowClauses(of: &workflow)
    if token.kind == .leftBrace { countBraces(of: keyword) }
    let body = parseBlock(of: keyword) { parser in
      parser.parsePart(of: &workflow)
      parser.endItem()
    }
    workflow.body.range = body
    workflow.range = range(from: keyword.start)
    return workflow
  }

  private mutating func parseWorkflowClauses(of workflow: inout WorkflowDeclaration) {
    var seen: Set<Word> = []
    while !isRecovering, isAt(.throws) || isAt(.was) {
      let clause = token
      if !seen.insert(clause.word).inserted {
        complain(.repeatedClause(clause.word, of: "workflow", at: range(clause)))
      }
      advance()
      if clause.word == .was {
        workflow.was = parseWord("the name that it had before")
      } else {
        repeat { workflow.errors.append(parseWord("the name of an error")) } while !isRecovering && consume(.comma)
      }
    }
  }

  /// A part of the header, an item, or `finally`.
  private mutating func parsePart(of workflow: inout WorkflowDeclaration) {
    guard isAtHeader else {
      let start = token.start
      if workflow.finally != nil { complain(.itemAfterFinally(at: range(token))) }
      let item = parseItem()
      if isRecovering { skipToItem() }
      return workflow.body.items.append(item ?? .unreadable(range(from: start)))
    }
    let keyword = token
    if keyword.word == .finally {
      if workflow.finally != nil { complain(.repeatedPart(.finally, at: range(keyword))) }
      advance()
      workflow.finally = parseBlock(of: keyword)
      return
    }
    if !workflow.body.items.isEmpty { complain(.misplacedHeader(keyword.word, at: range(keyword))) }
    if keyword.word == .schedule {
      workflow.schedules.append(parseSchedule())
    } else if keyword.word == .on {
      workflow.triggers.append(parseTrigger())
    } else if keyword.word == .limits {
      if workflow.limits != nil { complain(.repeatedPart(.limits, at: range(keyword))) }
      advance()
      let fields = parseFields(of: keyword)
      workflow.limits = LimitsDeclaration(fields: fields.entries, range: range(from: keyword.start))
    } else {
      if workflow.defaults != nil { complain(.repeatedPart(.defaults, at: range(keyword))) }
      workflow.defaults = parseDefaults()
    }
  }

  /// `schedule name was old { … }`
  private mutating func parseSchedule() -> ScheduleDeclaration {
    let documentation = takeDocumentation()
    let keyword = token
    advance()
    let name = parseName("the name of the schedule")
    let clauses = parseClauses(of: .schedule)
    let fields = parseFields(of: keyword)
    return ScheduleDeclaration(
      documentation: documentation, name: name, was: clauses.was, fields: fields.entries,
      range: range(from: keyword.start))
  }

  /// `on webhook name as T was old { … }`
  private mutating func parseTrigger() -> TriggerDeclaration {
    let documentation = takeDocumentation()
    let keyword = token
    advance()
    let kind = parseWord("what starts the workflow: `webhook`, `file` or `workflow`")
    let name = isRecovering ? missingName : parseName("the name of the trigger")
    let clauses = parseClauses(of: .on)
    let fields = parseFields(of: keyword)
    return TriggerDeclaration(
      documentation: documentation, kind: kind, name: name, payload: clauses.resultType, was: clauses.was,
      fields: fields.entries, range: range(from: keyword.start))
  }

  /// `defaults with p(…), q(…)`
  mutating func parseDefaults() -> DefaultsDeclaration {
    let start = token.start
    advance()
    if isAt(.with) { advance() } else { fail(.expected("`with` and the policies", found: found)) }
    var policies: [Call] = []
    if !isRecovering {
      repeat { policies.append(parseCall("a policy such as `timeout(30s)`")) } while !isRecovering && consume(.comma)
    }
    return DefaultsDeclaration(policies: policies, range: range(from: start))
  }

  // MARK: Fields

  struct Fields {
    var entries: [FieldEntry] = []
    var form: [Parameter]?
    var formRange: SourceRange?
  }

  /// `{ name: e, … }`, its entries separated by commas or lines; in an approval also `form { … }`.
  mutating func parseFields(of owner: Token, hasForm: Bool = false) -> Fields {
    var fields = Fields()
    if isRecovering, token.kind == .leftBrace { isRecovering = false }
    let opener = token
    if token.kind == .leftBrace, isOnNewLine { complain(.braceOnNextLine(at: range(token), gap: gap)) }
    guard !isRecovering, consume(.leftBrace) else {
      fail(.expected("`{` and the fields of `\(text(owner))`", found: found))
      return fields
    }
    parseElements(until: .rightBrace, of: opener, lines: true, names: true, types: false) { parser in
      if hasForm, parser.token.word == .form, parser.peek().kind == .leftBrace {
        let keyword = parser.token
        parser.advance()
        if fields.form != nil { parser.complain(.repeatedPart(.form, at: parser.range(keyword))) }
        fields.form = parser.parseForm()
        fields.formRange = parser.range(from: keyword.start)
      } else {
        fields.entries.append(parser.parseField())
      }
    }
    return fields
  }

  private mutating func parseField() -> FieldEntry {
    let name = parseFieldName("a field name")
    if !isRecovering, token.kind == .assign {
      complain(.assignInArguments(at: range(token), gap: gap))
      advance()
    } else {
      expect(.colon, "`:` and the value of `\(name.text)`")
    }
    return FieldEntry(name: name, value: parseValue())
  }

  /// The `{ name: T = e where c }` of a form.
  private mutating func parseForm() -> [Parameter] {
    let opener = token
    advance()
    var parameters: [Parameter] = []
    parseElements(until: .rightBrace, of: opener, lines: true, names: true) { parser in
      parameters.append(parser.parseParameter())
    }
    return parameters
  }
}
