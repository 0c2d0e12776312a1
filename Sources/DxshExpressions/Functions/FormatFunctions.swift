/// `format` (the strings extension of CEL in version 4; cel-spec, `doc/extensions/strings.md`).
extension FunctionLibrary {
  static let formatOverloads: [Overload] = [
    Overload(
      "format", "string_format", .member, [.string, .list(.dyn)], .string, partial: true,
      .metered(count: 2) { (arguments, meter) throws(EvaluationError) in
        guard case .string(let format) = arguments[0] else {
          throw EvaluationError.noOverload("format", arguments[0], arguments[1])
        }
        try meter.charge(moving: format.utf8.count)
        return try Self.format(FormatPiece.parse(format), arguments, &meter)
      },
      prepare: { arguments throws(EvaluationError) in
        guard arguments.count == 2, case .string(let format)? = arguments[0] else { return nil }
        let pieces = try FormatPiece.parse(format)
        return .metered(count: 2) { (arguments, meter) throws(EvaluationError) in
          try Self.format(pieces, arguments, &meter)
        }
      })
  ]

  private static func format(
    _ pieces: [FormatPiece], _ arguments: [Value], _ meter: inout Meter
  ) throws(EvaluationError) -> Value {
    guard case .list(let values) = arguments[1] else {
      throw EvaluationError.noOverload("format", arguments[0], arguments[1])
    }
    var text = FormattedText()
    var next = 0
    for piece in pieces {
      switch piece {
      case .literal(let bytes): try text.append(bytes, &meter)
      case .argument(let conversion, let precision):
        guard next < values.count else {
          throw EvaluationError(.decode, "the format has more clauses than the \(values.count) arguments")
        }
        try text.append(values[next], as: conversion, precision: precision, &meter)
        next += 1
      }
    }
    return text.value
  }
}
