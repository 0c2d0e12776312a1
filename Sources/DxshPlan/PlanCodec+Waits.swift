import DxshExpressions

/// The durable form of waits.
extension PlanWait {
  func write(to json: inout JSONStream) {
    json.beginObject()
    json.key("for")
    json.beginList()
    for alternative in alternatives { alternative.write(to: &json) }
    json.endList()
    json.write("timeout", timeout)
    json.write("slot", slot)
    json.endObject()
  }

  init(form: Value) throws(JSONFormError) {
    var fields = try JSONFields(form, "a wait")
    self.init(
      alternatives: try fields.read("for") { form throws(JSONFormError) in
        try JSONForm.elements(form, "a list of alternatives", Alternative.init(form:))
      },
      timeout: try fields.readIfPresent("timeout", JSONForm.expression),
      slot: try fields.readIfPresent("slot", PlanAtom.number))
    try fields.finish("for", "timeout", "slot")
  }
}

extension PlanWait.Alternative {
  fileprivate func write(to json: inout JSONStream) {
    json.beginObject()
    if let name {
      json.key("name")
      json.text(name)
    }
    switch source {
    case .delay(let span): json.write("delay", span)
    case .until(let time): json.write("until", time)
    case .signal(let name, let key, let type):
      json.write("signal", name)
      json.write("key", key)
      json.key("type")
      JSONForm.write(type, to: &json)
    }
    json.endObject()
  }

  fileprivate init(form: Value) throws(JSONFormError) {
    var fields = try JSONFields(form, "an alternative of a wait")
    let name = try fields.readIfPresent("name", PlanAtom.name)
    if let span = try fields.readIfPresent("delay", JSONForm.expression) {
      self.init(name: name, source: .delay(span))
      try fields.finish("name", "delay")
    } else if let time = try fields.readIfPresent("until", JSONForm.expression) {
      self.init(name: name, source: .until(time))
      try fields.finish("name", "until")
    } else {
      self.init(
        name: name,
        source: .signal(
          name: try fields.read("signal", JSONForm.expression),
          key: try fields.readIfPresent("key", JSONForm.expression), try fields.read("type", JSONForm.type)))
      try fields.finish("name", "signal", "key", "type")
    }
  }
}
