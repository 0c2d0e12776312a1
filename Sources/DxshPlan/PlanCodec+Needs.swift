import DxshExpressions

/// `{"cpu": e, "memory": e, "time": e, "priority": n}`; what is not said is left out.
extension PlanCall.Needs {
  func write(to json: inout JSONStream) {
    json.beginObject()
    json.write("cpu", cpu)
    json.write("memory", memory)
    json.write("time", time)
    json.write("priority", priority == 0 ? nil : priority)
    json.endObject()
  }

  init(form: Value) throws(JSONFormError) {
    var fields = try JSONFields(form, "the needs of a call")
    self.init(
      cpu: try fields.readIfPresent("cpu", JSONForm.expression),
      memory: try fields.readIfPresent("memory", JSONForm.expression),
      time: try fields.readIfPresent("time", JSONForm.expression),
      priority: try fields.readIfPresent("priority", PlanAtom.number) ?? 0)
    try fields.finish("cpu", "memory", "time", "priority")
  }
}
