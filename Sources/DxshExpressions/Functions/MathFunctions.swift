/// Rounding, signs, roots and the kinds of doubles: `math.ceil math.floor math.round math.trunc math.abs math.sign
/// math.sqrt math.isNaN math.isInf math.isFinite` (CEL's math extension, version 2: cel-go, `ext/math.go`).
extension FunctionLibrary {
  static let mathOverloads: [Overload] = rounding + tests + magnitudes + signs + roots

  private static let rounding: [Overload] = [
    rounding("ceil", .up),
    rounding("floor", .down),
    // 1.5 is 2.0, -1.5 is -2.0.
    rounding("round", .toNearestOrAwayFromZero),
    rounding("trunc", .towardZero),
  ]

  private static func rounding(_ name: String, _ rule: FloatingPointRoundingRule) -> Overload {
    Overload(
      "math.\(name)", "math_\(name)_double", [.double], .double,
      .taking("math.\(name)", .double) { .double($0.rounded(rule)) })
  }

  private static let tests: [Overload] = [
    test("isNaN") { $0.isNaN },
    test("isInf") { $0.isInfinite },
    test("isFinite") { $0.isFinite },
  ]

  private static func test(_ name: String, _ holds: @escaping @Sendable (Double) -> Bool) -> Overload {
    Overload(
      "math.\(name)", "math_\(name)_double", [.double], .bool, .taking("math.\(name)", .double) { .bool(holds($0)) })
  }

  private static let magnitudes: [Overload] = [
    Overload("math.abs", "math_abs_double", [.double], .double, .taking("math.abs", .double) { .double($0.magnitude) }),
    Overload("math.abs", "math_abs_int", [.int], .int, .taking("math.abs", .int, magnitude)),
    Overload("math.abs", "math_abs_uint", [.uint], .uint, .taking("math.abs", .uint) { .uint($0) }),
  ]

  private static func magnitude(_ number: Int64) throws(EvaluationError) -> Value {
    guard number != .min else { throw EvaluationError(.arithmetic, "math.abs(\(number)) overflows") }
    return .int(abs(number))
  }

  private static let signs: [Overload] = [
    Overload("math.sign", "math_sign_double", [.double], .double, .taking("math.sign", .double) { .double(sign($0)) }),
    Overload("math.sign", "math_sign_int", [.int], .int, .taking("math.sign", .int) { .int($0.signum()) }),
    Overload("math.sign", "math_sign_uint", [.uint], .uint, .taking("math.sign", .uint) { .uint($0 == 0 ? 0 : 1) }),
  ]

  /// NaN of NaN; 0.0 of both zeros.
  private static func sign(_ number: Double) -> Double {
    number.isNaN ? number : number > 0 ? 1 : number < 0 ? -1 : 0
  }

  /// NaN of a number below zero.
  private static let roots: [Overload] = [
    Overload("math.sqrt", "math_sqrt_double", [.double], .double, .taking("math.sqrt", .double) { root($0) }),
    Overload("math.sqrt", "math_sqrt_int", [.int], .double, .taking("math.sqrt", .int) { root(Double($0)) }),
    Overload("math.sqrt", "math_sqrt_uint", [.uint], .double, .taking("math.sqrt", .uint) { root(Double($0)) }),
  ]

  private static func root(_ number: Double) -> Value { .double(number.squareRoot()) }
}
