import DxshExpressions
import DxshTime

/// The values of policies, computed when their step begins or fails. One that makes no sense throws `limit` and is
/// named: where it is written as a constant, the checker has refused it.
enum PolicyValue {
  /// Above zero.
  /// - name: what the message calls it, such as `` `deadline` ``
  static func span(_ expression: Expression, _ name: String, in frame: Frame) throws(EvaluationError) -> TimeSpan {
    let span = try duration(expression, in: frame)
    if span > .zero { return span }
    throw EvaluationError(.limit, "\(name) takes a duration above 0s, not \(span)")
  }

  /// Zero or more.
  static func delay(_ expression: Expression, _ name: String, in frame: Frame) throws(EvaluationError) -> TimeSpan {
    let span = try duration(expression, in: frame)
    if !span.isNegative { return span }
    throw EvaluationError(.limit, "\(name) takes a duration from 0s, not \(span)")
  }

  /// From 1; larger ones than an `Int` holds are cut to that.
  static func count(_ value: Value, _ name: String) throws(EvaluationError) -> Int {
    guard case .int(let count) = value else { preconditionFailure("the checker lets only whole numbers through") }
    if count >= 1 { return Int(clamping: count) }
    throw EvaluationError(.limit, "\(name) takes at least 1, not \(count)")
  }

  /// Finite and above zero.
  static func factor(_ expression: Expression, in frame: Frame) throws(EvaluationError) -> Double {
    guard case .double(let factor) = try Evaluator.evaluate(expression, in: frame) else {
      preconditionFailure("the checker lets only numbers through")
    }
    if factor > 0, factor.isFinite { return factor }
    throw EvaluationError(.limit, "`factor` of `backoff` takes a finite number above 0, not \(factor)")
  }

  private static func duration(_ expression: Expression, in frame: Frame) throws(EvaluationError) -> TimeSpan {
    guard case .duration(let span) = try Evaluator.evaluate(expression, in: frame) else {
      preconditionFailure("the checker lets only durations through")
    }
    return span
  }
}
