/// Workflows: what starts them, what they may use, and their blocks.
extension YAMLWriter {
  mutating func workflow(_ workflow: WorkflowDeclaration) {
    documentation(workflow.documentation)
    let key = YAMLScalar.key(workflow.name.text)
    let first = output.count
    output.line(key + ":")
    output.indent()
    defer { output.outdent() }
    arrange(
      workflow.schedules.map(\.range) + workflow.triggers.map(\.range) + [workflow.limits?.range].compactMap { $0 }
        + [workflow.defaults?.range].compactMap { $0 } + workflow.body.items.map(\.range),
      after: workflow.range.start)
    if let was = workflow.was { entry("was", YAMLScalar.text(was.text)) }
    if !workflow.parameters.isEmpty { parameters("params", workflow.parameters) }
    if let result = workflow.result { type("returns", result) }
    names("throws", workflow.errors)
    schedules(workflow.schedules)
    triggers(workflow.triggers)
    if let limits = workflow.limits {
      element(limits.range) { $0.fields("limits", limits.fields, of: .limits) }
    }
    if let defaults = workflow.defaults {
      element(defaults.range) { $0.policies("defaults", defaults.policies) }
    }
    if !workflow.body.items.isEmpty { block("do", workflow.body) }
    if let finally = workflow.finally { block("finally", finally) }
    if output.count == first + 1 { output.append(" {}") }
  }

  private mutating func schedules(_ schedules: [ScheduleDeclaration]) {
    if schedules.isEmpty { return }
    expectUnique(schedules.map(\.name))
    nested("schedules") { writer in
      for schedule in schedules {
        writer.element(schedule.range) { writer in
          writer.documentation(schedule.documentation)
          writer.fields(YAMLScalar.key(schedule.name.text), schedule.fields, of: .schedule, was: schedule.was)
        }
      }
    }
  }

  private mutating func triggers(_ triggers: [TriggerDeclaration]) {
    if triggers.isEmpty { return }
    expectUnique(triggers.map(\.name))
    nested("triggers") { writer in
      for trigger in triggers {
        writer.element(trigger.range) { writer in
          writer.documentation(trigger.documentation)
          writer.nested(YAMLScalar.key(trigger.name.text)) { $0.trigger(trigger) }
        }
      }
    }
  }

  private mutating func trigger(_ trigger: TriggerDeclaration) {
    if YAMLConstruct.trigger.keys.contains(where: { $0.word.rawValue == trigger.kind.text }) {
      refuse("a trigger of the kind `\(trigger.kind.text)`", at: trigger.kind.range)
    }
    fields(YAMLScalar.key(trigger.kind.text), trigger.fields, of: .triggerFields)
    if let type = trigger.payload { self.type("as", type) }
    if let was = trigger.was { entry("was", YAMLScalar.text(was.text)) }
  }

  /// A key with the fields of a construct.
  private mutating func fields(
    _ key: String, _ fields: [FieldEntry], of construct: YAMLConstruct, was: Name? = nil
  ) {
    if fields.isEmpty, was == nil { return entry(key, "{}") }
    nested(key) { writer in
      writer.fields(fields, of: construct)
      if let was { writer.entry("was", YAMLScalar.text(was.text)) }
    }
  }

  mutating func fields(_ fields: [FieldEntry], of construct: YAMLConstruct) {
    expectUnique(fields.map(\.name))
    for field in fields {
      if construct.keys.contains(where: { $0.word.rawValue == field.name.text }) {
        refuse("\(construct.noun) with a field `\(field.name.text)`", at: field.name.range)
      }
      element(field.range) { writer in
        writer.value(
          .key(YAMLScalar.key(field.name.text)), field.value, isKeyword: construct.isKeyword(field.name.text))
      }
    }
  }

  // MARK: Blocks

  mutating func block(_ key: String, _ block: Block) {
    if block.items.isEmpty {
      writeComments(in: block.range)
      return entry(key, "[]")
    }
    nested(key) { writer in
      for (index, item) in block.items.enumerated() {
        writer.item(item, isFirst: index == 0)
      }
      writer.writeClosing(of: block.range)
    }
  }
}
