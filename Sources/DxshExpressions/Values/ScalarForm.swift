import DxshTime

/// What values of a type without parts look like when they arrive.
enum ScalarForm: Sendable {
  case bool, int, uint, double, string, bytes, timestamp, duration, size, decimal, money, file, null, never

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
    case (.decimal, .boxed(let box)) where box.isDecimal: return .conforms
    case (.money, .boxed(let box)) where box.isMoney: return .conforms
    case (.file, .boxed(let box)) where box.isFile: return .conforms
    case (_, .boxed(let box)): return reading(box)
    case (.decimal, _): return Reading(Decimal(reading: value).map { .box(.decimal($0)) })
    case (.money, .string(let text)): return Reading(Money(utf8: text.utf8).map { .box(.money($0)) })
    case (.money, _): return Reading(Money(fields: value).map { .box(.money($0)) })
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

  /// A decimal is what JSON's numbers that no double holds are read as: it becomes the nearest double, and without a
  /// point a whole number in range.
  private func reading(_ box: BoxedValue) -> Reading {
    guard case .decimal(let number) = box.content else { return .mismatch }
    switch self {
    case .double: return .becomes(.double(number.double))
    case .int: return Reading(number.scale == 0 ? number.wholePart.map(Value.int) : nil)
    case .uint:
      let isWhole = number.scale == 0 && !number.isNegative
      return Reading(isWhole ? UInt64(exactly: number.coefficient).map(Value.uint) : nil)
    case .bool, .string, .bytes, .timestamp, .duration, .size, .decimal, .money, .file, .null, .never:
      return .mismatch
    }
  }
}
