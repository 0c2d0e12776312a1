import DxshExpressions
import DxshPlan
import DxshSyntax
import DxshTime

/// `uses(cpu: cores, memory: size, time: d)` and `priority(n)`: what an attempt uses of the machine while it is under
/// way, and which of the steps that are ready goes first (rule 42).
extension PolicyChecker {
  /// Values may depend on the step's names: how large a file is, say.
  func uses(_ call: Call, in needs: inout PlanCall.Needs) {
    if call.arguments.isEmpty, !call.path.isMissing {
      session.report(
        .badPolicyValue("`uses` says what an attempt needs: `cpu:`, `memory:` or `time:`", at: call.range))
      return
    }
    let values = bind(call, to: Self.usesParameters)
    for (number, parameter) in Self.usesParameters.enumerated() {
      let isAboveZero: Bool
      switch known(values[number]) {
      case .double(let cores)?: isAboveZero = cores > 0 && cores.isFinite
      case .size(let bytes)?: isAboveZero = bytes > 0
      case .duration(let span)?: isAboveZero = span > .zero
      default: isAboveZero = true
      }
      if !isAboveZero {
        session.report(
          .badPolicyValue(
            "the `\(parameter.name)` of `uses` is above zero",
            at: call.argument(for: parameter.name, at: number)?.value.range ?? call.range))
      }
    }
    func given(_ number: Int) -> Expression? { values[number] == Self.nothing ? nil : values[number] }
    (needs.cpu, needs.memory, needs.time) = (given(0), given(1), given(2))
  }

  /// The same in every run, so that a plan tells the order.
  func priority(_ call: Call) -> Int {
    let errors = session.errorCount
    let value = bind(call, to: ParameterSignature(name: "priority", type: .int))
    guard session.errorCount == errors else { return 0 }
    guard case .int(let number)? = known(value), Self.priorities.contains(number) else {
      session.report(
        .badPolicyValue(
          "`priority` takes a constant from \(Self.priorities.lowerBound) to \(Self.priorities.upperBound)",
          at: call.arguments.first?.value.range ?? call.range))
      return 0
    }
    return Int(number)
  }

  private static let priorities: ClosedRange<Int64> = -1000...1000
  private static let nothing = Expression.constant(Constant(.none))
  private static let usesParameters = [
    ParameterSignature(name: "cpu", type: .double, defaultValue: nothing),
    ParameterSignature(name: "memory", type: .size, defaultValue: nothing),
    ParameterSignature(name: "time", type: .duration, defaultValue: nothing),
  ]
}
