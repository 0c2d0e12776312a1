package import DxshExpressions

/// The durable form of a plan: JSON, the format's version first.
///
/// Written canonically: compact, the fields in one order, absent ones left out, so that equal plans are equal bytes
/// and a hash of the bytes names the plan.
extension Plan {
  /// The canonical bytes.
  ///
  /// What nests deeper than JSON text may (`JSONReader.depthLimit`) is written as one flat list in the field `flat`.
  package func encoded() -> [UInt8] {
    var json = JSONStream()
    write(to: &json)
    if json.depth <= JSONReader.depthLimit { return json.finished() }
    var flat = JSONStream(isFlat: true)
    write(to: &flat)
    return Array("{\"format\":\(Plan.formatVersion),\"flat\":".utf8) + flat.finished() + [0x7D]
  }

  /// Reads what `encoded()` gave. Everything is checked but the references between the parts, which `validated()`
  /// checks.
  package static func decode(_ bytes: [UInt8]) throws(PlanError) -> Plan {
    try Plan(json: try json(of: bytes))
  }

  /// The plan as JSON, nested however deep it is.
  package var json: Value {
    do {
      return try Plan.json(of: encoded())
    } catch {
      preconditionFailure("a plan has a form that cannot be read: \(error)")
    }
  }

  /// Reads what `json` gave.
  package init(json: Value) throws(PlanError) {
    do throws(JSONFormError) {
      self = try Plan(form: json)
    } catch {
      throw PlanError(error.message, path: error.path)
    }
  }

  /// The SHA-256 of `encoded()` as 64 lower-case hexadecimal digits: the plan's name in stores and runs.
  package var hash: String { SHA256Digest(of: encoded()).hexadecimal }

  private static func json(of bytes: [UInt8]) throws(PlanError) -> Value {
    let json: Value
    do throws(JSONError) {
      json = try JSONReader.read(bytes)
    } catch {
      throw PlanError("the plan is not JSON: \(error)")
    }
    guard case .map(let map) = json, map["flat"] != nil else { return json }
    do throws(JSONFormError) {
      var fields = try JSONFields(json, "a plan")
      try readVersion(&fields)
      let restored = try fields.read("flat") { form throws(JSONFormError) in
        try JSONStream.restored(JSONForm.list(form, "a list"))
      }
      try fields.finish("format", "flat")
      return restored
    } catch {
      throw PlanError(error.message, path: error.path)
    }
  }

  private func write(to json: inout JSONStream) {
    json.beginObject()
    json.key("format")
    json.number(Plan.formatVersion)
    json.key("workflow")
    json.text(workflow)
    json.key("parameters")
    json.beginList()
    for parameter in parameters { parameter.write(to: &json) }
    json.endList()
    if !secrets.isEmpty {
      json.key("secrets")
      json.beginList()
      for secret in secrets { secret.write(to: &json) }
      json.endList()
    }
    if let result {
      json.key("result")
      JSONForm.write(result, to: &json)
    }
    json.write("concurrency", concurrency)
    json.write("memory", memory.map(Int.init))
    time.write(to: &json)
    json.write("passes", passes)
    json.key("body")
    body.write(to: &json)
    if let finally {
      json.key("finally")
      finally.write(to: &json)
    }
    if !callees.isEmpty {
      json.key("callees")
      json.beginList()
      for callee in callees { callee.write(to: &json) }
      json.endList()
    }
    json.endObject()
  }

  private init(form: Value) throws(JSONFormError) {
    var fields = try JSONFields(form, "a plan")
    try Plan.readVersion(&fields)
    self.init(
      workflow: try fields.read("workflow", PlanAtom.name),
      parameters: try fields.read("parameters") { form throws(JSONFormError) in
        try JSONForm.elements(form, "a list of parameters", Parameter.init(form:))
      },
      secrets: try fields.readIfPresent("secrets") { form throws(JSONFormError) in
        try JSONForm.elements(form, "a list of secrets", Secret.init(form:))
      } ?? [],
      result: try fields.readIfPresent("result", JSONForm.type),
      concurrency: try fields.readIfPresent("concurrency", PlanAtom.number),
      memory: try fields.readIfPresent("memory", PlanAtom.number).map(Int64.init),
      time: try PlanTimeLimits(in: &fields),
      body: try fields.read("body") { form throws(JSONFormError) in try PlanScope(form: form, depth: 0) },
      finally: try fields.readIfPresent("finally") { form throws(JSONFormError) in try PlanScope(form: form, depth: 1)
      },
      callees: try fields.readIfPresent("callees") { form throws(JSONFormError) in
        try JSONForm.elements(form, "a list of workflows", PlanCallee.init(form:))
      } ?? [], passes: try fields.readIfPresent("passes", PlanAtom.number) ?? 1)
    try fields.finish(
      "format", "workflow", "parameters", "secrets", "result", "concurrency", "memory", "duration", "active", "passes",
      "body", "finally", "callees")
  }

  private static func readVersion(_ fields: inout JSONFields) throws(JSONFormError) {
    let version = try fields.read("format") { form throws(JSONFormError) in
      try JSONForm.number(form, "the number of the plan's format")
    }
    guard version == Plan.formatVersion else {
      throw JSONFormError(
        "the plan has format \(version), and this version of dxsh reads format \(Plan.formatVersion)"
      ).within(.key("format"))
    }
  }
}

extension Plan.Parameter {
  fileprivate func write(to json: inout JSONStream) {
    json.beginObject()
    json.key("name")
    json.text(name)
    json.key("type")
    JSONForm.write(type, to: &json)
    json.write("default", defaultValue)
    json.endObject()
  }

  fileprivate init(form: Value) throws(JSONFormError) {
    var fields = try JSONFields(form, "a parameter")
    self.init(
      name: try fields.read("name", PlanAtom.name), type: try fields.read("type", JSONForm.type),
      defaultValue: try fields.readIfPresent("default", JSONForm.expression))
    try fields.finish("name", "type", "default")
  }
}

extension Plan.Secret {
  fileprivate func write(to json: inout JSONStream) {
    json.beginObject()
    json.key("name")
    json.text(name)
    json.key("type")
    JSONForm.write(type, to: &json)
    json.key("source")
    json.beginList()
    switch source {
    case .environment(let variable):
      json.word("environment")
      json.text(variable)
    }
    json.endList()
    json.endObject()
  }

  fileprivate init(form: Value) throws(JSONFormError) {
    var fields = try JSONFields(form, "a secret")
    self.init(
      name: try fields.read("name", PlanAtom.name), type: try fields.read("type", JSONForm.type),
      source: try fields.read("source", Source.init(form:)))
    try fields.finish("name", "type", "source")
  }
}

extension Plan.Secret.Source {
  fileprivate init(form: Value) throws(JSONFormError) {
    let parts = try JSONForm.tuple(form, 2, "the kind and the name of a source")[...]
    let kind = try JSONForm.element(parts, 0) { form throws(JSONFormError) in
      try JSONForm.text(form, "the kind of a source")
    }
    guard kind == "environment" else { throw JSONFormError(expected: "a source of secrets", found: .text(kind)) }
    self = .environment(try JSONForm.element(parts, 1, PlanAtom.name))
  }
}

extension JSONStream {
  /// A field with an expression, unless it is absent.
  mutating func write(_ name: StaticString, _ expression: Expression?) {
    guard let expression else { return }
    key(name)
    JSONForm.write(expression, to: &self)
  }

  /// A field with a number, unless it is absent.
  mutating func write(_ name: StaticString, _ number: Int?) {
    guard let number else { return }
    key(name)
    self.number(number)
  }

  mutating func list(_ expressions: Expression...) {
    beginList()
    for expression in expressions { JSONForm.write(expression, to: &self) }
    endList()
  }
}

/// The simplest parts of a plan.
enum PlanAtom {
  static func name(_ form: Value) throws(JSONFormError) -> String { try JSONForm.text(form, "a name") }

  static func number(_ form: Value) throws(JSONFormError) -> Int { try JSONForm.number(form, "a number") }
}
