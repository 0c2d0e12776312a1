import DxshSyntax

/// Reports what the language has and this version does not run. Schedules and approvals are checked before; one
/// with an error is reported for that alone.
struct UnsupportedConstructs {
  let session: CheckSession
  let schedules: ScheduleChecker

  func check(_ module: Module) {
    for declaration in module.declarations {
      switch declaration {
      case .type(let declared):
        if let first = declared.typeParameters.first { report("a type with parameters", first.range) }
        check(declared.type)
      case .node(let declared):
        if let program = declared.program { report("a node that a program runs", program.range) }
        check(declared.parameters)
      case .function(let declared): check(declared.parameters)
      case .workflow(let declared): check(declared)
      case .test(let declared): report("`test`", declared.nameRange)
      case .connectionKind(let declared): check(declared.parameters)
      case .enumeration, .secret, .connection, .constant, .defaults, .importing, .unreadable: break
      }
    }
  }

  private func report(_ what: String, _ range: SourceRange) {
    session.report(.notSupported(what, at: range))
  }

  private func check(_ parameters: [Parameter]) {
    for parameter in parameters {
      if let refinement = parameter.refinement { report("`where`", refinement.range) }
      check(parameter.type)
    }
  }

  private func check(_ type: TypeSyntax) {
    switch type.kind {
    case .record(let fields):
      for field in fields {
        if let refinement = field.refinement { report("`where`", refinement.range) }
        check(field.type)
      }
    case .optional(let wrapped): check(wrapped)
    case .named(_, let arguments): arguments.forEach(check)
    case .missing: break
    }
  }

  private func check(_ workflow: WorkflowDeclaration) {
    check(workflow.parameters)
    if let result = workflow.result { check(result) }
    for schedule in workflow.schedules where schedules.check(schedule) {
      report("`schedule`", schedule.name.range)
    }
    let fields = FieldChecker(session: session)
    for trigger in workflow.triggers {
      fields.check(trigger.fields, FieldNames.trigger, of: "a trigger")
      report("`on`", trigger.name.range)
    }
    check(workflow.body)
    if let finally = workflow.finally { check(finally) }
  }

  private func check(_ block: Block) {
    for item in block.items {
      switch item {
      case .approval(let item):
        if ApprovalChecker(session: session).check(item) { report("`approval`", item.name.range) }
      case .selection(let item): item.arms.forEach { check($0.body) }
      case .iteration(let item): check(item.body)
      case .attempt(let item):
        check(item.body)
        check(item.handler)
      case .step(let item):
        if let gate = item.requires.first { report("`requires`", gate.range) }
      case .conditional(let item):
        check(item.thenBlock)
        if let other = item.elseBlock { check(other) }
      case .loop(let item): check(item.body)
      case .sequence(let item): check(item.body)
      case .letBinding, .wait, .assertion, .failure, .output, .unreadable: break
      }
    }
  }
}

extension Diagnostic {
  static func notSupported(_ what: String, at range: SourceRange) -> Diagnostic {
    Diagnostic(.notSupported, "\(what) is read, but not run by this version of dxsh", at: range)
  }
}
