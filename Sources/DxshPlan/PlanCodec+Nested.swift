import DxshExpressions

/// The durable form of nodes with scopes inside other than loops, and of the workflows that steps call.
extension PlanIteration {
  func write(to json: inout JSONStream) {
    json.beginObject()
    json.write("initial", initial)
    json.write("state", stateSlot)
    json.write("max", maximum)
    json.write("next", next)
    json.write("while", condition)
    json.write("slot", slot)
    json.write("exports", exports)
    json.key("body")
    body.write(to: &json)
    json.endObject()
  }

  /// `depth` is that of the scope in which the node stands.
  init(form: Value, depth: Int) throws(JSONFormError) {
    var fields = try JSONFields(form, "a `repeat`")
    self.init(
      initial: try fields.read("initial", JSONForm.expression),
      stateSlot: try fields.read("state", PlanAtom.number),
      maximum: try fields.read("max", JSONForm.expression),
      next: try fields.read("next", JSONForm.expression),
      condition: try fields.readIfPresent("while", JSONForm.expression),
      slot: try fields.readIfPresent("slot", PlanAtom.number),
      exports: try fields.read("exports") { form throws(JSONFormError) in
        try JSONForm.elements(form, "a list of exports", PlanLoop.Export.init(form:))
      },
      body: try fields.read("body") { form throws(JSONFormError) in try PlanScope(form: form, depth: depth + 1) })
    try fields.finish("initial", "state", "max", "next", "while", "slot", "exports", "body")
  }
}

extension PlanAttempt {
  func write(to json: inout JSONStream) {
    json.beginObject()
    json.key("body")
    body.write(to: &json)
    json.key("handler")
    handler.write(to: &json)
    json.write("error", errorSlot)
    json.key("exports")
    json.beginList()
    for export in exports {
      json.beginList()
      json.write(export.body)
      json.write(export.handler)
      json.number(export.outer)
      json.endList()
    }
    json.endList()
    json.endObject()
  }

  /// `depth` is that of the scope in which the node stands.
  init(form: Value, depth: Int) throws(JSONFormError) {
    var fields = try JSONFields(form, "a `try`")
    self.init(
      body: try fields.read("body") { form throws(JSONFormError) in try PlanScope(form: form, depth: depth + 1) },
      handler: try fields.read("handler") { form throws(JSONFormError) in try PlanScope(form: form, depth: depth + 2) },
      errorSlot: try fields.read("error", PlanAtom.number),
      exports: try fields.read("exports") { form throws(JSONFormError) in
        try JSONForm.elements(form, "a list of exports", Export.init(form:))
      })
    try fields.finish("body", "handler", "error", "exports")
  }
}

extension PlanAttempt.Export {
  fileprivate init(form: Value) throws(JSONFormError) {
    let parts = try JSONForm.tuple(form, 3, "a slot of the body, one of the handler and an outer one")
    func partIfPresent(_ index: Int) throws(JSONFormError) -> Int? {
      if case .null = parts[index] { nil } else { try JSONForm.element(parts[...], index, PlanAtom.number) }
    }
    self.init(
      body: try partIfPresent(0), handler: try partIfPresent(1),
      outer: try JSONForm.element(parts[...], 2, PlanAtom.number))
  }
}

extension PlanInvocation {
  func write(to json: inout JSONStream) {
    json.beginObject()
    json.write("callee", callee)
    json.key("arguments")
    json.beginList()
    for argument in arguments { JSONForm.write(argument, to: &json) }
    json.endList()
    json.write("slot", slot)
    if let retry {
      json.key("retry")
      retry.write(to: &json)
    }
    json.write("deadline", deadline)
    fallback?.write(to: &json)
    json.endObject()
  }

  init(form: Value) throws(JSONFormError) {
    var fields = try JSONFields(form, "the call of a workflow")
    self.init(
      callee: try fields.read("callee", PlanAtom.number),
      arguments: try fields.read("arguments") { form throws(JSONFormError) in
        try JSONForm.elements(form, "a list of arguments", JSONForm.expression)
      },
      slot: try fields.readIfPresent("slot", PlanAtom.number),
      retry: try fields.readIfPresent("retry", PlanCall.Retry.init(form:)),
      deadline: try fields.readIfPresent("deadline", JSONForm.expression),
      fallback: try fields.readIfPresent("fallback", PlanCall.Fallback.init(form:)))
    try fields.finish("callee", "arguments", "slot", "retry", "deadline", "fallback")
  }
}

extension PlanCallee {
  func write(to json: inout JSONStream) {
    json.beginObject()
    json.key("workflow")
    json.text(workflow)
    json.key("parameters")
    json.beginList()
    for parameter in parameters { json.text(parameter) }
    json.endList()
    json.key("secrets")
    json.beginList()
    for secret in secrets { json.number(secret) }
    json.endList()
    time.write(to: &json)
    json.key("body")
    body.write(to: &json)
    if let finally {
      json.key("finally")
      finally.write(to: &json)
    }
    json.endObject()
  }

  init(form: Value) throws(JSONFormError) {
    var fields = try JSONFields(form, "a workflow")
    self.init(
      workflow: try fields.read("workflow", PlanAtom.name),
      parameters: try fields.read("parameters") { form throws(JSONFormError) in
        try JSONForm.elements(form, "a list of names", PlanAtom.name)
      },
      secrets: try fields.read("secrets") { form throws(JSONFormError) in
        try JSONForm.elements(form, "a list of secrets", PlanAtom.number)
      },
      time: try PlanTimeLimits(in: &fields),
      body: try fields.read("body") { form throws(JSONFormError) in try PlanScope(form: form, depth: 0) },
      finally: try fields.readIfPresent("finally") { form throws(JSONFormError) in try PlanScope(form: form, depth: 1) }
    )
    try fields.finish("workflow", "parameters", "secrets", "duration", "active", "body", "finally")
  }
}

extension JSONStream {
  fileprivate mutating func write(_ name: StaticString, _ exports: [PlanLoop.Export]) {
    key(name)
    beginList()
    for export in exports {
      beginList()
      number(export.inner)
      number(export.outer)
      endList()
    }
    endList()
  }

  fileprivate mutating func write(_ number: Int?) {
    if let number { self.number(number) } else { null() }
  }
}
