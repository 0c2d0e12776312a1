import DxshExpressions
import DxshPlan
import DxshTime
import HeapModule

/// Starting calls, and what comes of them.
extension Engine {
  /// Performs one command; false when there is none.
  func performNext() -> Bool {
    guard nextCommand < commands.count else {
      commands.removeAll(keepingCapacity: true)
      nextCommand = 0
      return false
    }
    let command = commands[nextCommand]
    nextCommand += 1
    switch command {
    case .call(let call):
      if call.delay == .zero { start(call) } else { setAlarm(after: call.delay, .start(call)) }
    case .cancel(let id): cancel(id)
    case .end(let outcome): self.outcome = outcome
    }
    if nextCommand > 4096 {
      commands.removeFirst(nextCommand)
      nextCommand = 0
    }
    return true
  }

  /// Starts the next call that waits for a place, if there is one and a place.
  func startQueued() -> Bool {
    guard nextInQueue < queue.count, flights.count < options.maxParallel else {
      if nextInQueue == queue.count, !queue.isEmpty {
        queue.removeAll(keepingCapacity: true)
        nextInQueue = 0
      }
      return false
    }
    nextInQueue += 1
    launch(queue[nextInQueue - 1])
    return true
  }

  /// Calls a node that answers at once; puts the others into the queue.
  func start(_ call: StepCall) {
    let bound = bound.call(scope: call.scope, node: Int(call.id.node))
    guard let node = bound.immediate else { return queue.append(call) }
    announce(call)
    do throws(NodeFailure) {
      switch try node.answer(request(call, bound), in: context) {
      case .value(let value): settle(call.id, attempt: call.attempt, decode(value, bound))
      case .after(let span, let value):
        flights[call.id] = Flight(attempt: call.attempt, task: nil)
        if span > call.timeout {
          setAlarm(after: call.timeout, .answer(call.id, attempt: call.attempt, .failure(timedOut(call))))
        } else {
          setAlarm(after: span, .answer(call.id, attempt: call.attempt, decode(value, bound)))
        }
      }
    } catch {
      settle(call.id, attempt: call.attempt, .failure(error))
    }
  }

  /// Runs a node that waits for the world in a task of its own.
  private func launch(_ call: StepCall) {
    let bound = bound.call(scope: call.scope, node: Int(call.id.node))
    announce(call)
    let request = request(call, bound)
    let (implementation, decoder) = (bound.implementation, bound.decoder)
    let (context, post) = (context, post)
    let (id, attempt) = (call.id, call.attempt)
    let task = Task {
      let result: Result<Value, NodeFailure>
      do {
        let value = try await implementation.call(request, in: context)
        result = Self.decode(value, decoder)
      } catch let failure as NodeFailure {
        result = .failure(failure)
      } catch is CancellationError {
        result = .failure(NodeFailure("cancelled", "the call was cancelled"))
      } catch {
        result = .failure(NodeFailure("failed", "\(error)"))
      }
      post.yield(.finished(id, attempt: attempt, result))
    }
    flights[id] = Flight(attempt: attempt, task: task)
    setAlarm(after: call.timeout, .timeout(id, attempt: attempt))
  }

  private func announce(_ call: StepCall) {
    observer?.stepStarted(call.id, path: interpreter.path(of: call.id), attempt: call.attempt)
    record(interpreter.path(of: call.id), .attemptStarted(attempt: call.attempt))
  }

  private func request(_ call: StepCall, _ bound: BoundPlan.Call) -> NodeCall {
    NodeCall(
      parameters: bound.parameters, arguments: call.arguments, resultType: bound.plan.result,
      key: bound.plan.effect > .idempotent ? "\(runID)/\(interpreter.path(of: call.id))" : "", attempt: call.attempt)
  }

  private func timedOut(_ call: StepCall) -> NodeFailure {
    NodeFailure("timeout", "no answer within \(call.timeout)")
  }

  /// A node that answers off its type fails (rule 49).
  private func decode(_ value: Value, _ bound: BoundPlan.Call) -> Result<Value, NodeFailure> {
    Self.decode(value, bound.decoder)
  }

  private static func decode(_ value: Value, _ decoder: TypeDecoder) -> Result<Value, NodeFailure> {
    do {
      return .success(try decoder.decode(value))
    } catch {
      return .failure(NodeFailure("decode", error.message))
    }
  }

  // MARK: - Ends

  /// An answer came: of a call that may since have timed out or been cancelled.
  func finish(_ id: StepID, attempt: Int, _ result: Result<Value, NodeFailure>) {
    guard let flight = flights[id], flight.attempt == attempt else { return }
    flights[id] = nil
    if flight.isCancelled {
      record(interpreter.path(of: id), .cancelled)
      observer?.stepEnded(
        id, path: interpreter.path(of: id), failure: NodeFailure("cancelled", "cancelled"), willRetry: false)
      return interpreter.apply(.cancelled(id), &commands)
    }
    if flight.isTimedOut, case .failure = result {
      return settle(id, attempt: attempt, .failure(NodeFailure("timeout", "no answer in time")))
    }
    settle(id, attempt: attempt, result)
  }

  private func settle(_ id: StepID, attempt: Int, _ result: Result<Value, NodeFailure>) {
    switch result {
    case .success(let value):
      record(interpreter.path(of: id), .succeeded(value))
      observer?.stepEnded(id, path: interpreter.path(of: id), failure: nil, willRetry: false)
      interpreter.apply(.succeeded(id, value), &commands)
    case .failure(let failure):
      record(
        interpreter.path(of: id), .attemptFailed(attempt: attempt, kind: failure.kind, message: failure.message))
      let path = observer == nil ? "" : interpreter.path(of: id)
      let before = commands.count
      interpreter.apply(.attemptFailed(id, attempt: attempt, failure), &commands)
      let willRetry = commands[before...].contains { command in
        if case .call(let call) = command { call.id == id && call.attempt == attempt + 1 } else { false }
      }
      observer?.stepEnded(id, path: path, failure: failure, willRetry: willRetry)
    }
  }

  private func cancel(_ id: StepID) {
    if let position = queue[nextInQueue...].firstIndex(where: { $0.id == id }) {
      queue.remove(at: position)
      return interpreter.apply(.cancelled(id), &commands)
    }
    if let flight = flights[id] {
      flights[id]?.isCancelled = true
      if let task = flight.task { return task.cancel() }
      return finish(id, attempt: flight.attempt, .failure(NodeFailure("cancelled", "cancelled")))
    }
    // It waits for its next attempt, or its command is still to come.
    if dropAlarm(of: id) || dropCommand(of: id) { interpreter.apply(.cancelled(id), &commands) }
  }

  private func dropAlarm(of id: StepID) -> Bool {
    let kept = alarms.unordered.filter { alarm in
      if case .start(let call) = alarm.kind { call.id != id } else { true }
    }
    guard kept.count < alarms.count else { return false }
    alarms = .init(kept)
    return true
  }

  private func dropCommand(of id: StepID) -> Bool {
    let position = commands[nextCommand...].firstIndex { command in
      if case .call(let call) = command { call.id == id } else { false }
    }
    guard let position else { return false }
    commands.remove(at: position)
    return true
  }
}
