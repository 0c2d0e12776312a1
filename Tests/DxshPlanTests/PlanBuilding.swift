import DxshExpressions
import DxshPlan
import DxshTime

/// Short ways to write plans in tests.
enum PlanBuilding {
  static func plan(
    _ nodes: [PlanNode], slots: [String] = ["a", "b", "c", "d"], parameters: [Plan.Parameter] = [],
    secrets: [Plan.Secret] = []
  ) -> Plan {
    let inputs =
      parameters.map { PlanScope.Slot(name: $0.name, type: $0.type) }
      + secrets.map { PlanScope.Slot(name: $0.name, type: .secret($0.type)) }
    return Plan(
      workflow: "w", parameters: parameters, secrets: secrets, result: nil,
      body: PlanScope(slots: inputs + slots.map { .init(name: $0, type: .int) }, nodes: nodes))
  }

  static func node(
    _ path: String, _ kind: PlanNode.Kind = .barrier, after: [Int] = [], if guardedBy: (Int, Bool)? = nil
  ) -> PlanNode {
    PlanNode(
      path: path, kind: kind, guardedBy: guardedBy.map { .init(condition: $0.0, when: $0.1) }, dependencies: after)
  }

  static func call(_ slot: Int? = nil, arguments: [Expression] = []) -> PlanCall {
    PlanCall(
      node: "debug.echo", effect: .idempotent, arguments: arguments.map { .init(name: "value", value: $0) },
      result: .int, slot: slot, timeout: .constant(Constant(.duration(TimeSpan(nanoseconds: 1_000_000_000)))),
      retry: nil)
  }

  static func loop(
    over sequence: Expression = .list([]), index: Int? = nil, element: Int = 0, exports: [(Int, Int)] = [],
    collect: Int? = nil, slots: [String] = ["v", "x"], _ nodes: [PlanNode] = []
  ) -> PlanNode.Kind {
    .loop(
      PlanLoop(
        sequence: sequence, indexSlot: index, elementSlot: element, parallel: nil, onError: .stop,
        collectSlot: collect, exports: exports.map { .init(inner: $0.0, outer: $0.1) },
        body: PlanScope(slots: slots.map { .init(name: $0, type: .int) }, nodes: nodes)))
  }

  static func int(_ number: Int64) -> Expression { .constant(Constant(.int(number))) }

  static func slot(_ slot: Int, out depth: Int = 0) -> Expression { .binding(depth: depth, slot: slot) }

  /// `1 + 1 + …`, so deep.
  static func sum(depth: Int) -> Expression {
    guard let add = FunctionLibrary.function(withID: "add_int64") else { preconditionFailure("no addition") }
    return (1..<depth).reduce(int(1)) { sum, _ in .call(add, [sum, int(1)]) }
  }
}
