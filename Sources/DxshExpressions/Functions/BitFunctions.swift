/// `math.bitAnd math.bitOr math.bitXor math.bitNot math.bitShiftLeft math.bitShiftRight` on the two's complement of 64
/// bits (CEL's math extension: cel-go, `ext/math.go`).
extension FunctionLibrary {
  static let bitOverloads: [Overload] =
    pairs("bitAnd", { $0 & $1 }, { $0 & $1 })
    + pairs("bitOr", { $0 | $1 }, { $0 | $1 })
    + pairs("bitXor", { $0 ^ $1 }, { $0 ^ $1 })
    + [
      Overload("math.bitNot", "math_bitNot_int_int", [.int], .int, .taking("math.bitNot", .int) { .int(~$0) }),
      Overload("math.bitNot", "math_bitNot_uint_uint", [.uint], .uint, .taking("math.bitNot", .uint) { .uint(~$0) }),
    ]
    + shifts("bitShiftLeft") { $0 << $1 }
    // What moves in from the left is 0, for an int below zero too.
    + shifts("bitShiftRight") { $0 >> $1 }

  private static func pairs(
    _ name: String, _ ints: @escaping @Sendable (Int64, Int64) -> Int64,
    _ uints: @escaping @Sendable (UInt64, UInt64) -> UInt64
  ) -> [Overload] {
    [
      Overload(
        "math.\(name)", "math_\(name)_int_int", [.int, .int], .int,
        .taking("math.\(name)", .int, .int) { .int(ints($0, $1)) }),
      Overload(
        "math.\(name)", "math_\(name)_uint_uint", [.uint, .uint], .uint,
        .taking("math.\(name)", .uint, .uint) { .uint(uints($0, $1)) }),
    ]
  }

  /// Shifts by 64 and more leave 0; by less than 0 they fail.
  private static func shifts(
    _ name: String, _ shift: @escaping @Sendable (UInt64, Int64) -> UInt64
  ) -> [Overload] {
    let name = "math.\(name)"
    let id = name.replacing(".", with: "_")
    return [
      Overload(
        name, "\(id)_int_int", [.int, .int], .int, partial: true,
        .taking(name, .int, .int) { (number, bits) throws(EvaluationError) in
          try checkShift(name, bits)
          return .int(Int64(bitPattern: shift(UInt64(bitPattern: number), bits)))
        }),
      Overload(
        name, "\(id)_uint_int", [.uint, .int], .uint, partial: true,
        .taking(name, .uint, .int) { (number, bits) throws(EvaluationError) in
          try checkShift(name, bits)
          return .uint(shift(number, bits))
        }),
    ]
  }

  private static func checkShift(_ name: String, _ bits: Int64) throws(EvaluationError) {
    guard bits >= 0 else { throw EvaluationError(.arithmetic, "`\(name)` shifts by \(bits), which is less than 0") }
  }
}
