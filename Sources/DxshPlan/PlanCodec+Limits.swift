import DxshExpressions
import DxshTime

/// `{"breaker": [name, failures, window, open, probes], "pool": [name, slots], "rate": [key, n, period, burst]}`, with
/// spans in nanoseconds, and null for the key of the node's own rate.
extension PlanCall.Limits {
  func write(to json: inout JSONStream) {
    json.beginObject()
    if let breaker {
      json.key("breaker")
      json.beginList()
      JSONForm.write(breaker.name, to: &json)
      json.number(breaker.failures)
      for span in [breaker.window, breaker.open] { json.number(Int(span.clampedNanoseconds)) }
      json.number(breaker.probes)
      json.endList()
    }
    if let pool {
      json.key("pool")
      json.beginList()
      JSONForm.write(pool.name, to: &json)
      json.number(pool.capacity)
      json.endList()
    }
    if let rate {
      json.key("rate")
      json.beginList()
      if let key = rate.key { JSONForm.write(key, to: &json) } else { json.null() }
      json.number(rate.count)
      json.number(Int(rate.period.clampedNanoseconds))
      json.number(rate.burst)
      json.endList()
    }
    json.endObject()
  }

  init(form: Value) throws(JSONFormError) {
    var fields = try JSONFields(form, "the limits of a call")
    self.init(
      breaker: try fields.readIfPresent("breaker", Breaker.init(form:)),
      pool: try fields.readIfPresent("pool", Pool.init(form:)), rate: try fields.readIfPresent("rate", Rate.init(form:))
    )
    try fields.finish("breaker", "pool", "rate")
  }

  fileprivate static func span(_ parts: ArraySlice<Value>, _ index: Int) throws(JSONFormError) -> TimeSpan {
    TimeSpan(nanoseconds: Int64(try JSONForm.element(parts, index, PlanAtom.number)))
  }
}

extension PlanCall.Limits.Breaker {
  fileprivate init(form: Value) throws(JSONFormError) {
    let parts = try JSONForm.tuple(form, 5, "a breaker's name and four numbers")[...]
    self.init(
      name: try JSONForm.element(parts, 0, JSONForm.expression),
      failures: try JSONForm.element(parts, 1, PlanAtom.number), window: try PlanCall.Limits.span(parts, 2),
      open: try PlanCall.Limits.span(parts, 3), probes: try JSONForm.element(parts, 4, PlanAtom.number))
  }
}

extension PlanCall.Limits.Pool {
  fileprivate init(form: Value) throws(JSONFormError) {
    let parts = try JSONForm.tuple(form, 2, "a pool's name and a number")[...]
    self.init(
      name: try JSONForm.element(parts, 0, JSONForm.expression),
      capacity: try JSONForm.element(parts, 1, PlanAtom.number))
  }
}

extension PlanCall.Limits.Rate {
  fileprivate init(form: Value) throws(JSONFormError) {
    let parts = try JSONForm.tuple(form, 4, "a rate's key and three numbers")[...]
    var key: Expression?
    if case .null = parts[0] { key = nil } else { key = try JSONForm.element(parts, 0, JSONForm.expression) }
    self.init(
      key: key, count: try JSONForm.element(parts, 1, PlanAtom.number), period: try PlanCall.Limits.span(parts, 2),
      burst: try JSONForm.element(parts, 3, PlanAtom.number))
  }
}
