/// 10^0 … 10^38, all that an unsigned number of 128 bits holds, and how many digits a number has.
enum PowersOfTen {
  private static let powers: [UInt128] = (0..<count).map { power in (0..<power).reduce(1) { value, _ in value * 10 } }

  static let count = 39

  static subscript(power: Int) -> UInt128 { powers[power] }

  /// The number of decimal digits; 0 of zero.
  static func digits(_ number: UInt128) -> Int {
    // 1233 / 4096 is a little less than log10(2); near enough for 128 bits.
    let least = ((128 - number.leadingZeroBitCount) * 1233) >> 12
    return number >= powers[least] ? least + 1 : least
  }

  /// The number without zeros at its end, at most so many of them, and how many it lost. Zero loses as many as it may.
  static func strip(_ number: UInt128, atMost limit: Int) -> (number: UInt128, removed: Int) {
    if number == 0 { return (0, limit) }
    var (number, removed) = (number, 0)
    for step in [32, 16, 8, 4, 2, 1] where removed + step <= limit {
      let (quotient, remainder) = number.quotientAndRemainder(dividingBy: powers[step])
      if remainder == 0 { (number, removed) = (quotient, removed + step) }
    }
    return (number, removed)
  }
}
