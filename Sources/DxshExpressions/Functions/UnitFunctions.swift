import DxshTime

/// Operators and constructors of durations and sizes that CEL does not have (rule 29): `int * duration`,
/// `duration / duration`, `int * size`, `-size`, `size.bytes`, `size.parse`.
extension FunctionLibrary {
  static let unitOverloads: [Overload] = [
    Overload(
      "_*_", "multiply_int64_duration", [.int, .duration], .duration, in: .dxsh,
      .taking("*", .int, .duration) { (factor, span) throws(EvaluationError) in
        guard let product = span.multiplied(by: factor) else {
          throw EvaluationError(.arithmetic, "\(factor) * \(Value.duration(span).summary) overflows")
        }
        return .duration(product)
      }),
    // By no time at all the result is infinite, or NaN.
    Overload(
      "_/_", "divide_duration_duration", [.duration, .duration], .double, in: .dxsh,
      .taking("/", .duration, .duration) { .double(nanoseconds($0) / nanoseconds($1)) }),
    Overload(
      "_*_", "multiply_int64_size", [.int, .size], .size, in: .dxsh,
      .taking("*", .int, .size) { (factor, size) throws(EvaluationError) in
        let (product, overflow) = factor.multipliedReportingOverflow(by: size)
        if overflow { throw EvaluationError(.arithmetic, "\(factor) * \(Value.size(size).summary) overflows") }
        return .size(product)
      }),
    Overload(
      "-_", "negate_size", [.size], .size, in: .dxsh,
      .taking("-_", .size) { size throws(EvaluationError) in
        if size == .min { throw EvaluationError(.arithmetic, "-(\(SizeText.format(size))) overflows") }
        return .size(-size)
      }),
    Overload("size.bytes", "size_bytes_int64", [.int], .size, in: .dxsh, .taking("size.bytes", .int) { .size($0) }),
    Overload(
      "size.parse", "size_parse", [.string], .size, partial: true, in: .dxsh,
      .taking("size.parse", .string) { text throws(EvaluationError) in
        .size(try parsed(text, as: "size", SizeText.parse(text.string)))
      }),
  ]

  private static func nanoseconds(_ span: TimeSpan) -> Double {
    Double(Int128(span.seconds) * 1_000_000_000 + Int128(span.nanoseconds))
  }
}
