import DxshExpressions
import DxshPlan
import DxshSyntax

/// Checks the clause `with …` of a step or loop: which policies stand there, each once, with their arguments.
///
/// Each policy is one file beside this one, listed in `PolicyName`.
struct PolicyChecker {
  let expressions: ExpressionChecker
  var session: CheckSession { expressions.session }

  init(_ expressions: ExpressionChecker) {
    self.expressions = expressions
  }

  /// - result: what the step gives, as `compensate` sees it
  /// - type: of that
  func check(
    step calls: [Call], of signature: NodeSignature?, result: TypedExpression, _ type: Type
  ) -> StepPolicies {
    var policies = StepPolicies()
    var limits = PlanCall.Limits()
    let defaultBreaker = signature.map { $0.effect > .pure } ?? false ? session.defaults : []
    let more = (calls + defaultBreaker).contains { $0.path.text == PolicyName.breaker.rawValue } ? ["circuit_open"] : []
    var needs = PlanCall.Needs()
    visit(calls, in: PolicyName.ofSteps, of: "a step") { name, call in
      switch name {
      case .timeout: policies.timeout = timeout(call)
      case .retry:
        policies.retry = retry(
          call, of: signature, more: more,
          error: signature.map { .enumeration(.errorKind($0.attemptErrors + more)) } ?? .unknown)
      case .breaker: limits.breaker = breaker(call)
      case .limit: limits.pool = limit(call)
      case .rate: limits.rate = rate(call, of: signature?.path)
      case .uses: uses(call, in: &needs)
      case .priority: needs.priority = priority(call)
      case .deadline: policies.deadline = deadline(call)
      case .startBy: policies.startBy = startBy(call)
      case .heartbeat: policies.heartbeat = heartbeat(call, of: signature)
      case .poll: policies.poll = poll(call, type)
      case .cache: policies.cache = cache(call)
      case .fallback: policies.fallback = fallback(call, of: signature, more: more, type)
      case .assume: policies.assumedEffect = assume(call)
      case .compensate: policies.compensation = compensate(call, result: result)
      case .onInterrupt: policies.onInterrupt = onInterrupt(call, result: type)
      case .parallel, .onError, .first, .max: break
      }
    }
    if limits != PlanCall.Limits() { policies.limits = limits }
    if needs != PlanCall.Needs() { policies.needs = needs }
    if let signature, !hasUnknown(calls) {
      let isOnce = (policies.assumedEffect ?? signature.effect) == .once
      if isOnce, policies.retry != nil, let call = calls.first(where: { $0.path.text == "retry" }),
        !calls.contains(where: \.verifies)
      {
        checkRepeatable(signature, call)
      }
      if !isOnce, let call = calls.first(where: { $0.path.text == PolicyName.onInterrupt.rawValue }) {
        session.report(.interruptionOfOther(signature, at: call.range))
      }
    }
    checkVerified(policies, slot: result)
    addDefaults(to: &policies, of: signature, type, beside: calls)
    checkSpans(policies, calls)
    checkSilence(policies, calls, of: signature)
    if let call = calls.first(where: { $0.path.text == PolicyName.poll.rawValue }), !hasUnknown(calls) {
      check(poll: call, policies, of: signature)
    }
    return policies
  }

  /// Where the step says nothing itself, the defaults hold, as far as they are for steps of its effect: not a
  /// repetition of what must not repeat, a decision where nothing is in doubt, or a share of what a pure step does not
  /// use.
  private func addDefaults(
    to policies: inout StepPolicies, of signature: NodeSignature?, _ type: Type, beside own: [Call]
  ) {
    let effect = signature.map { policies.assumedEffect ?? $0.effect }
    for call in session.defaults where !own.contains(where: { $0.path.text == call.path.text }) {
      switch PolicyName(rawValue: call.path.text) {
      case .timeout:
        if policies.timeout == nil { policies.timeout = session.probing { timeout(call) } }
      case .deadline:
        if policies.deadline == nil { policies.deadline = session.probing { deadline(call) } }
      case .startBy:
        if policies.startBy == nil { policies.startBy = session.probing { startBy(call) } }
      case .heartbeat:
        guard let signature, signature.showsLife, policies.heartbeat == nil else { continue }
        policies.heartbeat = session.probing { heartbeat(call, of: signature) }
      case .retry:
        if let effect, effect != .once {
          policies.retry = session.probing { retry(call, of: nil, error: kindOfAny(call)) }
        }
      case .onInterrupt:
        if effect == .once { policies.onInterrupt = session.probing { defaultOnInterrupt(call) } }
      case .breaker, .limit, .rate:
        guard let signature, let effect, effect > .pure else { continue }
        var limits = policies.limits ?? PlanCall.Limits()
        session.probing { add(call, to: &limits, of: signature.path) }
        if limits != PlanCall.Limits() { policies.limits = limits }
      case .uses, .priority:
        guard signature != nil else { continue }
        var needs = policies.needs ?? PlanCall.Needs()
        session.probing { add(call, to: &needs) }
        if needs != PlanCall.Needs() { policies.needs = needs }
      case .cache:
        if let effect, effect <= .read, !type.containsFile { policies.cache = session.probing { cache(call) } }
      case .poll, .fallback, .assume, .compensate, .parallel, .onError, .first, .max, nil: break
      }
    }
  }

  /// - node: the step's; nil in `defaults`
  private func add(_ call: Call, to limits: inout PlanCall.Limits, of node: String?) {
    switch PolicyName(rawValue: call.path.text) {
    case .breaker: limits.breaker = breaker(call)
    case .limit: limits.pool = limit(call)
    case .rate: limits.rate = rate(call, of: node)
    default: break
    }
  }

  private func add(_ call: Call, to needs: inout PlanCall.Needs) {
    switch PolicyName(rawValue: call.path.text) {
    case .uses: uses(call, in: &needs)
    case .priority: needs.priority = priority(call)
    default: break
    }
  }

  /// What can only be said of one step.
  private func checkSingular(_ calls: [Call]) {
    for call in calls {
      switch PolicyName(rawValue: call.path.text) {
      case .fallback:
        session.report(
          .badPolicyValue(
            "`fallback` is not for `defaults`: what a step gives where it fails has the type of its own result",
            at: call.range))
      case .cache:
        guard let key = call.argument(for: "key", at: 1) else { continue }
        session.report(
          .badPolicyValue(
            "a `key` is not for `defaults`: it stands for the arguments of one step, and all would share its result",
            at: key.value.range))
      default: continue
      }
    }
  }

  /// The policies of `defaults`: those of steps and of loops, whose arguments stand for all of them.
  /// - file: those of the file, which hold beside those of a workflow
  func check(defaults calls: [Call], of file: [Call]) {
    var policies = StepPolicies()
    var limits = PlanCall.Limits()
    var needs = PlanCall.Needs()
    checkSingular(calls)
    let calls = calls.filter { $0.path.text != PolicyName.fallback.rawValue }
    visit(calls, in: PolicyName.ofDefaults, of: "`defaults`") { name, call in
      switch name {
      case .timeout: policies.timeout = timeout(call)
      case .retry: policies.retry = retry(call, of: nil, error: kindOfAny(call))
      case .deadline: policies.deadline = deadline(call)
      case .startBy: policies.startBy = startBy(call)
      case .heartbeat: policies.heartbeat = heartbeat(call, of: nil)
      case .parallel: _ = parallel(call)
      case .onError: _ = onError(call)
      case .onInterrupt: _ = defaultOnInterrupt(call)
      case .breaker, .limit, .rate: add(call, to: &limits, of: nil)
      case .uses, .priority: add(call, to: &needs)
      case .cache: _ = cache(call)
      case .poll, .fallback, .assume, .compensate, .first, .max: break
      }
    }
    if policies.deadline == nil, let call = file.first(where: { $0.path.text == PolicyName.deadline.rawValue }) {
      policies.deadline = session.probing { deadline(call) }
    }
    checkSpans(policies, calls)
    checkSilence(policies, calls, of: nil)
  }

  func check(loop calls: [Call]) -> LoopPolicies {
    var policies = LoopPolicies()
    for call in session.defaults where !calls.contains(where: { $0.path.text == call.path.text }) {
      if call.path.text == "parallel" { policies.parallel = session.probing { parallel(call) } }
      if call.path.text == "on_error" { policies.onError = session.probing { onError(call) } }
    }
    visit(calls, in: [.parallel, .onError, .first], of: "a `for`") { name, call in
      switch name {
      case .parallel: policies.parallel = parallel(call)
      case .onError: policies.onError = onError(call)
      case .first: policies.first = first(call)
      default: break
      }
    }
    if policies.first != nil { tolerateFailures(&policies, calls) }
    return policies
  }

  /// How long a wait goes on at most; one for a time alone says that itself.
  func check(wait calls: [Call], isForTime: Bool) -> Expression? {
    var limit: Expression?
    visit(calls, in: isForTime ? [] : [.timeout], of: isForTime ? "a wait for a time" : "a wait") { _, call in
      limit = timeout(call)
    }
    return limit
  }

  /// Visits the calls that name a policy of this place, each policy once.
  func visit(
    _ calls: [Call], in place: [PolicyName], of what: String, _ body: (PolicyName, Call) -> Void
  ) {
    for number in calls.indices where !calls[number].path.isMissing {
      let path = calls[number].path
      guard let name = place.first(where: { $0.rawValue == path.text }) else {
        session.report(.unknownPolicy(path, place: what, candidates: place.map(\.rawValue)))
        continue
      }
      if let first = calls[..<number].firstIndex(where: { $0.path.text == path.text }) {
        session.report(.duplicate("the policy", Name(path.text, at: path.range), first: calls[first].path.range))
      } else {
        body(name, calls[number])
      }
    }
  }

  /// The value that an argument has in every run; nil where it is not known.
  func known(_ argument: Expression?) -> Value? { argument?.constantValue(in: expressions.scope) }

  /// Whether one of the policies is misspelt, so that it may be any.
  func hasUnknown(_ calls: [Call]) -> Bool {
    calls.contains { $0.path.isMissing || PolicyName(rawValue: $0.path.text) == nil }
  }

  /// The argument of a policy with one parameter.
  func bind(_ call: Call, to parameter: ParameterSignature) -> Expression {
    var substitution = Substitution()
    return expressions.bind(call, to: parameter, of: call.path.text, declared: nil, &substitution)
  }

  /// The arguments of a policy in the order of its parameters.
  /// - isOwn: which of them are for the parameters, by their numbers
  func bind(
    _ call: Call, to parameters: [ParameterSignature], where isOwn: (Int) -> Bool = { _ in true }
  ) -> [Expression] {
    var substitution = Substitution()
    return expressions.bind(
      call, to: parameters, of: call.path.text, declared: nil, &substitution, where: isOwn)
  }
}

/// The policies there are.
enum PolicyName: String, CaseIterable {
  case timeout, heartbeat, retry, deadline, poll, cache, fallback, breaker, limit, rate, uses, priority
  case assume, compensate
  case parallel, first, max
  case startBy = "start_by"
  case onError = "on_error"
  case onInterrupt = "on_interrupt"

  static let ofSteps: [PolicyName] = [
    .timeout, .heartbeat, .retry, .deadline, .startBy, .poll, .cache, .fallback, .breaker, .limit, .rate, .uses,
    .priority, .onInterrupt, .assume, .compensate,
  ]
  /// What may be said of many steps or loops at once.
  static let ofDefaults: [PolicyName] = [
    .timeout, .heartbeat, .retry, .deadline, .startBy, .cache, .breaker, .limit, .rate, .uses, .priority, .onInterrupt,
    .parallel, .onError,
  ]
}
