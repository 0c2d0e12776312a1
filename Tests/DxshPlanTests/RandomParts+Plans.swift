import DxshExpressions
import DxshPlan
import DxshTime

extension RandomParts {
  mutating func plan() -> Plan {
    let parameters = (0..<below(3)).map { index in
      Plan.Parameter(
        name: "parameter\(index)", type: type(depth: 2),
        defaultValue: isHit(oneIn: 2) ? expression([index], depth: 2) : nil)
    }
    let secrets = list(upTo: 2) { parts in
      Plan.Secret(name: parts.text(), type: parts.type(depth: 0), source: .environment(parts.text()))
    }
    let inputs =
      parameters.map { PlanScope.Slot(name: $0.name, type: $0.type) }
      + secrets.map { PlanScope.Slot(name: $0.name, type: .secret($0.type)) }
    let body = scope(inputs: inputs, outer: [], depth: 2)
    callable = 0
    let callees = list(upTo: 2) { parts in
      let input = PlanScope.Slot(name: "input", type: parts.type(depth: 1))
      let callee = PlanCallee(
        workflow: parts.text(), parameters: ["input"], secrets: [], time: parts.timeLimits(),
        body: parts.scope(inputs: [input], outer: [], depth: 1), finally: nil)
      parts.callable += 1
      return callee
    }
    let finally =
      isHit(oneIn: 2) ? scope(inputs: [.init(name: "run", type: .json)], outer: [body.slots.count], depth: 1) : nil
    return Plan(
      workflow: text(), parameters: parameters, secrets: secrets, result: isHit(oneIn: 2) ? type() : nil,
      concurrency: isHit(oneIn: 2) ? 1 + below(9) : nil, time: timeLimits(), body: body, finally: finally,
      callees: callees)
  }

  private mutating func timeLimits() -> PlanTimeLimits {
    let spans = (0..<2).map { _ in isHit(oneIn: 2) ? TimeSpan(nanoseconds: Int64(1 + below(1_000_000_000))) : nil }
    return PlanTimeLimits(duration: spans[0], active: spans[1])
  }

  /// `outer` are the numbers of slots of the scopes around, outermost first.
  private mutating func scope(inputs: [PlanScope.Slot], outer: [Int], depth: Int) -> PlanScope {
    let count = below(8)
    let slots = inputs + (0..<count + 1).map { PlanScope.Slot(name: "slot\($0)", type: type(depth: 2)) }
    let bounds = outer + [slots.count]
    var nodes: [PlanNode] = []
    for index in 0..<count {
      var dependencies = (0..<index).filter { _ in isHit(oneIn: 3) }
      var guardedBy: PlanNode.Guard?
      let conditions = nodes.indices.filter { if case .condition = nodes[$0].kind { true } else { false } }
      if let condition = conditions.first, isHit(oneIn: 2) {
        guardedBy = .init(condition: condition, when: isHit(oneIn: 2))
        dependencies = Set(dependencies + [condition]).sorted()
      }
      nodes.append(
        PlanNode(
          path: "\(text())@\(index)", kind: kind(free: inputs.count..<slots.count, bounds, depth: depth),
          guardedBy: guardedBy, dependencies: dependencies))
    }
    return PlanScope(slots: slots, nodes: nodes)
  }

  private mutating func kind(free: Range<Int>, _ slots: [Int], depth: Int) -> PlanNode.Kind {
    let slot = free.lowerBound + below(free.count)
    switch below(11) {
    case 0: return .value(slot: slot, expression(slots))
    case 1: return .condition(expression(slots))
    case 2: return .assertion(expression(slots), message: expression(slots))
    case 3: return .failure(kind: text(), message: expression(slots))
    case 4: return .output(expression(slots))
    case 5: return .barrier
    case 6 where depth > 0: return .loop(loop(free: free, slots, depth: depth - 1))
    case 7 where depth > 0: return .iteration(iteration(free: free, slots, depth: depth - 1))
    case 8 where depth > 0: return .attempt(attempt(free: free, slots, depth: depth - 1))
    case 9 where callable > 0:
      return .invocation(
        .init(
          callee: below(callable), arguments: [expression(slots)], slot: isHit(oneIn: 2) ? slot : nil,
          retry: isHit(oneIn: 2) ? retry(slots, slot) : nil))
    default: return .call(call(slot: isHit(oneIn: 3) ? nil : slot, free: slot, slots))
    }
  }

  private mutating func call(slot: Int?, free: Int, _ slots: [Int]) -> PlanCall {
    PlanCall(
      node: text(), effect: Effect.allCases[below(Effect.allCases.count)],
      arguments: list(upTo: 3) { .init(name: $0.text(), value: $0.expression(slots)) }, result: type(), slot: slot,
      timeout: expression(slots, depth: 1), retry: isHit(oneIn: 2) ? retry(slots, free) : nil,
      deadline: isHit(oneIn: 3) ? expression(slots, depth: 1) : nil,
      startBy: isHit(oneIn: 3) ? expression(slots, depth: 1) : nil,
      heartbeat: isHit(oneIn: 3) ? expression(slots, depth: 1) : nil,
      poll: isHit(oneIn: 3) ? poll(slots, free) : nil, limits: isHit(oneIn: 3) ? limits(slots) : nil,
      onInterrupt: isHit(oneIn: 3) ? interruption(slots) : nil)
  }

  private mutating func limits(_ slots: [Int]) -> PlanCall.Limits {
    func span() -> TimeSpan { TimeSpan(nanoseconds: Int64(1 + below(1_000_000_000))) }
    var limits = PlanCall.Limits()
    if isHit(oneIn: 2) {
      limits.breaker = .init(
        name: expression(slots, depth: 1), failures: 1 + below(9), window: span(), open: span(), probes: 1 + below(3))
    }
    if isHit(oneIn: 2) { limits.pool = .init(name: expression(slots, depth: 1), capacity: 1 + below(9)) }
    if isHit(oneIn: 2) {
      limits.rate = .init(
        key: isHit(oneIn: 2) ? expression(slots, depth: 1) : nil, count: 1 + below(9), period: span(),
        burst: 1 + below(3))
    }
    return limits
  }

  private mutating func poll(_ slots: [Int], _ free: Int) -> PlanCall.Poll {
    PlanCall.Poll(
      every: expression(slots, depth: 1), slot: free, condition: expression(slots, depth: 1),
      maximum: isHit(oneIn: 2) ? expression(slots, depth: 1) : nil)
  }

  private mutating func interruption(_ slots: [Int]) -> PlanCall.Interruption {
    switch below(3) {
    case 0: .retry
    case 1: .fail
    default:
      .verify(
        PlanCall(
          node: text(), effect: isHit(oneIn: 2) ? .pure : .read,
          arguments: list(upTo: 3) { .init(name: $0.text(), value: $0.expression(slots)) }, result: type(), slot: nil,
          timeout: .constant(Constant(.int(1))), retry: nil))
    }
  }

  private mutating func retry(_ slots: [Int], _ free: Int) -> PlanCall.Retry {
    var delay: Expression { .constant(Constant(.int(1))) }
    let backoffs: [PlanCall.Retry.Backoff?] = [
      nil, .fixed(delay), .linear(expression(slots, depth: 1)),
      .exponential(
        delay, max: isHit(oneIn: 2) ? delay : nil, factor: isHit(oneIn: 2) ? expression(slots, depth: 1) : nil),
    ]
    return PlanCall.Retry(
      attempts: expression(slots, depth: 1), backoff: backoffs[below(backoffs.count)],
      jitter: isHit(oneIn: 2) ? delay : nil, only: isHit(oneIn: 2) ? list(upTo: 2) { $0.text() } : nil,
      unless: isHit(oneIn: 3) ? .init(slot: free, condition: expression(slots, depth: 1)) : nil,
      budget: isHit(oneIn: 3) ? expression(slots, depth: 1) : nil)
  }

  private mutating func iteration(free: Range<Int>, _ slots: [Int], depth: Int) -> PlanIteration {
    let body = scope(inputs: [.init(name: "state", type: type(depth: 1))], outer: slots, depth: depth)
    return PlanIteration(
      initial: expression(slots), stateSlot: 0, maximum: expression(slots, depth: 1),
      next: expression(slots + [body.slots.count]),
      condition: isHit(oneIn: 2) ? expression(slots + [body.slots.count]) : nil,
      slot: isHit(oneIn: 2) ? free.lowerBound + below(free.count) : nil,
      exports: list(upTo: 2) {
        .init(inner: $0.below(body.slots.count), outer: free.lowerBound + $0.below(free.count))
      }, body: body)
  }

  private mutating func attempt(free: Range<Int>, _ slots: [Int], depth: Int) -> PlanAttempt {
    let body = scope(inputs: [], outer: slots, depth: depth)
    let error = PlanScope.Slot(name: "e", type: .json)
    let handler = scope(inputs: [error], outer: slots + [body.slots.count], depth: depth)
    return PlanAttempt(
      body: body, handler: handler, errorSlot: 0,
      exports: list(upTo: 2) { parts in
        .init(
          body: parts.isHit(oneIn: 2) ? parts.below(body.slots.count) : nil,
          handler: parts.isHit(oneIn: 2) ? parts.below(handler.slots.count) : nil,
          outer: free.lowerBound + parts.below(free.count))
      })
  }

  private mutating func loop(free: Range<Int>, _ slots: [Int], depth: Int) -> PlanLoop {
    let inputs = [PlanScope.Slot(name: "index", type: .int), PlanScope.Slot(name: "element", type: type(depth: 1))]
    let body = scope(inputs: inputs, outer: slots, depth: depth)
    return PlanLoop(
      sequence: expression(slots), indexSlot: isHit(oneIn: 2) ? 0 : nil, elementSlot: 1,
      parallel: isHit(oneIn: 2) ? expression(slots, depth: 1) : nil,
      onError: isHit(oneIn: 2) ? .stop : .skip,
      collectSlot: isHit(oneIn: 2) ? free.lowerBound + below(free.count) : nil,
      exports: list(upTo: 2) {
        .init(inner: $0.below(body.slots.count), outer: free.lowerBound + $0.below(free.count))
      }, body: body)
  }
}
