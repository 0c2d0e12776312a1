/// Random choices that are the same in every run of a seed (xorshift64*, G. Marsaglia and S. Vigna).
package struct Dice: RandomNumberGenerator {
  private var state: UInt64

  package init(_ seed: UInt64) {
    // Seeds that are close by are spread; the state is never 0.
    state = (seed &+ 1) &* 0x9E37_79B9_7F4A_7C15 | 1
    for _ in 0..<4 { _ = next() }
  }

  package mutating func next() -> UInt64 {
    state ^= state >> 12
    state ^= state << 25
    state ^= state >> 27
    return state &* 0x2545_F491_4F6C_DD1D
  }

  /// From 0 to below the number of sides.
  mutating func roll(_ sides: Int) -> Int { Int.random(in: 0..<sides, using: &self) }

  /// True once in so many times.
  mutating func once(in times: Int) -> Bool { roll(times) == 0 }

  mutating func pick<Element>(_ elements: [Element]) -> Element { elements[roll(elements.count)] }
}
