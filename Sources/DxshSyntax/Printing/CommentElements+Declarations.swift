/// The elements of declarations.
extension CommentElements {
  mutating func add(_ declaration: Declaration) {
    add(declaration.range)
    switch declaration {
    case .importing(let declaration):
      if case .listed(let names) = declaration.names { for name in names { add(name.range) } }
    case .type(let declaration): add(declaration.type)
    case .enumeration(let declaration):
      for member in declaration.members { add(member.range) }
    case .node(let declaration):
      add(declaration.path.range, leads: false, trails: false)
      add(declaration.parameters)
      add(declaration.result)
      if let effect = declaration.effect { add(effect.range) }
      for name in declaration.errors { add(name.range) }
      if let uses = declaration.uses { add(uses) }
      if let timeout = declaration.timeout { add(timeout) }
      if let program = declaration.program { add(program) }
    case .workflow(let declaration): add(declaration)
    case .secret(let declaration):
      if let type = declaration.type { add(type, trails: false) }
      add(declaration.source)
    case .connection(let declaration): add(declaration.call)
    case .connectionKind(let declaration):
      add(declaration.path.range, leads: false, trails: false)
      add(declaration.parameters)
    case .constant(let declaration):
      if let type = declaration.type { add(type, trails: false) }
      add(declaration.value)
    case .function(let declaration):
      add(declaration.path.range, leads: false, trails: false)
      add(declaration.parameters)
      add(declaration.result, trails: declaration.body == nil || !declaration.errors.isEmpty)
      for (index, name) in declaration.errors.enumerated() {
        add(name.range, trails: declaration.body == nil || index < declaration.errors.count - 1)
      }
      if let body = declaration.body { add(body) }
    case .defaults(let declaration): addClauses(with: declaration.policies)
    case .test(let declaration):
      for item in declaration.items { add(item) }
    case .unreadable: break
    }
  }

  private mutating func add(_ workflow: WorkflowDeclaration) {
    add(workflow.name.range, leads: false, trails: false)
    add(workflow.parameters)
    if let result = workflow.result { add(result) }
    addClauses(names: workflow.errors, was: workflow.was)
    add(workflow.body)
    for schedule in workflow.schedules {
      add(schedule.range)
      addClauses(was: schedule.was)
      add(schedule.fields)
    }
    for trigger in workflow.triggers {
      add(trigger.range)
      addClauses(trigger.payload, was: trigger.was)
      add(trigger.fields)
    }
    if let limits = workflow.limits {
      add(limits.range)
      add(limits.fields)
    }
    if let defaults = workflow.defaults {
      add(defaults.range)
      addClauses(with: defaults.policies)
    }
    guard let finally = workflow.finally else { return }
    add(finally.range)
    for item in finally.items { add(item) }
  }
}
