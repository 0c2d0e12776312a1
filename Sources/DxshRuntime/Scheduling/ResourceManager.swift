import DxshExpressions
import Synchronization

/// Gives attempts what they need of the machine (`uses`), to all runs of a process.
///
/// Each gets all it needs at once or nothing, so that none waits for what another has that waits itself. Who waits is
/// ranked as ready steps are (`DispatchRank`); smaller needs pass larger ones that do not fit, but each only `patience`
/// times: then what becomes free is kept for it. More than is declared counts as soon as it is measured.
package final class ResourceManager: Sendable {
  /// What there is, or what is used of it.
  package struct Amount: Sendable, Hashable {
    /// In thousandths of a core.
    package var cpu: Int
    /// In bytes.
    package var memory: Int64

    package init(cpu: Int, memory: Int64) {
      self.cpu = cpu
      self.memory = memory
    }

    package static let unlimited = Amount(cpu: .max, memory: .max)
  }

  static let patience = 32

  /// An attempt that has something, or waits for it. Numbers are never used again.
  struct Request: Sendable {
    let number: Int
    let account: Int
    let rank: DispatchRank
    var needs: StepNeeds
    /// What it said that it needs; `needs` is what it was seen to use, where that is more.
    let declared: Int64
    /// In bytes: the most that it was seen to use.
    var peak: Int64 = 0
    var passes = 0
    /// Whether the call is over, which its engine may not have heard.
    var isOver = false
    let answer: @Sendable (Answer) -> Void
  }

  /// What a waiting or running attempt is told.
  package enum Answer: Sendable {
    case granted
    /// It uses more than it declared, and its run more than it may.
    case overused(String)
  }

  struct Account {
    /// How much memory its attempts may have together; nil for no limit of its own.
    var limit: Int64?
    var memory: Int64 = 0
  }

  struct State {
    var used = Amount(cpu: 0, memory: 0)
    var accounts: [Int: Account] = [:]
    var nextNumber = 0
    /// The highest rank first.
    var waiting: [Request] = []
    var held: [Int: Request] = [:]
  }

  package let capacity: Amount
  private let state = Mutex(State())

  package init(_ capacity: Amount) {
    self.capacity = capacity
  }

  /// How many attempts have something, and how many wait for it.
  package var counts: (held: Int, waiting: Int) { state.withLock { ($0.held.count, $0.waiting.count) } }

  /// Something to account what a run has to.
  /// - memory: in bytes; how much the run may have of it at once, nil for no limit of its own
  func open(memory: Int64?) -> Int {
    state.withLock { state in
      state.nextNumber += 1
      state.accounts[state.nextNumber] = Account(limit: memory)
      return state.nextNumber
    }
  }

  /// Takes everything back, but what calls use whose ends nobody awaits any more.
  func close(_ account: Int, but underWay: [Int] = []) {
    let underWay = Set(underWay)
    change { state in
      state.waiting.removeAll { $0.account == account }
      let over = state.held.values.filter { $0.account == account && ($0.isOver || !underWay.contains($0.number)) }
      for request in over { state.take(request) }
      state.accounts[account] = nil
    }
  }

  /// A call has ended: if nobody awaits that, it is given back here.
  func noteEnd(of number: Int) {
    change { state in
      state.held[number]?.isOver = true
      if let held = state.held[number], state.accounts[held.account] == nil { state.take(held) }
    }
  }

  /// Why nobody could ever be given so much; nil where it is only a matter of time.
  func obstacle(_ needs: StepNeeds, of account: Int) -> String? {
    if needs.cpu > capacity.cpu {
      return "it needs \(Self.cores(needs.cpu)), and there are \(Self.cores(capacity.cpu)) here"
    }
    let limit = state.withLock { $0.accounts[account]?.limit } ?? .max
    if needs.memory > limit {
      return "it needs \(SizeText.rounded(needs.memory)) of memory, and its run may use \(SizeText.rounded(limit))"
    }
    if needs.memory > capacity.memory {
      let there = SizeText.rounded(capacity.memory)
      return "it needs \(SizeText.rounded(needs.memory)) of memory, and \(there) may be used here"
    }
    return nil
  }

  /// Asks for what could be given; returns the number of what is now held or waited for, and whether it is held
  /// already.
  /// - answer: is told, on any thread, when it is held later
  func request(
    _ needs: StepNeeds, declared: Int64, _ rank: DispatchRank, of account: Int,
    answer: @escaping @Sendable (Answer) -> Void
  ) -> (number: Int, isGranted: Bool) {
    let number = state.withLock { state in
      state.nextNumber += 1
      let request = Request(
        number: state.nextNumber, account: account, rank: rank, needs: needs, declared: declared, answer: answer)
      let place = state.waiting.firstIndex { $0.rank < rank } ?? state.waiting.count
      state.waiting.insert(request, at: place)
      return state.nextNumber
    }
    return (number, change(answering: { $0 != number }) { _ in })
  }

  /// Gives back what is held, or no longer waits for it; returns how much memory it was seen to use at most, in bytes.
  func release(_ number: Int) -> Int64 {
    var peak: Int64 = 0
    change { state in
      if let held = state.held[number] {
        peak = held.peak
        state.take(held)
      } else {
        state.waiting.removeAll { $0.number == number }
      }
    }
    return peak
  }

  /// So much memory an attempt was seen to use. Where its run has more than it may by that, the attempt that is
  /// furthest above what it declared is told so.
  /// - memory: in bytes
  func correct(_ number: Int, memory: Int64) {
    change { state in
      guard var request = state.held[number] else { return }
      let now = max(memory, request.declared)
      state.add(now - request.needs.memory, to: request.account)
      request.needs.memory = now
      request.peak = max(request.peak, memory)
      state.held[number] = request
    }
    guard let (request, message) = state.withLock({ $0.overuse(after: number) }) else { return }
    request.answer(.overused(message))
  }

  /// Changes something, and gives what is free by then; says whether somebody got something who is not to be answered.
  @discardableResult
  private func change(answering isAnswered: (Int) -> Bool = { _ in true }, _ body: (inout State) -> Void) -> Bool {
    let granted = state.withLock { state in
      body(&state)
      return state.grant(of: capacity)
    }
    for request in granted where isAnswered(request.number) { request.answer(.granted) }
    return granted.contains { !isAnswered($0.number) }
  }

  private static func cores(_ thousandths: Int) -> String {
    let cores = Double(thousandths) / 1000
    let text = cores == cores.rounded() ? "\(Int(cores))" : "\(cores)"
    return text == "1" ? "1 core" : "\(text) cores"
  }
}

extension ResourceManager.State {
  /// Hands out what is free, in the order of ranks; says to whom.
  mutating func grant(of capacity: ResourceManager.Amount) -> [ResourceManager.Request] {
    guard !waiting.isEmpty else { return [] }
    var granted: [ResourceManager.Request] = []
    var kept: [ResourceManager.Request] = []
    /// Accounts of which something has been passed by often enough.
    var blocked: Set<Int> = []
    var isBlocked = false
    for request in waiting {
      guard !isBlocked, !blocked.contains(request.account), fits(request, capacity) else {
        if request.passes >= ResourceManager.patience {
          if fitsInAccount(request) { isBlocked = true } else { blocked.insert(request.account) }
        }
        kept.append(request)
        continue
      }
      for place in kept.indices { kept[place].passes += 1 }
      used.cpu += request.needs.cpu
      add(request.needs.memory, to: request.account)
      held[request.number] = request
      granted.append(request)
    }
    waiting = kept
    return granted
  }

  private func fits(_ request: ResourceManager.Request, _ capacity: ResourceManager.Amount) -> Bool {
    request.needs.cpu <= capacity.cpu - used.cpu
      && (request.needs.memory == 0 || request.needs.memory <= capacity.memory - used.memory)
      && fitsInAccount(request)
  }

  private func fitsInAccount(_ request: ResourceManager.Request) -> Bool {
    guard request.needs.memory > 0, let account = accounts[request.account], let limit = account.limit else {
      return true
    }
    return request.needs.memory <= limit - account.memory
  }

  mutating func add(_ memory: Int64, to account: Int) {
    used.memory += memory
    accounts[account]?.memory += memory
  }

  mutating func take(_ request: ResourceManager.Request) {
    held[request.number] = nil
    used.cpu -= request.needs.cpu
    add(-request.needs.memory, to: request.account)
  }

  /// Of the run of an attempt that has more than it may: the attempt that is furthest above what it declared.
  func overuse(after number: Int) -> (ResourceManager.Request, String)? {
    guard let account = held[number]?.account, let limit = accounts[account]?.limit,
      let memory = accounts[account]?.memory, memory > limit
    else { return nil }
    let above = { (request: ResourceManager.Request) in request.needs.memory - request.declared }
    let own = held.values.filter { $0.account == account && above($0) > 0 }
    guard let most = own.max(by: { (above($0), $1.number) < (above($1), $0.number) }) else { return nil }
    let declared = most.declared == 0 ? "it declares none" : "it declares \(SizeText.rounded(most.declared))"
    let (used, allowed) = (SizeText.rounded(most.needs.memory), SizeText.rounded(limit))
    return (most, "it uses \(used) of memory, \(declared), and its run may use \(allowed)")
  }
}
