import DxshExpressions
import DxshPlan
import DxshTime
import Glibc

/// How long something takes at most, in seconds: when all that may run side by side does, and on a single place.
struct WorstCase: Hashable {
  /// The longest chain.
  var chain = 0.0
  /// All that takes a place, together.
  var work = 0.0
  /// All waits, which take none, together.
  var waits = 0.0
  /// All that undoes steps, one after the other.
  var undoing = 0.0

  /// On so many places, whatever the order in which steps get them: R. L. Graham, "Bounds on Multiprocessing Timing
  /// Anomalies" (1969), theorem 1.
  func duration(on places: Int) -> TimeSpan {
    let working = max(chain - waits, 0)
    let seconds = chain + max(work - working, 0) / Double(max(places, 1)) + undoing
    // What is infinite on both sides is no number.
    let isLong = !(seconds < Double(TimeSpan.maximumSeconds))
    let whole = isLong ? TimeSpan.maximumSeconds : Int64(seconds.rounded(.up))
    return TimeSpan(seconds: whole, nanoseconds: 0) ?? .zero
  }

  /// Where it is over at a time, on so many places; what undoes it comes after.
  func cut(at limit: Double, on places: Int64) -> WorstCase {
    WorstCase(
      chain: min(chain, limit), work: min(work, limit * Double(places)), waits: min(waits, limit), undoing: undoing)
  }

  /// One after the other.
  static func + (left: WorstCase, right: WorstCase) -> WorstCase {
    WorstCase(
      chain: left.chain + right.chain, work: left.work + right.work, waits: left.waits + right.waits,
      undoing: left.undoing + right.undoing)
  }

  /// So many times, so many of them at once.
  func repeated(_ count: Int64, atOnce width: Int64) -> WorstCase {
    let rounds = Double(count / max(width, 1)) + (count % max(width, 1) == 0 ? 0 : 1)
    let times = Double(count)
    return WorstCase(chain: rounds * chain, work: times * work, waits: times * waits, undoing: times * undoing)
  }
}

/// Why something has no worst case: what decides how long it takes is known only when it runs.
struct OpenEnd: Error, Hashable {
  /// For people: ``the elements of `for row` ``.
  var cause: String
}

/// Finds worst cases: from timeouts, attempts, the delays between them, and how often things are repeated.
struct WorstCaseFinder {
  /// By their `id`.
  private let workflows: [String: CheckedWorkflow]
  private var known: [String: Result<WorstCase, OpenEnd>] = [:]
  /// How many instances of a loop run at once where it does not say itself.
  private var width: Int64 = 1

  init(_ workflows: [CheckedWorkflow]) {
    self.workflows = Dictionary(workflows.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
  }

  /// - Throws: `OpenEnd`, also where a mistake hides what is done.
  mutating func worstCase(of workflow: CheckedWorkflow) throws(OpenEnd) -> WorstCase {
    if let known = known[workflow.id] { return try known.get() }
    let outer = width
    width = Int64(workflow.places)
    defer { width = outer }
    let result: Result<WorstCase, OpenEnd>
    do throws(OpenEnd) {
      var whole = try worstCase(of: workflow.body)
      if let finally = workflow.finally { whole = whole + (try worstCase(of: finally)) }
      result = .success(whole)
    } catch {
      result = .failure(error)
    }
    known[workflow.id] = result
    return try result.get()
  }

  /// As it is stopped when its `limits` say.
  mutating func limitedCase(of workflow: CheckedWorkflow) throws(OpenEnd) -> WorstCase {
    limited(try worstCase(of: workflow), by: workflow)
  }

  private func limited(_ whole: WorstCase, by workflow: CheckedWorkflow) -> WorstCase {
    guard let duration = workflow.limits.time.duration else { return whole }
    return whole.cut(at: duration.approximateSeconds, on: width)
  }

  private mutating func worstCase(of scope: CheckedScope) throws(OpenEnd) -> WorstCase {
    var ends = [Double](repeating: 0, count: scope.leaves.count)
    var whole = WorstCase()
    for number in DependencyGraph(dependencies: scope.leaves.map(\.dependencies)).order.map(Int.init) {
      let leaf = scope.leaves[number]
      let own = try worstCase(of: leaf)
      let start = leaf.dependencies.reduce(0) { max($0, ends[$1]) }
      ends[number] = start + own.chain
      whole.chain = max(whole.chain, ends[number])
      whole.work += own.work
      whole.waits += own.waits
      whole.undoing += own.undoing
    }
    return whole
  }

  private mutating func worstCase(of leaf: CheckedLeaf) throws(OpenEnd) -> WorstCase {
    switch leaf.kind {
    case .call(let call):
      var whole = try Self.worstCase(of: call, leaf.path) + Self.verifying(call, leaf.path)
      if let compensation = call.policies.compensation {
        whole.undoing = try Self.worstCase(compensation.signature.timeout, compensation.retry, leaf.path).chain
      }
      return whole
    case .loop(let loop): return try worstCase(of: loop)
    case .iteration(let iteration):
      let state = iteration.body.slots[iteration.stateSlot].name
      guard case .int(let count)? = iteration.maximum.constantValue else {
        throw OpenEnd(cause: "how often `repeat \(state)` goes round")
      }
      return try worstCase(of: iteration.body).repeated(count, atOnce: 1)
    case .attempt(let attempt): return try worstCase(of: attempt.body) + worstCase(of: attempt.handler)
    case .invocation(let invocation):
      guard let workflow = workflows[invocation.workflow] else { throw OpenEnd(cause: "`\(leaf.path)`") }
      guard case .duration(let deadline)? = invocation.policies.deadline?.constantValue else {
        return limited(
          try repeating(try worstCase(of: workflow), invocation.policies.retry, leaf.path), by: workflow)
      }
      let whole = limited(
        try repeating(try worstCase(of: workflow), invocation.policies.retry, leaf.path), by: workflow)
      return whole.cut(at: max(deadline.approximateSeconds, 0), on: width)
    case .wait(let wait): return try Self.worstCase(of: wait.plan, path: leaf.path)
    case .approval(let approval):
      guard let deadline = approval.constantDeadline?.approximateSeconds else {
        throw OpenEnd(cause: "how long `\(leaf.path)` waits")
      }
      return WorstCase(chain: deadline, waits: deadline)
    case .invalid: throw OpenEnd(cause: "`\(leaf.path)`")
    case .value, .condition, .assertion, .failure, .output, .barrier: return WorstCase()
    }
  }

  /// Of the call of a workflow.
  private func repeating(
    _ once: WorstCase, _ retry: PlanCall.Retry?, _ path: String
  ) throws(OpenEnd) -> WorstCase {
    guard let retry else { return once }
    guard case .int(let attempts)? = retry.attempts.constantValue, let delays = retry.delays(in: attempts) else {
      throw OpenEnd(cause: "the attempts of `\(path)`")
    }
    var whole = once.repeated(max(attempts, 1), atOnce: 1) + WorstCase(chain: delays, waits: delays)
    // Only the last failure is undone.
    whole.undoing = once.undoing
    return whole
  }

  private mutating func worstCase(of loop: CheckedLoop) throws(OpenEnd) -> WorstCase {
    let body = try worstCase(of: loop.body)
    if body.work == 0, body.waits == 0 { return body }
    let variable = loop.body.slots[loop.elementSlot].name
    var bound = ElementBound()
    guard let count = bound.count(loop.sequence) else { throw OpenEnd(cause: "the elements of `for \(variable)`") }
    var width = width
    if let parallel = loop.policies.parallel {
      guard case .int(let written)? = parallel.constantValue else {
        throw OpenEnd(cause: "how many rounds of `for \(variable)` run at once")
      }
      width = min(width, max(written, 1))
    }
    return body.repeated(Int64(count), atOnce: width)
  }

  // MARK: - Waits

  /// It takes no place.
  private static func worstCase(of wait: PlanWait, path: String) throws(OpenEnd) -> WorstCase {
    let limits = wait.alternatives.map { alternative -> Expression? in
      if case .delay(let span) = alternative.source { span } else { nil }
    }
    let seconds = (limits + [wait.timeout]).compactMap { limit -> Double? in
      guard case .duration(let span)? = limit?.constantValue else { return nil }
      return max(span.approximateSeconds, 0)
    }
    guard let shortest = seconds.min() else { throw OpenEnd(cause: "how long `\(path)` waits") }
    return WorstCase(chain: shortest, waits: shortest)
  }

  // MARK: - Calls

  /// Where it has a deadline, it is over then whatever its attempts.
  private static func worstCase(of call: CheckedCall, _ path: String) throws(OpenEnd) -> WorstCase {
    guard case .duration(let deadline)? = call.policies.deadline?.constantValue else {
      return try polling(call, path)
    }
    let limit = max(deadline.approximateSeconds, 0)
    do throws(OpenEnd) {
      let whole = try polling(call, path)
      return WorstCase(
        chain: min(whole.chain, limit), work: min(whole.work, limit), waits: min(whole.waits, limit))
    } catch {
      return WorstCase(chain: limit, work: limit)
    }
  }

  private static func polling(_ call: CheckedCall, _ path: String) throws(OpenEnd) -> WorstCase {
    let policies = call.policies
    // What other runs do decides it.
    if policies.limits?.pool != nil || policies.limits?.rate != nil
      || policies.limits?.breaker != nil && policies.retry != nil
    {
      throw OpenEnd(cause: "how long `\(path)` waits for its turn")
    }
    if policies.retry != nil, call.signature.mayAskForTime {
      throw OpenEnd(cause: "how long the answers to `\(path)` ask it to wait")
    }
    let once = try worstCase(policies.timeout ?? call.signature.timeout, policies.retry, path)
    guard let poll = policies.poll else { return once }
    guard case .int(let count)? = poll.maximum?.constantValue, case .duration(let every)? = poll.every.constantValue
    else { throw OpenEnd(cause: "how often `\(path)` is polled") }
    let pauses = Double(max(count - 1, 0)) * max(every.approximateSeconds, 0)
    return once.repeated(max(count, 1), atOnce: 1) + WorstCase(chain: pauses, waits: pauses)
  }

  /// Before every repetition it is asked whether it took place.
  private static func verifying(_ call: CheckedCall, _ path: String) throws(OpenEnd) -> WorstCase {
    guard let onInterrupt = call.policies.onInterrupt else { return WorstCase() }
    let once = Int64(PlanCall.interruptedAttempts)
    switch onInterrupt {
    case .fail: return WorstCase()
    case .retry:
      return try worstCase(call.policies.timeout ?? call.signature.timeout, nil, path).repeated(once - 1, atOnce: 1)
    case .verify(let verification):
      let asking = try worstCase(verification.signature.timeout, verification.retry, path)
      if case .int(let attempts)? = call.policies.retry?.attempts.constantValue {
        return asking.repeated(max(attempts, 1), atOnce: 1)
      }
      let repeating = try worstCase(call.policies.timeout ?? call.signature.timeout, nil, path)
      return asking.repeated(once, atOnce: 1) + repeating.repeated(once - 1, atOnce: 1)
    }
  }

  private static func worstCase(
    _ timeout: Expression, _ retry: PlanCall.Retry?, _ path: String
  ) throws(OpenEnd) -> WorstCase {
    guard case .duration(let timeout)? = timeout.constantValue else {
      throw OpenEnd(cause: "the timeout of `\(path)`")
    }
    var seconds = max(timeout.approximateSeconds, 0)
    if let retry {
      // One that begins at its end takes its time.
      var limit = Double.infinity
      if case .duration(let budget)? = retry.budget?.constantValue { limit = budget.approximateSeconds + seconds }
      if case .int(let attempts)? = retry.attempts.constantValue, let delays = retry.delays(in: attempts) {
        seconds = min(seconds * Double(max(attempts, 1)) + delays, limit)
      } else if limit.isFinite {
        seconds = limit
      } else {
        throw OpenEnd(cause: "the attempts of `\(path)`")
      }
    }
    return WorstCase(chain: seconds, work: seconds)
  }
}

extension PlanCall.Retry {
  /// How long is waited at most between so many attempts, in seconds; nil where that is not known.
  fileprivate func delays(in attempts: Int64) -> Double? {
    func seconds(_ expression: Expression) -> Double? {
      guard case .duration(let span)? = expression.constantValue else { return nil }
      return max(span.approximateSeconds, 0)
    }
    let count = Double(max(attempts - 1, 0))
    switch backoff {
    case nil: return 0
    case .fixed(let base): return seconds(base).map { $0 * count }
    case .linear(let base): return seconds(base).map { $0 * count * (count + 1) / 2 }
    case .exponential(let base, let limit, let factor):
      var growth = 2.0
      if let factor {
        guard case .double(let written)? = factor.constantValue else { return nil }
        growth = written
      }
      guard let first = seconds(base), let cap = limit == nil ? Double.infinity : limit.flatMap(seconds) else {
        return nil
      }
      if growth <= 1 || first == 0 { return count * min(first, cap) }
      // A geometric series up to the longest delay, which the others all have.
      let growing = min(count, max(0, (log(cap / first) / log(growth)).rounded(.up)))
      let sum = first * (pow(growth, growing) - 1) / (growth - 1)
      return count > growing ? sum + (count - growing) * cap : sum
    }
  }
}

extension TimeSpan {
  fileprivate var approximateSeconds: Double { Double(seconds) + Double(nanoseconds) / 1e9 }
}

extension CheckedWorkflow {
  /// How many of its steps run at once.
  var places: Int { limits.concurrency ?? PlanMetrics.defaultParallel }
}
