import DxshExpressions
import DxshPlan

/// What an attempt has to be given of the machine, and how it is ranked: its `uses` and `priority`, evaluated.
package struct StepNeeds: Sendable, Hashable {
  /// In thousandths of a core.
  package var cpu: Int
  /// In bytes.
  package var memory: Int64
  package var priority: Int

  package init(cpu: Int = 0, memory: Int64 = 0, priority: Int = 0) {
    self.cpu = cpu
    self.memory = memory
    self.priority = priority
  }

  package var reservesNothing: Bool { cpu == 0 && memory == 0 }

  static func thousandths(of cores: Double) -> Int { Int((min(max(cores, 0), 1e6) * 1000).rounded(.up)) }

  /// Throws `limit` for what makes no sense.
  init(_ needs: PlanCall.Needs, in frame: Frame) throws(EvaluationError) {
    self.init(priority: needs.priority)
    if let expression = needs.cpu {
      guard case .double(let cores) = try Evaluator.evaluate(expression, in: frame) else {
        preconditionFailure("the checker lets only numbers through")
      }
      guard cores > 0, cores.isFinite else {
        throw EvaluationError(.limit, "`cpu` of `uses` takes a number above 0, not \(cores)")
      }
      cpu = Self.thousandths(of: cores)
    }
    if let expression = needs.memory {
      guard case .size(let bytes) = try Evaluator.evaluate(expression, in: frame) else {
        preconditionFailure("the checker lets only sizes through")
      }
      guard bytes > 0 else {
        throw EvaluationError(.limit, "`memory` of `uses` takes a size above 0, not \(SizeText.format(bytes))")
      }
      memory = bytes
    }
  }
}
