import DxshExpressions

/// Calls with their policies, and loops.
extension PlanCall {
  func write(to json: inout JSONStream) {
    json.beginObject()
    json.key("node")
    json.text(node)
    json.key("effect")
    json.text(effect.rawValue)
    json.key("arguments")
    json.beginList()
    for argument in arguments {
      json.beginList()
      json.text(argument.name)
      JSONForm.write(argument.value, to: &json)
      json.endList()
    }
    json.endList()
    json.key("result")
    JSONForm.write(result, to: &json)
    json.write("slot", slot)
    json.write("timeout", timeout)
    if let retry {
      json.key("retry")
      retry.write(to: &json)
    }
    json.write("deadline", deadline)
    json.write("start_by", startBy)
    json.write("heartbeat", heartbeat)
    if let poll {
      json.key("poll")
      poll.write(to: &json)
    }
    if let cache {
      json.key("cache")
      cache.write(to: &json)
    }
    fallback?.write(to: &json)
    if let limits {
      json.key("limits")
      limits.write(to: &json)
    }
    if let needs {
      json.key("needs")
      needs.write(to: &json)
    }
    if let onInterrupt {
      json.key("on_interrupt")
      onInterrupt.write(to: &json)
    }
    if case .call(let compensation)? = compensation {
      json.key("compensate")
      compensation.write(to: &json)
    }
    json.endObject()
  }

  init(form: Value) throws(JSONFormError) {
    var fields = try JSONFields(form, "a call")
    self.init(
      node: try fields.read("node", PlanAtom.name),
      effect: try fields.read("effect") { form throws(JSONFormError) in
        guard let effect = Effect(rawValue: try PlanAtom.name(form)) else {
          throw JSONFormError(expected: "an effect", found: form)
        }
        return effect
      },
      arguments: try fields.read("arguments") { form throws(JSONFormError) in
        try JSONForm.elements(form, "a list of arguments", Argument.init(form:))
      },
      result: try fields.read("result", JSONForm.type), slot: try fields.readIfPresent("slot", PlanAtom.number),
      timeout: try fields.read("timeout", JSONForm.expression),
      retry: try fields.readIfPresent("retry", Retry.init(form:)),
      deadline: try fields.readIfPresent("deadline", JSONForm.expression),
      startBy: try fields.readIfPresent("start_by", JSONForm.expression),
      heartbeat: try fields.readIfPresent("heartbeat", JSONForm.expression),
      poll: try fields.readIfPresent("poll", Poll.init(form:)),
      cache: try fields.readIfPresent("cache", Cache.init(form:)),
      fallback: try fields.readIfPresent("fallback", Fallback.init(form:)),
      limits: try fields.readIfPresent("limits", Limits.init(form:)),
      needs: try fields.readIfPresent("needs", Needs.init(form:)),
      onInterrupt: try fields.readIfPresent("on_interrupt", Interruption.init(form:)),
      compensation: try fields.readIfPresent("compensate") { form throws(JSONFormError) in
        .call(try PlanCall(form: form))
      })
    try fields.finish(
      "node", "effect", "arguments", "result", "slot", "timeout", "retry", "deadline", "start_by", "heartbeat", "poll",
      "cache", "fallback", "limits", "needs", "on_interrupt", "compensate")
  }
}

extension PlanCall.Poll {
  fileprivate func write(to json: inout JSONStream) {
    json.beginObject()
    json.write("every", every)
    json.write("slot", slot)
    json.write("until", condition)
    json.write("max", maximum)
    json.endObject()
  }

  fileprivate init(form: Value) throws(JSONFormError) {
    var fields = try JSONFields(form, "a poll")
    self.init(
      every: try fields.read("every", JSONForm.expression), slot: try fields.read("slot", PlanAtom.number),
      condition: try fields.read("until", JSONForm.expression),
      maximum: try fields.readIfPresent("max", JSONForm.expression))
    try fields.finish("every", "slot", "until", "max")
  }
}

extension PlanCall.Cache {
  fileprivate func write(to json: inout JSONStream) {
    json.beginObject()
    json.write("ttl", lifetime)
    json.write("key", key)
    json.endObject()
  }

  fileprivate init(form: Value) throws(JSONFormError) {
    var fields = try JSONFields(form, "a cache")
    self.init(
      lifetime: try fields.read("ttl", JSONForm.expression), key: try fields.readIfPresent("key", JSONForm.expression))
    try fields.finish("ttl", "key")
  }
}

extension PlanCall.Fallback {
  func write(to json: inout JSONStream) {
    json.key("fallback")
    json.beginList()
    json.number(slot)
    JSONForm.write(value, to: &json)
    json.endList()
  }

  init(form: Value) throws(JSONFormError) {
    let parts = try JSONForm.tuple(form, 2, "a slot and an expression")[...]
    self.init(
      slot: try JSONForm.element(parts, 0, PlanAtom.number), value: try JSONForm.element(parts, 1, JSONForm.expression))
  }
}

/// `["retry"]`, `["fail"]`, `["verify", call]`
extension PlanCall.Interruption {
  fileprivate func write(to json: inout JSONStream) {
    json.beginList()
    switch self {
    case .retry: json.word("retry")
    case .fail: json.word("fail")
    case .verify(let call):
      json.word("verify")
      call.write(to: &json)
    }
    json.endList()
  }

  fileprivate init(form: Value) throws(JSONFormError) {
    let list = try JSONForm.list(form, "what is done about an interruption")
    guard case .string(let word)? = list.first else {
      throw JSONFormError(expected: "what is done about an interruption", found: form)
    }
    switch (word.string, list.count) {
    case ("retry", 1): self = .retry
    case ("fail", 1): self = .fail
    case ("verify", 2):
      self = .verify(
        try JSONForm.element(list[...], 1) { form throws(JSONFormError) in try PlanCall(form: form) })
    default: throw JSONFormError(expected: "what is done about an interruption", found: .string(word))
    }
  }
}

extension PlanCall.Argument {
  fileprivate init(form: Value) throws(JSONFormError) {
    let parts = try JSONForm.tuple(form, 2, "a name and an expression")[...]
    self.init(
      name: try JSONForm.element(parts, 0, PlanAtom.name),
      value: try JSONForm.element(parts, 1, JSONForm.expression))
  }
}

extension PlanCall.Retry {
  func write(to json: inout JSONStream) {
    json.beginObject()
    json.write("attempts", attempts)
    if let backoff {
      json.key("backoff")
      backoff.write(to: &json)
    }
    json.write("jitter", jitter)
    if let only {
      json.key("only")
      json.beginList()
      for kind in only { json.text(kind) }
      json.endList()
    }
    if let unless {
      json.key("unless")
      json.beginList()
      json.number(unless.slot)
      JSONForm.write(unless.condition, to: &json)
      json.endList()
    }
    json.write("budget", budget)
    json.endObject()
  }

  init(form: Value) throws(JSONFormError) {
    var fields = try JSONFields(form, "a retry policy")
    self.init(
      attempts: try fields.read("attempts", JSONForm.expression),
      backoff: try fields.readIfPresent("backoff", Backoff.init(form:)),
      jitter: try fields.readIfPresent("jitter", JSONForm.expression),
      only: try fields.readIfPresent("only") { form throws(JSONFormError) in
        try JSONForm.elements(form, "a list of kinds of errors", PlanAtom.name)
      },
      unless: try fields.readIfPresent("unless", Exception.init(form:)),
      budget: try fields.readIfPresent("budget", JSONForm.expression))
    try fields.finish("attempts", "backoff", "jitter", "only", "unless", "budget")
  }
}

extension PlanCall.Retry.Exception {
  fileprivate init(form: Value) throws(JSONFormError) {
    let parts = try JSONForm.tuple(form, 2, "a slot and a condition")[...]
    self.init(
      slot: try JSONForm.element(parts, 0, PlanAtom.number),
      condition: try JSONForm.element(parts, 1, JSONForm.expression))
  }
}

/// `["fixed", e]`, `["linear", e]`, `["exponential", e, max or null, factor or null]`
extension PlanCall.Retry.Backoff {
  fileprivate func write(to json: inout JSONStream) {
    json.beginList()
    switch self {
    case .fixed(let delay):
      json.word("fixed")
      JSONForm.write(delay, to: &json)
    case .linear(let delay):
      json.word("linear")
      JSONForm.write(delay, to: &json)
    case .exponential(let delay, let max, let factor):
      json.word("exponential")
      JSONForm.write(delay, to: &json)
      for part in [max, factor] {
        if let part { JSONForm.write(part, to: &json) } else { json.null() }
      }
    }
    json.endList()
  }

  fileprivate init(form: Value) throws(JSONFormError) {
    let list = try JSONForm.list(form, "a backoff")
    guard case .string(let word)? = list.first else { throw JSONFormError(expected: "a backoff", found: form) }
    func part(_ index: Int) throws(JSONFormError) -> Expression {
      try JSONForm.element(list[...], index, JSONForm.expression)
    }
    func partIfPresent(_ index: Int) throws(JSONFormError) -> Expression? {
      if case .null = list[index] { nil } else { try part(index) }
    }
    switch (word.string, list.count) {
    case ("fixed", 2): self = .fixed(try part(1))
    case ("linear", 2): self = .linear(try part(1))
    case ("exponential", 4):
      self = .exponential(try part(1), max: try partIfPresent(2), factor: try partIfPresent(3))
    default: throw JSONFormError(expected: "a backoff", found: .string(word))
    }
  }
}

extension PlanLoop {
  func write(to json: inout JSONStream) {
    json.beginObject()
    json.write("in", sequence)
    json.write("index", indexSlot)
    json.write("element", elementSlot)
    json.write("parallel", parallel)
    json.key("on_error")
    json.text(onError.rawValue)
    json.write("first", first)
    json.write("collect", collectSlot)
    json.key("exports")
    json.beginList()
    for export in exports {
      json.beginList()
      json.number(export.inner)
      json.number(export.outer)
      json.endList()
    }
    json.endList()
    json.key("body")
    body.write(to: &json)
    json.endObject()
  }

  /// `depth` is that of the scope in which the loop stands.
  init(form: Value, depth: Int) throws(JSONFormError) {
    var fields = try JSONFields(form, "a loop")
    self.init(
      sequence: try fields.read("in", JSONForm.expression),
      indexSlot: try fields.readIfPresent("index", PlanAtom.number),
      elementSlot: try fields.read("element", PlanAtom.number),
      parallel: try fields.readIfPresent("parallel", JSONForm.expression),
      onError: try fields.read("on_error") { form throws(JSONFormError) in
        guard let onError = OnError(rawValue: try PlanAtom.name(form)) else {
          throw JSONFormError(expected: "stop or skip", found: form)
        }
        return onError
      },
      first: try fields.readIfPresent("first", JSONForm.expression),
      collectSlot: try fields.readIfPresent("collect", PlanAtom.number),
      exports: try fields.read("exports") { form throws(JSONFormError) in
        try JSONForm.elements(form, "a list of exports", Export.init(form:))
      },
      body: try fields.read("body") { form throws(JSONFormError) in try PlanScope(form: form, depth: depth + 1) })
    try fields.finish("in", "index", "element", "parallel", "on_error", "first", "collect", "exports", "body")
  }
}

extension PlanLoop.Export {
  init(form: Value) throws(JSONFormError) {
    let parts = try JSONForm.tuple(form, 2, "an inner and an outer slot")[...]
    self.init(
      inner: try JSONForm.element(parts, 0, PlanAtom.number), outer: try JSONForm.element(parts, 1, PlanAtom.number))
  }
}
