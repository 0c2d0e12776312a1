import DxshTime

/// Functions whose last argument names a time zone. A zone that is constant is looked up once; one that does not exist
/// fails.
extension Overload {
  /// A function of an instant in a zone.
  convenience init(
    _ name: String, _ id: String, _ style: Style, _ result: Type, in dialects: Dialects,
    zoned apply: @escaping @Sendable (Timestamp, TimeZone) throws(EvaluationError) -> Value
  ) {
    self.init(
      name, id, style, [.timestamp, .string], result, partial: true, in: dialects,
      .taking(name, .timestamp, .string) { (instant, zone) throws(EvaluationError) in
        try apply(instant, try TimeZone(named: zone))
      },
      prepare: { arguments throws(EvaluationError) in
        guard case .string(let zoneName)?? = arguments.last else { return nil }
        let zone = try TimeZone(named: zoneName)
        return .taking(name, .timestamp, .string) { (instant, _) throws(EvaluationError) in try apply(instant, zone) }
      })
  }

  /// A function of an instant and a number in a zone.
  convenience init(
    _ name: String, _ id: String, _ result: Type, in dialects: Dialects,
    zonedByNumber apply: @escaping @Sendable (Timestamp, Int64, TimeZone) throws(EvaluationError) -> Value
  ) {
    self.init(
      name, id, [.timestamp, .int, .string], result, partial: true, in: dialects,
      .taking(name, .timestamp, .int, .string) { (instant, number, zone) throws(EvaluationError) in
        try apply(instant, number, try TimeZone(named: zone))
      },
      prepare: { arguments throws(EvaluationError) in
        guard case .string(let zoneName)?? = arguments.last else { return nil }
        let zone = try TimeZone(named: zoneName)
        return .taking(name, .timestamp, .int, .string) { (instant, number, _) throws(EvaluationError) in
          try apply(instant, number, zone)
        }
      })
  }
}

extension TimeZone {
  fileprivate init(named name: Text) throws(EvaluationError) {
    do {
      try self.init(name.string)
    } catch {
      let shown = Value.string(name).summary
      let reason =
        switch error {
        case .malformedName, .unknown: "there is no time zone \(shown)"
        case .noDatabase(let path): "there is no time zone \(shown), since there is no database at \(path)"
        case .unreadable(let path): "the time zone \(shown) cannot be read from \(path)"
        }
      throw EvaluationError(.decode, reason)
    }
  }
}
