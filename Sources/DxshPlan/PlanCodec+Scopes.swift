import DxshExpressions

/// Scopes, and nodes: an object with the node's place in the graph and, under the name of its kind, the rest.
extension PlanScope {
  /// How deeply the bodies of loops may nest, which bounds the recursion of all that reads plans.
  package static let nestingLimit = 64

  func write(to json: inout JSONStream) {
    json.beginObject()
    json.key("slots")
    json.beginList()
    for slot in slots {
      json.beginList()
      json.text(slot.name)
      JSONForm.write(slot.type, to: &json)
      json.endList()
    }
    json.endList()
    json.key("nodes")
    json.beginList()
    for node in nodes { node.write(to: &json) }
    json.endList()
    json.endObject()
  }

  init(form: Value, depth: Int) throws(JSONFormError) {
    guard depth < Self.nestingLimit else {
      throw JSONFormError("the scopes nest more than \(Self.nestingLimit) deep")
    }
    var fields = try JSONFields(form, "a scope")
    self.init(
      slots: try fields.read("slots") { form throws(JSONFormError) in
        try JSONForm.elements(form, "a list of slots", Slot.init(form:))
      },
      nodes: try fields.read("nodes") { form throws(JSONFormError) in
        try JSONForm.elements(form, "a list of nodes") { form throws(JSONFormError) in
          try PlanNode(form: form, depth: depth)
        }
      })
    try fields.finish("slots", "nodes")
  }
}

extension PlanScope.Slot {
  fileprivate init(form: Value) throws(JSONFormError) {
    let parts = try JSONForm.tuple(form, 2, "the name and the type of a slot")[...]
    self.init(
      name: try JSONForm.element(parts, 0, PlanAtom.name), type: try JSONForm.element(parts, 1, JSONForm.type))
  }
}

extension PlanNode {
  fileprivate func write(to json: inout JSONStream) {
    json.beginObject()
    json.key("path")
    json.text(path)
    if !dependencies.isEmpty {
      json.key("after")
      json.beginList()
      for dependency in dependencies { json.number(dependency) }
      json.endList()
    }
    if let guardedBy {
      json.key("if")
      json.beginList()
      json.number(guardedBy.condition)
      json.flag(guardedBy.when)
      json.endList()
    }
    kind.write(to: &json)
    json.endObject()
  }

  fileprivate init(form: Value, depth: Int) throws(JSONFormError) {
    var fields = try JSONFields(form, "a node")
    let path = try fields.read("path", PlanAtom.name)
    let dependencies = try fields.readIfPresent("after") { form throws(JSONFormError) in
      try JSONForm.elements(form, "a list of nodes", PlanAtom.number)
    }
    let guardedBy = try fields.readIfPresent("if", Guard.init(form:))
    var kind: Kind?
    for word in NodeWord.allCases {
      kind = try fields.readIfPresent(word.rawValue) { form throws(JSONFormError) in
        try Kind(word, form: form, depth: depth)
      }
      if kind != nil { break }
    }
    guard let kind else { throw JSONFormError("the node has no kind that this version of dxsh knows") }
    try fields.finish("path", "after", "if")
    self.init(path: path, kind: kind, guardedBy: guardedBy, dependencies: dependencies ?? [])
  }
}

extension PlanNode.Guard {
  fileprivate init(form: Value) throws(JSONFormError) {
    let parts = try JSONForm.tuple(form, 2, "a condition's number and true or false")[...]
    self.init(
      condition: try JSONForm.element(parts, 0, PlanAtom.number),
      when: try JSONForm.element(parts, 1) { form throws(JSONFormError) in
        try JSONForm.flag(form, "true or false")
      })
  }
}

extension PlanNode.Kind {
  fileprivate func write(to json: inout JSONStream) {
    switch self {
    case .value(let slot, let expression):
      json.key("value")
      json.beginList()
      json.number(slot)
      JSONForm.write(expression, to: &json)
      json.endList()
    case .call(let call):
      json.key("call")
      call.write(to: &json)
    case .condition(let expression): json.write("condition", expression)
    case .assertion(let condition, let message):
      json.key("assertion")
      json.list(condition, message)
    case .failure(let kind, let message):
      json.key("failure")
      json.beginList()
      json.text(kind)
      JSONForm.write(message, to: &json)
      json.endList()
    case .loop(let loop):
      json.key("loop")
      loop.write(to: &json)
    case .iteration(let iteration):
      json.key("repeat")
      iteration.write(to: &json)
    case .attempt(let attempt):
      json.key("try")
      attempt.write(to: &json)
    case .invocation(let invocation):
      json.key("workflow")
      invocation.write(to: &json)
    case .wait(let wait):
      json.key("wait")
      wait.write(to: &json)
    case .output(let expression): json.write("output", expression)
    case .barrier:
      json.key("barrier")
      json.flag(true)
    }
  }

  fileprivate init(_ word: NodeWord, form: Value, depth: Int) throws(JSONFormError) {
    switch word {
    case .value:
      let parts = try JSONForm.tuple(form, 2, "a slot and an expression")[...]
      self = .value(
        slot: try JSONForm.element(parts, 0, PlanAtom.number), try JSONForm.element(parts, 1, JSONForm.expression))
    case .call: self = .call(try PlanCall(form: form))
    case .condition: self = .condition(try JSONForm.expression(form))
    case .assertion:
      let parts = try JSONForm.tuple(form, 2, "a condition and a message")[...]
      self = .assertion(
        try JSONForm.element(parts, 0, JSONForm.expression),
        message: try JSONForm.element(parts, 1, JSONForm.expression))
    case .failure:
      let parts = try JSONForm.tuple(form, 2, "the kind of an error and a message")[...]
      self = .failure(
        kind: try JSONForm.element(parts, 0, PlanAtom.name),
        message: try JSONForm.element(parts, 1, JSONForm.expression))
    case .loop: self = .loop(try PlanLoop(form: form, depth: depth))
    case .iteration: self = .iteration(try PlanIteration(form: form, depth: depth))
    case .attempt: self = .attempt(try PlanAttempt(form: form, depth: depth))
    case .invocation: self = .invocation(try PlanInvocation(form: form))
    case .wait: self = .wait(try PlanWait(form: form))
    case .output: self = .output(try JSONForm.expression(form))
    case .barrier:
      guard case .bool(true) = form else { throw JSONFormError(expected: "true", found: form) }
      self = .barrier
    }
  }
}

/// The field that holds what is particular to a kind of node; the common kinds first.
private enum NodeWord: String, CaseIterable {
  case call, value, loop, condition, assertion, output, failure, barrier, wait
  case iteration = "repeat"
  case attempt = "try"
  case invocation = "workflow"
}
