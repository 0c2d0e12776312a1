import DxshTestSupport
import Glibc

/// What is done to 20 runs in one round, all of it decided by its seed.
struct KillPlan: CustomStringConvertible {
  /// When so many lines are there, and then some way into the next steps, too short a way to be told by lines.
  struct Moment {
    var lines: Int
    var spins: Int

    /// Waits for it; no longer than something can still happen.
    func wait(_ runs: ManyRuns, unless isOver: () -> Bool) {
      while runs.progress < lines, !isOver() { sched_yield() }
      var noise = UInt64(lines)
      for _ in 0..<spins { noise = noise &* 6_364_136_223_846_793_005 &+ 1 }
      if noise == 0 { sched_yield() }
    }
  }

  let seed: UInt64
  /// Whether each process that begins a run is killed as soon as the store has it; if not, all are at the first moment.
  let leavesAtOnce: Bool
  /// When processes are killed; later ones are further on.
  let kills: [Moment]
  /// Whether a second process looks after the store meanwhile.
  let hasSecond: Bool
  /// Whether that is killed too, or told to end.
  let killsSecond: Bool

  init(seed: UInt64) {
    var random = SeededGenerator(seed ^ 0x20_0DD5)
    self.seed = seed
    self.hasSecond = seed % 2 == 1
    self.leavesAtOnce = Bool.random(using: &random)
    self.killsSecond = Bool.random(using: &random)
    var lines = 0
    var kills: [Moment] = []
    for _ in 0..<Int.random(in: 2...4, using: &random) {
      lines += Int.random(in: 0...(ManyRuns.lineCount / 3), using: &random)
      kills.append(Moment(lines: lines, spins: Int.random(in: 0..<2_000_000, using: &random)))
    }
    self.kills = kills
  }

  var description: String {
    let moments = kills.map { "at \($0.lines) lines and \($0.spins) spins" }.joined(separator: ", ")
    return """
      seed \(seed): the processes that begin the runs are killed \(leavesAtOnce ? "each at once" : "together"); kills \
      \(moments); a second process: \(hasSecond ? killsSecond ? "yes, killed last" : "yes, told to end" : "no")
      """
  }
}
