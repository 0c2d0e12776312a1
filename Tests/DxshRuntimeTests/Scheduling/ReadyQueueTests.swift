import DxshExpressions
import DxshTestSupport
import DxshTime
import Testing

@testable import DxshRuntime

/// Which of the attempts that wait for a place goes next.
struct ReadyQueueTests {
  private func call(_ number: Int) -> StepCall {
    StepCall(
      id: StepID(instance: 0, node: number), scope: 0, arguments: [], attempt: 1, delay: .zero, timeout: .zero, basis: 0
    )
  }

  private func drained(_ queue: inout ReadyQueue) -> [Int] {
    var order: [Int] = []
    while let next = queue.popFirst() { order.append(Int(next.id.node)) }
    return order
  }

  @Test func theHighestRankGoesFirstAndOfEqualsTheFirst() {
    var queue = ReadyQueue()
    queue.insert(call(1), DispatchRank(rest: 2))
    queue.insert(call(2), DispatchRank(rest: 5))
    queue.insert(call(3), DispatchRank(rest: 5))
    queue.insert(call(4), DispatchRank(priority: 1))
    queue.insert(call(5), DispatchRank(priority: -1, rest: 9, holds: true))
    queue.insert(call(6), DispatchRank(priority: -1, rest: 9))
    #expect(queue.calls.map { Int($0.id.node) } == [1, 2, 3, 4, 5, 6])
    #expect(drained(&queue) == [5, 4, 2, 3, 1, 6])
  }

  @Test func whatIsDroppedDoesNotGo() {
    var queue = ReadyQueue()
    for number in 0..<10 { queue.insert(call(number), DispatchRank(rest: Float(number % 3))) }
    for number in [0, 8, 5] { #expect(queue.remove(call(number).id) != nil) }
    #expect(queue.remove(call(5).id) == nil)
    // Its identifier is used again.
    queue.insert(call(5), DispatchRank())
    #expect(drained(&queue) == [2, 1, 4, 7, 3, 6, 9, 5])
    #expect(queue.isEmpty && queue.popFirst() == nil)
  }

  /// However many with a higher rank keep coming.
  @Test func noneStarves() {
    var queue = ReadyQueue()
    queue.insert(call(0), DispatchRank(rest: 1))
    queue.insert(call(1), DispatchRank())
    var order: [Int] = []
    for number in 2..<1000 {
      queue.insert(call(number), DispatchRank(rest: 9))
      order.append(Int(queue.popFirst()?.id.node ?? -1))
    }
    #expect(order.firstIndex(of: 0) == ReadyQueue.patience)
    #expect(order.firstIndex(of: 1) == 2 * ReadyQueue.patience + 1)
  }

  /// A run of many steps that fails drops each of them.
  @Test func manyAreDroppedOneByOne() {
    var queue = ReadyQueue()
    let count = 200_000
    for number in 0..<count { queue.insert(call(number), DispatchRank(rest: Float(number % 7))) }
    for number in 0..<count - 1 { #expect(queue.remove(call(number).id) != nil) }
    #expect(drained(&queue) == [count - 1])
  }
}
