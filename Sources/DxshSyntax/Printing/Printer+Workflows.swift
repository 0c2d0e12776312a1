/// Workflows and the parts of their headers, in canonical order: schedules, triggers, limits, defaults.
extension Printer {
  mutating func print(_ workflow: WorkflowDeclaration) {
    group { printer in
      printer.text("workflow " + workflow.name.text)
      printer.printSignature([], workflow.parameters, workflow.result, after: workflow.name.range)
      var clauses: [Clause] = []
      if !workflow.errors.isEmpty { clauses.append(.errors(workflow.errors)) }
      if let was = workflow.was { clauses.append(.was(was)) }
      printer.print(clauses, isAlone: workflow.result == nil, isHeader: true)
    }
    text(" {")
    print(parts(of: workflow), end: workflow.body.range.end)
  }

  private func parts(of workflow: WorkflowDeclaration) -> [Part] {
    var parts: [Part] = []
    for schedule in workflow.schedules {
      parts.append(Part(range: schedule.range) { $0.print(schedule) })
    }
    for trigger in workflow.triggers {
      parts.append(Part(range: trigger.range) { $0.print(trigger) })
    }
    if let limits = workflow.limits {
      parts.append(Part(range: limits.range) { $0.print(limits) })
    }
    if let defaults = workflow.defaults {
      parts.append(
        Part(range: defaults.range) { printer in
          if !printer.printVerbatim(defaults.range) { printer.print(defaults) }
        })
    }
    parts += workflow.body.items.map { Part($0) }
    if let finally = workflow.finally {
      let start = startOfWord("finally", before: finally.range.start)
      parts.append(
        Part(range: finally.range, start: start) { printer in
          printer.text("finally ")
          printer.print(finally)
        })
    }
    return parts
  }

  private mutating func print(_ schedule: ScheduleDeclaration) {
    printDocumentation(schedule.documentation)
    if printVerbatim(schedule.range) { return }
    group { printer in
      printer.text("schedule " + schedule.name.text)
      printer.print(printer.clauses(was: schedule.was), isHeader: true)
    }
    text(" ")
    printFields(schedule.fields, end: schedule.range.end, isBroken: true)
  }

  private mutating func print(_ trigger: TriggerDeclaration) {
    printDocumentation(trigger.documentation)
    if printVerbatim(trigger.range) { return }
    group { printer in
      printer.text("on " + trigger.kind.text + " " + trigger.name.text)
      printer.printResultType(trigger.payload)
      printer.print(printer.clauses(was: trigger.was), isAlone: trigger.payload == nil, isHeader: true)
    }
    text(" ")
    printFields(trigger.fields, end: trigger.range.end, isBroken: true)
  }

  private mutating func print(_ limits: LimitsDeclaration) {
    if printVerbatim(limits.range) { return }
    text("limits ")
    printFields(limits.fields, end: limits.range.end, isBroken: isOnSeveralLines(limits.range))
  }
}
