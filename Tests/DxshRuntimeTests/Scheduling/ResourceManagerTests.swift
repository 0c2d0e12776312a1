import DxshTestSupport
import Synchronization
import Testing

@testable import DxshRuntime

/// What the resource manager gives to whom.
struct ResourceManagerTests {
  private static let patience = ResourceManager.patience

  /// Remembers what it is told, by the names of those who asked.
  private final class Answers: Sendable {
    private let state = Mutex<[String]>([])

    var all: [String] { state.withLock { $0 } }

    func take(_ name: String) -> @Sendable (ResourceManager.Answer) -> Void {
      { answer in
        self.state.withLock { state in
          switch answer {
          case .granted: state.append(name)
          case .overused(let message): state.append("\(name): \(message)")
          }
        }
      }
    }
  }

  private func needs(cpu: Int = 0, _ memory: Int64 = 0) -> StepNeeds { StepNeeds(cpu: cpu, memory: memory) }

  @Test func whoWaitsIsServedByRank() {
    let (manager, answers) = (ResourceManager(.init(cpu: 1000, memory: 100)), Answers())
    let account = manager.open(memory: nil)
    func ask(_ name: String, _ rest: Float) -> (number: Int, isGranted: Bool) {
      manager.request(
        needs(cpu: 1000), declared: 0, DispatchRank(rest: rest), of: account, answer: answers.take(name))
    }
    let first = ask("a", 0)
    #expect(first.isGranted)
    let (second, third) = (ask("b", 1), ask("c", 2))
    #expect(!second.isGranted && !third.isGranted && answers.all.isEmpty)
    _ = manager.release(first.number)
    #expect(answers.all == ["c"])
    // Who no longer waits gets nothing.
    _ = manager.release(second.number)
    _ = manager.release(third.number)
    #expect(answers.all == ["c"])
    #expect(ask("d", 0).isGranted)
  }

  /// Small needs pass a large one, but not for ever.
  @Test func alargeNeedDoesNotStarve() {
    let (manager, answers) = (ResourceManager(.init(cpu: 0, memory: 100)), Answers())
    let account = manager.open(memory: nil)
    func ask(_ name: String, _ memory: Int64) -> (number: Int, isGranted: Bool) {
      manager.request(needs(memory), declared: memory, DispatchRank(), of: account, answer: answers.take(name))
    }
    var small = ask("small", 60).number
    let large = ask("large", 80)
    #expect(!large.isGranted)
    var passes = 0
    while answers.all.isEmpty, passes < 1000 {
      let next = ask("small", 30)
      _ = manager.release(small)
      if !next.isGranted { break }
      small = next.number
      passes += 1
    }
    #expect(passes == Self.patience)
    #expect(answers.all.isEmpty || answers.all == ["large"])
    _ = manager.release(small)
    #expect(answers.all.first == "large")
  }

  /// What one run may have keeps no other from having more.
  @Test func aRunsOwnLimitHoldsBackOnlyThat() {
    let (manager, answers) = (ResourceManager(.init(cpu: 0, memory: 1000)), Answers())
    let (narrow, wide) = (manager.open(memory: 100), manager.open(memory: nil))
    func ask(_ name: String, _ memory: Int64, _ account: Int) -> Bool {
      manager.request(needs(memory), declared: memory, DispatchRank(), of: account, answer: answers.take(name))
        .isGranted
    }
    #expect(ask("a", 70, narrow))
    #expect(!ask("b", 70, narrow))
    for _ in 0...Self.patience { #expect(ask("c", 1, wide)) }
    // By now it has been passed often enough, by others: its own have to wait for it.
    #expect(!ask("d", 1, narrow))
    #expect(ask("e", 800, wide))
    manager.close(wide)
    manager.close(narrow)
    #expect(answers.all.isEmpty)
    #expect(ask("f", 1000, manager.open(memory: nil)))
  }

  @Test func whatIsMeasuredCounts() {
    let (manager, answers) = (ResourceManager(.init(cpu: 0, memory: 100 << 20)), Answers())
    let account = manager.open(memory: 60 << 20)
    func ask(_ name: String, _ memory: Int64) -> (number: Int, isGranted: Bool) {
      manager.request(
        needs(memory << 20), declared: memory << 20, DispatchRank(), of: account, answer: answers.take(name))
    }
    let (first, second) = (ask("a", 20), ask("b", 20))
    manager.correct(first.number, memory: 30 << 20)
    // There would be room without what was measured.
    let third = ask("c", 20)
    #expect(!third.isGranted && answers.all.isEmpty)
    manager.correct(first.number, memory: 10 << 20)
    #expect(answers.all == ["c"])
    manager.correct(second.number, memory: 200 << 20)
    #expect(answers.all.last == "b: it uses 200MiB of memory, it declares 20MiB, and its run may use 60MiB")
    #expect(manager.release(second.number) == 200 << 20)
    #expect(manager.release(first.number) == 30 << 20)
  }

  @Test func whatCannotBeGivenIsSaid() {
    let manager = ResourceManager(.init(cpu: 1500, memory: 3 << 30))
    let account = manager.open(memory: 2 << 30)
    #expect(manager.obstacle(needs(cpu: 1500, 2 << 30), of: account) == nil)
    #expect(manager.obstacle(needs(cpu: 2000), of: account) == "it needs 2 cores, and there are 1.5 cores here")
    let own = manager.obstacle(needs(5 << 29), of: account)
    #expect(own == "it needs 2.5GiB of memory, and its run may use 2GiB")
    let all = manager.obstacle(needs(4 << 30), of: manager.open(memory: nil))
    #expect(all == "it needs 4GiB of memory, and 3GiB may be used here")
  }

  /// Whatever is asked for and given back in whatever order: no more is given than there is, and all is given.
  @Test(arguments: 0..<50) func noMoreIsGivenThanThereIs(_ seed: UInt64) {
    var random = SeededGenerator(seed)
    let manager = ResourceManager(.init(cpu: 4000, memory: 100))
    let limits: [Int64?] = [nil, 50, 20]
    let accounts = limits.map { manager.open(memory: $0) }
    let granted = Mutex<Set<Int>>([])
    var asked: [Int: (needs: StepNeeds, account: Int)] = [:]
    func check() {
      let held = granted.withLock { $0 }.compactMap { asked[$0] }
      #expect(held.reduce(0) { $0 + $1.needs.cpu } <= 4000)
      #expect(held.reduce(0) { $0 + $1.needs.memory } <= 100)
      for (account, limit) in zip(accounts, limits) {
        let own = held.filter { $0.account == account }.reduce(0) { $0 + $1.needs.memory }
        #expect(own <= limit ?? 100)
      }
    }
    var names = 0
    var numbers: [Int: Int] = [:]
    func release() {
      guard let name = granted.withLock({ $0 }).sorted().randomElement(using: &random) else { return }
      granted.withLock { _ = $0.remove(name) }
      if let number = numbers[name] { _ = manager.release(number) }
      asked[name] = nil
    }
    for _ in 0..<400 {
      if random.next() % 3 == 0 {
        release()
      } else {
        let account = Int(random.next() % 3)
        names += 1
        let name = names
        let needs = needs(cpu: Int(random.next() % 5) * 1000, Int64(random.next() % 21))
        asked[name] = (needs, accounts[account])
        let (number, isGranted) = manager.request(
          needs, declared: needs.memory, DispatchRank(rest: Float(random.next() % 9)), of: accounts[account]
        ) { _ in granted.withLock { _ = $0.insert(name) } }
        numbers[name] = number
        if isGranted { granted.withLock { _ = $0.insert(name) } }
      }
      check()
    }
    while !asked.isEmpty {
      let before = asked.count
      release()
      check()
      guard asked.count < before else {
        Issue.record("\(asked.count) wait for what nobody has")
        break
      }
    }
  }
}
