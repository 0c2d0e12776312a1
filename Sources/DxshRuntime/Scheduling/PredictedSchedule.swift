package import DxshPlan
package import DxshTime
import HeapModule

/// When each step of a plan would be at what, on a machine of so many cores: list scheduling, as the engine does it,
/// with the times that the steps say (`uses(time:)`).
package struct PredictedSchedule: Sendable {
  package struct Row: Sendable, Hashable {
    package var path: String
    /// From the run's start.
    package var readyAt: TimeSpan
    package var from: TimeSpan
    package var to: TimeSpan
    package var isWait: Bool
    /// Whether it is part of the longest chain.
    package var isCritical = false
  }

  /// No schedule is shorter than the longest of these.
  package struct Bound: Sendable, Hashable {
    /// Of steps that wait for each other.
    package var chain: TimeSpan = .zero
    package var chainPaths: [String] = []
    /// What all steps that say `cpu` use of it together, by how many cores there are.
    package var work: TimeSpan = .zero
    /// What all steps take together, by how many may be under way at once.
    package var places: TimeSpan = .zero

    package var length: TimeSpan { max(chain, work, places) }
  }

  package private(set) var rows: [Row] = []
  package private(set) var length: TimeSpan = .zero
  /// How long it would take if steps went in the order in which they become ready.
  package private(set) var lengthByArrival: TimeSpan = .zero
  package private(set) var bound = Bound()
  /// Steps that do not say how long they take, and count as one second.
  package let untimed: Int
  /// The paths of loops of which it is not known how often they go round, and which count as once.
  package let openLoops: [String]
  package let cores: Int
  package let width: Int

  /// Nil for a plan of too many steps; those that need more than there is are left out, with what waits for them.
  /// - capacity: what all steps may have together
  /// - width: how many calls may be under way at once
  package init?(_ plan: ValidatedPlan, capacity: ResourceManager.Amount, width: Int) {
    guard let jobs = ScheduledJobs(plan, width: width) else { return nil }
    untimed = jobs.untimed
    openLoops = jobs.openLoops
    cores = capacity.cpu
    self.width = width
    measure(jobs)
    var clock = ScheduleClock(jobs, capacity, width: width, memory: min(capacity.memory, plan.plan.memory ?? .max))
    clock.run()
    var byArrival = ScheduleClock(
      jobs, capacity, width: width, memory: min(capacity.memory, plan.plan.memory ?? .max), isRanked: false)
    byArrival.run()
    lengthByArrival = byArrival.now
    let critical = Set(bound.chainPaths)
    rows = clock.rows.sorted { ($0.from, $0.readyAt) < ($1.from, $1.readyAt) }
    for place in rows.indices { rows[place].isCritical = critical.contains(rows[place].path) }
    length = clock.now
  }

  private mutating func measure(_ jobs: ScheduledJobs) {
    var (work, places) = (0.0, 0.0)
    for job in jobs.jobs {
      let nanoseconds = Double(job.duration.clampedNanoseconds)
      work += nanoseconds * Double(job.needs.cpu)
      if job.takesPlace { places += nanoseconds }
    }
    bound.work = TimeSpan(nanoseconds: Int64(min(work / Double(max(cores, 1)), 9e18)))
    bound.places = TimeSpan(nanoseconds: Int64(min(places / Double(width), 9e18)))
    (bound.chain, bound.chainPaths) = jobs.longestChain
  }
}

/// The run of a schedule on a clock that jumps from one end to the next.
private struct ScheduleClock {
  private struct Ending: Comparable {
    let at: TimeSpan
    let job: Int

    static func < (left: Ending, right: Ending) -> Bool { (left.at, left.job) < (right.at, right.job) }
  }

  private var jobs: ScheduledJobs
  private var free: ResourceManager.Amount
  private var places: Int
  private let isRanked: Bool
  /// The highest rank first.
  private var ready: [Int] = []
  private var readyAt: [Int: TimeSpan] = [:]
  private var endings = Heap<Ending>()
  private(set) var rows: [PredictedSchedule.Row] = []
  private(set) var now = TimeSpan.zero

  init(
    _ jobs: ScheduledJobs, _ capacity: ResourceManager.Amount, width: Int, memory: Int64, isRanked: Bool = true
  ) {
    self.isRanked = isRanked
    self.jobs = jobs
    free = .init(cpu: capacity.cpu, memory: memory)
    places = width
  }

  mutating func run() {
    let first = jobs.jobs.indices.filter { jobs.jobs[$0].dependencyCount == 0 }
    for job in first { makeReady(job) }
    start()
    while let next = endings.popMin() {
      now = next.at
      finish(next.job)
      while let other = endings.min, other.at == now {
        endings.removeMin()
        finish(other.job)
      }
      start()
    }
  }

  /// What takes no time is over at once.
  private mutating func makeReady(_ first: Int) {
    var pending = [first]
    while let job = pending.popLast() {
      if jobs.jobs[job].path.isEmpty {
        end(job, &pending)
      } else {
        readyAt[job] = now
        let rank = jobs.jobs[job].rank
        let place = isRanked ? ready.firstIndex { jobs.jobs[$0].rank < rank } ?? ready.count : ready.count
        ready.insert(job, at: place)
      }
    }
  }

  private mutating func end(_ job: Int, _ pending: inout [Int]) {
    for next in jobs.jobs[job].successors.reversed() where jobs.noteDependencyEnded(of: next) { pending.append(next) }
    if let group = jobs.jobs[job].beginning {
      var entries: [Int] = []
      for _ in 0..<jobs.groups[group].width {
        guard let entry = jobs.takeNext(of: group) else { break }
        if jobs.noteDependencyEnded(of: entry) { entries.append(entry) }
      }
      pending += entries.reversed()
    }
    if let group = jobs.jobs[job].ending, let entry = jobs.takeNext(of: group), jobs.noteDependencyEnded(of: entry) {
      pending.append(entry)
    }
  }

  private mutating func finish(_ job: Int) {
    free.cpu += jobs.jobs[job].needs.cpu
    free.memory += jobs.jobs[job].needs.memory
    if jobs.jobs[job].takesPlace { places += 1 }
    var pending: [Int] = []
    end(job, &pending)
    for next in pending.reversed() { makeReady(next) }
  }

  private mutating func start() {
    var position = 0
    while position < ready.count {
      let job = jobs.jobs[ready[position]]
      guard !job.takesPlace || places > 0, job.needs.cpu <= free.cpu, job.needs.memory <= free.memory else {
        position += 1
        continue
      }
      let number = ready.remove(at: position)
      if job.takesPlace { places -= 1 }
      free.cpu -= job.needs.cpu
      free.memory -= job.needs.memory
      let end = now.adding(job.duration) ?? now
      endings.insert(Ending(at: end, job: number))
      rows.append(
        .init(path: job.path, readyAt: readyAt[number] ?? now, from: now, to: end, isWait: !job.takesPlace))
    }
  }
}

extension ScheduledJobs {
  /// How long the longest chain of jobs is, and the paths of its calls and waits.
  fileprivate var longestChain: (TimeSpan, [String]) {
    var counts = jobs.map(\.dependencyCount)
    // The instances of a loop wait for its beginning.
    var successors = jobs.map(\.successors)
    for (number, job) in jobs.enumerated() {
      if let group = job.beginning { successors[number] += groups[group].entries }
    }
    var order = counts.indices.filter { counts[$0] == 0 }
    var ends = jobs.map(\.duration)
    var before = [Int?](repeating: nil, count: jobs.count)
    var position = 0
    while position < order.count {
      let job = order[position]
      position += 1
      for next in successors[job] {
        let end = ends[job].adding(jobs[next].duration) ?? ends[job]
        if end > ends[next] || before[next] == nil {
          ends[next] = max(ends[next], end)
          before[next] = job
        }
        counts[next] -= 1
        if counts[next] == 0 { order.append(next) }
      }
    }
    guard var job = ends.indices.max(by: { ends[$0] < ends[$1] }) else { return (.zero, []) }
    let length = ends[job]
    var paths: [String] = []
    while true {
      if !jobs[job].path.isEmpty { paths.append(jobs[job].path) }
      guard let next = before[job] else { break }
      job = next
    }
    return (length, paths.reversed())
  }
}
