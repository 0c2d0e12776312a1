import DxshExpressions
import DxshPlan
import DxshTime

/// Builds the plans of these tests, node by node. Names stand for slots and nodes; a slot is made where its name is
/// first mentioned, and an expression waits for nothing by itself.
struct PlanBuilder {
  private(set) var scope = PlanScope(slots: [], nodes: [])
  private var guardedBy: PlanNode.Guard?

  /// The finished plan, with the first slots as parameters.
  func plan(parameters: Int = 0, workflow: String = "w", result: Type? = nil) -> Plan {
    Plan(
      workflow: workflow,
      parameters: scope.slots.prefix(parameters).map { .init(name: $0.name, type: $0.type, defaultValue: nil) },
      result: result, body: scope)
  }

  /// The expression that reads a slot.
  mutating func read(_ name: String) -> Expression { .binding(depth: 0, slot: slot(name)) }

  mutating func slot(_ name: String) -> Int {
    if let slot = scope.slots.firstIndex(where: { $0.name == name }) { return slot }
    scope.slots.append(.init(name: name, type: .int))
    return scope.slots.count - 1
  }

  /// `let name = expression`
  mutating func value(_ name: String, _ expression: Expression, after: String...) {
    add(name, .value(slot: slot(name), expression), after)
  }

  /// `step name = node(value: …)`
  mutating func call(
    _ name: String, _ arguments: Expression..., node: String = "debug.echo", effect: Effect = .idempotent,
    retry: PlanCall.Retry? = nil, timeout: Expression = .duration(seconds: 30), after: [String] = []
  ) {
    let call = PlanCall(
      node: node, effect: effect, arguments: arguments.map { .init(name: "value", value: $0) }, result: .int,
      slot: slot(name), timeout: timeout, retry: retry)
    add(name, .call(call), after)
  }

  mutating func condition(_ path: String, _ expression: Expression, after: String...) {
    add(path, .condition(expression), after)
  }

  mutating func node(_ path: String, _ kind: PlanNode.Kind, after: String...) { add(path, kind, after) }

  /// The nodes of `build` stand in a branch of a condition.
  mutating func branch(of condition: String, when: Bool, _ build: (inout PlanBuilder) -> Void) {
    let outer = guardedBy
    guardedBy = .init(condition: number(condition), when: when)
    build(&self)
    guardedBy = outer
  }

  /// `for v in sequence`; `exports` are names of the body that become lists outside, under the same names.
  mutating func loop(
    _ path: String, over sequence: Expression, exports: [String] = [], parallel: Expression? = nil,
    onError: PlanLoop.OnError = .stop, after: [String] = [], _ build: (inout PlanBuilder) -> Void
  ) {
    var body = PlanBuilder()
    let element = body.slot("v")
    build(&body)
    let loop = PlanLoop(
      sequence: sequence, indexSlot: nil, elementSlot: element, parallel: parallel, onError: onError,
      collectSlot: nil, exports: exports.map { .init(inner: body.slot($0), outer: slot($0)) }, body: body.scope)
    add(path, .loop(loop), after)
  }

  private func number(_ path: String) -> Int {
    guard let number = scope.nodes.firstIndex(where: { $0.path == path }) else {
      preconditionFailure("there is no node \(path)")
    }
    return number
  }

  private mutating func add(_ path: String, _ kind: PlanNode.Kind, _ after: [String]) {
    let dependencies = Set(after.map(number) + (guardedBy.map { [$0.condition] } ?? []))
    scope.nodes.append(PlanNode(path: path, kind: kind, guardedBy: guardedBy, dependencies: dependencies.sorted()))
  }
}

extension Expression {
  static func int(_ number: Int64) -> Expression { .constant(Constant(.int(number))) }
  static func bool(_ flag: Bool) -> Expression { .constant(Constant(.bool(flag))) }
  static func text(_ text: String) -> Expression { .constant(Constant(.text(text))) }
  static func duration(seconds: Int64) -> Expression {
    .constant(Constant(.duration(TimeSpan(nanoseconds: seconds * 1_000_000_000))))
  }

  /// A call of an overload by its identity.
  static func apply(_ id: String, _ arguments: Expression...) -> Expression {
    guard let function = FunctionLibrary.function(withID: id) else { preconditionFailure("no function \(id)") }
    return .call(function, arguments)
  }

  static func sum(_ left: Expression, _ right: Expression) -> Expression { apply("add_int64", left, right) }
}

extension Plan {
  /// The paths of the body's nodes with those that each waits for: `c < a b`.
  var edges: [String] {
    body.nodes.map { node in
      ([node.path, "<"] + node.dependencies.map { body.nodes[$0].path }).joined(separator: " ")
    }
  }
}
