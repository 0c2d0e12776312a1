import DxshPlan
import DxshTime

/// The steps that wait for something that all runs share.
extension RunInspection {
  /// So many of those that have what a step waits for are named.
  private static let namedHolders = 5

  /// For a slot, for a time of a rate, then for a breaker.
  func sharedCauses(_ situation: RunSituation, at now: Timestamp, _ options: String) -> [RunCause] {
    let own = seats.filter { $0.run == run.id }
    let slots = own.filter { $0.pool != nil && !$0.isHeld }.map(slot)
    let times = own.compactMap { seat in seat.rateAt.map { time($0, of: seat, at: now, options) } }
    return slots + times + situation.attempts.compactMap { refusal($0, at: now, options) }
  }

  private func slot(_ seat: Seat) -> RunCause {
    let pool = seat.pool ?? ""
    let holders = seats.filter { $0.pool == pool && $0.isHeld }
    let before = seats.count { $0.pool == pool && !$0.isHeld && $0.ticket < seat.ticket }
    var text = "\(seat.path) waits for a slot of the pool \(pool)"
    if holders.isEmpty {
      text += ", which nobody has"
    } else {
      var names = holders.prefix(Self.namedHolders).map { holder in
        holder.run == run.id ? holder.path : "\(holder.path) of the run \(holder.run)"
      }
      if holders.count > names.count { names.append("\(holders.count - names.count) more") }
      text += ": \(holders.count) of \(seat.capacity) are taken, by \(names.joined(separator: ", "))"
    }
    if before > 0 { text += "; \(before) \(before == 1 ? "other waits" : "others wait") before it" }
    var cause = RunCause(.pool, text, step: seat.path)
    cause.holders = holders.map { RunCause.Holder(run: $0.run, step: $0.path) }
    return cause
  }

  private func time(_ time: Timestamp, of seat: Seat, at now: Timestamp, _ options: String) -> RunCause {
    let left = time.since(now)
    let when = left.isNegative ? "\(left.negated.inShort) ago" : "in \(left.inShort)"
    var cause = RunCause(
      .rate, "\(seat.path) waits for its time of the rate \(seat.rate ?? ""): \(time.inShort), \(when)",
      step: seat.path)
    cause.until = time
    if !run.isClaimed { cause.commands = ["dxsh serve\(options)"] }
    return cause
  }

  /// Of an attempt that comes after one that a breaker refused.
  private func refusal(
    _ attempt: RunSituation.Attempt, at now: Timestamp, _ options: String
  ) -> RunCause? {
    guard case .refused(_, let name, _)? = history.events.last(where: { $0.path == attempt.path })?.kind else {
      return nil
    }
    let current = breakers.first { $0.name == name }?.breaker ?? Breaker()
    let state: String
    switch current.phase {
    case .closed: state = "which is closed by now"
    case .halfOpen: state = "which is half open"
    case .open:
      state =
        current.until.map { "which is open until \($0.inShort)" } ?? "which is open until somebody closes it"
    }
    let next = attempt.notBefore.map { "; attempt \(attempt.number) is at \($0.inShort), in \($0.since(now).inShort)" }
    var cause = RunCause(
      .breaker, "\(attempt.path) waits for the breaker \(name), \(state)\(next ?? "")\(attempt.behind.words)",
      step: attempt.path)
    cause.until = attempt.notBefore
    cause.attempt = attempt.number
    cause.attempts = attempt.limit
    cause.behind = attempt.behind
    cause.commands = ["dxsh breakers close \(ShellWord.quoted(name))\(options)"]
    return cause
  }
}
