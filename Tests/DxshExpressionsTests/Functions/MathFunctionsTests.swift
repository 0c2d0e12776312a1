import DxshExpressions
import Testing

@Suite struct MathFunctionsTests {
  @Test(arguments: [
    CallCase("math_ceil_double", .double(1.2), gives: .double(2)),
    CallCase("math_ceil_double", .double(-0.5), gives: .double(-0.0)),
    CallCase("math_floor_double", .double(-1.2), gives: .double(-2)),
    CallCase("math_round_double", .double(0.5), gives: .double(1)),
    CallCase("math_round_double", .double(-0.5), gives: .double(-1)),
    CallCase("math_round_double", .double(2.5), gives: .double(3)),
    CallCase("math_round_double", .double(0.49999999999999994), gives: .double(0)),
    CallCase("math_round_double", .double(.nan), gives: .double(.nan)),
    CallCase("math_round_double", .double(-.infinity), gives: .double(-.infinity)),
    CallCase("math_trunc_double", .double(-1.9), gives: .double(-1)),
    CallCase("math_trunc_double", .double(1e300), gives: .double(1e300)),
    CallCase(failing: "math_ceil_double", .int(1)),
    CallCase(failing: "math_trunc_double", .uint(1)),
  ])
  func rounding(_ call: CallCase) { call.check() }

  @Test(arguments: [
    CallCase("math_abs_int", .int(-11), gives: .int(11)),
    CallCase("math_abs_int", .int(.max), gives: .int(.max)),
    CallCase("math_abs_int", .int(-.max), gives: .int(.max)),
    CallCase(failing: "math_abs_int", .int(.min)),
    CallCase("math_abs_uint", .uint(.max), gives: .uint(.max)),
    CallCase("math_abs_double", .double(-0.0), gives: .double(0)),
    CallCase("math_abs_double", .double(-.infinity), gives: .double(.infinity)),
    CallCase("math_sign_int", .int(.min), gives: .int(-1)),
    CallCase("math_sign_int", .int(0), gives: .int(0)),
    CallCase("math_sign_uint", .uint(.max), gives: .uint(1)),
    CallCase("math_sign_uint", .uint(0), gives: .uint(0)),
    CallCase("math_sign_double", .double(-0.0), gives: .double(0)),
    CallCase("math_sign_double", .double(-Double.leastNonzeroMagnitude), gives: .double(-1)),
    CallCase("math_sign_double", .double(.nan), gives: .double(.nan)),
    CallCase("math_sqrt_int", .int(81), gives: .double(9)),
    CallCase("math_sqrt_int", .int(-15), gives: .double(.nan)),
    CallCase("math_sqrt_uint", .uint(.max), gives: .double(4_294_967_296)),
    CallCase("math_sqrt_double", .double(-0.0), gives: .double(-0.0)),
    CallCase("math_sqrt_double", .double(985.25), gives: .double(31.388692231439016)),
  ])
  func magnitudesSignsAndRoots(_ call: CallCase) { call.check() }

  @Test(arguments: [
    (Double.nan, true, false, false), (.infinity, false, true, false), (-.infinity, false, true, false),
    (0, false, false, true), (.greatestFiniteMagnitude, false, false, true),
  ])
  func kindsOfDoubles(number: Double, isNaN: Bool, isInfinite: Bool, isFinite: Bool) {
    CallCase("math_isNaN_double", .double(number), gives: .bool(isNaN)).check()
    CallCase("math_isInf_double", .double(number), gives: .bool(isInfinite)).check()
    CallCase("math_isFinite_double", .double(number), gives: .bool(isFinite)).check()
  }

  @Test(arguments: [
    CallCase("math_bitAnd_int_int", .int(-3), .int(-5), gives: .int(-7)),
    CallCase("math_bitAnd_uint_uint", .uint(1), .uint(3), gives: .uint(1)),
    CallCase("math_bitOr_int_int", .int(-2), .int(-4), gives: .int(-2)),
    CallCase("math_bitXor_int_int", .int(4), .int(-2), gives: .int(-6)),
    CallCase("math_bitXor_uint_uint", .uint(3), .uint(5), gives: .uint(6)),
    CallCase("math_bitNot_int_int", .int(.max), gives: .int(.min)),
    CallCase("math_bitNot_uint_uint", .uint(0), gives: .uint(.max)),
    CallCase(failing: "math_bitAnd_uint_uint", .uint(2), .text("")),
    CallCase("math_bitShiftLeft_int_int", .int(-1), .int(2), gives: .int(-4)),
    CallCase("math_bitShiftLeft_int_int", .int(1), .int(63), gives: .int(.min)),
    CallCase("math_bitShiftLeft_int_int", .int(-1), .int(64), gives: .int(0)),
    CallCase("math_bitShiftLeft_uint_int", .uint(1), .int(.max), gives: .uint(0)),
    CallCase(failing: "math_bitShiftLeft_int_int", .int(1), .int(-1)),
    CallCase("math_bitShiftRight_int_int", .int(-1024), .int(3), gives: .int(2_305_843_009_213_693_824)),
    CallCase("math_bitShiftRight_int_int", .int(-1), .int(0), gives: .int(-1)),
    CallCase("math_bitShiftRight_int_int", .int(-1024), .int(64), gives: .int(0)),
    CallCase("math_bitShiftRight_uint_int", .uint(.max), .int(63), gives: .uint(1)),
    CallCase(failing: "math_bitShiftRight_uint_int", .uint(1), .int(.min)),
  ])
  func bits(_ call: CallCase) { call.check() }

  @Test(arguments: [
    CallCase("math_@max_int", .int(3), gives: .int(3)),
    CallCase(failing: "math_@max_int", .text("3")),
    CallCase("math_@max_int_int", .int(.min), .int(.max), gives: .int(.max)),
    CallCase("math_@min_int_uint", .int(-1), .uint(.max), gives: .int(-1)),
    CallCase("math_@max_int_uint", .int(.max), .uint(UInt64(Int64.max) + 1), gives: .uint(UInt64(Int64.max) + 1)),
    // 2^53 + 1 has no double, and is compared as 2^53.
    CallCase("math_@max_double_int", .double(0x1p53), .int(1 << 53 + 1), gives: .double(0x1p53)),
    CallCase("math_@max_int_double", .int(1), .double(1), gives: .int(1)),
    CallCase("math_@max_double_int", .double(1), .int(1), gives: .double(1)),
    CallCase("math_@max_double_double", .double(.nan), .double(1), gives: .double(.nan)),
    CallCase("math_@max_double_double", .double(1), .double(.nan), gives: .double(1)),
    CallCase(failing: "math_@max_double_double", .double(1), .int(1)),
    CallCase("math_@min_list_int", .ints(3, -7, 3), gives: .int(-7)),
    CallCase("math_@max_list_uint", .list([.uint(1), .uint(9)]), gives: .uint(9)),
    CallCase("math_@min_list_double", .list([.double(1), .double(-.infinity)]), gives: .double(-.infinity)),
    CallCase("math_@max_list_dyn", .list([.double(5.4), .uint(10), .int(10), .double(-5)]), gives: .uint(10)),
    CallCase(failing: "math_@max_list_int", .list([.int(1), .double(2)])),
    CallCase(failing: "math_@max_list_dyn", .list([.int(1), .text("2")])),
    CallCase(failing: "math_@max_list_dyn", .list([.text("2")])),
    CallCase(failing: "math_@max_list_dyn", .list([])),
    CallCase(failing: "math_@min_list_double", .list([])),
  ])
  func extrema(_ call: CallCase) { call.check() }
}
