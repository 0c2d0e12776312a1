import DxshExpressions
import Testing

@Suite struct ValueLayoutTests {
  /// A list of values is flat memory, two machine words each.
  @Test func aValueIsAtMostSixteenBytes() {
    #expect(MemoryLayout<Value>.size <= 16)
    #expect(MemoryLayout<Value>.stride <= 16)
    #expect(MemoryLayout<Value?>.stride <= 16)
  }
}
