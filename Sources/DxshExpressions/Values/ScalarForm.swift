import DxshTime

/// What values of a type without parts look like when they arrive.
enum ScalarForm: Sendable {
  case bool, int, uint, double, string, bytes, timestamp, duration, size, decimal, money, null, never

  enum Reading {
    case conforms
    case becomes(Value)
    case mismatch

    init(_ converted: Value?) {
      self = converted.map(Reading.becomes) ?? .mismatch
    }
  }

  func reading(_ value: Value) -> Reading {
    switch (self, value) {
    case (.bool, .bool), (.int, .int), (.uint, .uint), (.double, .double), (.string, .string), (.bytes, .bytes),
      (.timestamp, .timestamp), (.duration, .duration), (.size, .size), (.null, .null):
      return .conforms
    case (.decimal, .boxed(let box)): return box.isDecimal ? .conforms : .mismatch
    case (.money, .boxed(let box)): return box.isMoney ? .conforms : .mismatch
    case (.int, .uint(let number)): return Reading(Int64(exactly: number).map(Value.int))
    case (.uint, .int(let number)): return Reading(UInt64(exactly: number).map(Value.uint))
    case (.double, .int(let number)): return Reading(Double(exactly: number).map(Value.double))
    case (.double, .uint(let number)): return Reading(Double(exactly: number).map(Value.double))
    case (.size, .int(let number)): return .becomes(.size(number))
    case (.bytes, .string(let text)): return Reading(Base64.decode(text.utf8).map(Value.bytes))
    case (.timestamp, .string(let text)): return Reading(Timestamp(text: text.string).map(Value.timestamp))
    case (.duration, .string(let text)): return Reading(TimeSpan(text: text.string).map(Value.duration))
    case (.size, .string(let text)): return Reading(SizeText.parse(text.string).map(Value.size))
    default: return .mismatch
    }
  }
}
