import DxshExpressions
import DxshPlan
import DxshTime

/// Whether a failed attempt is repeated, and after how long.
enum RetryDecision {
  /// Nil when the failure is final; no shorter than the failure asks for. `attempt` is the one that failed, from 1. The
  /// jitter is a hash of `seed` and the attempt, so the same run decides the same again.
  static func delay(
    after attempt: Int, _ failure: NodeFailure, _ retry: PlanCall.Retry?, in frame: Frame,
    seed: @autoclosure () -> String
  ) throws(EvaluationError) -> TimeSpan? {
    guard let retry, retry.only?.contains(failure.kind) ?? true,
      case .int(let attempts) = try Evaluator.evaluate(retry.attempts, in: frame), Int64(attempt) < attempts
    else { return nil }
    if let unless = retry.unless {
      frame.values[unless.slot] = failure.value
      if try Evaluator.evaluate(unless.condition, in: frame) == .bool(true) { return nil }
    }
    return max(try pause(after: attempt, retry, in: frame, seed: seed()), failure.retryAfter ?? .zero)
  }

  /// How long is waited before the next attempt.
  static func pause(
    after attempt: Int, _ retry: PlanCall.Retry, in frame: Frame, seed: @autoclosure () -> String
  ) throws(EvaluationError) -> TimeSpan {
    guard let backoff = retry.backoff else { return .zero }
    let full = try delay(backoff, after: attempt, in: frame)
    let spread = try retry.jitter.map { jitter throws(EvaluationError) in try Evaluator.evaluate(jitter, in: frame) }
    return spread == .bool(false) ? full : scaled(full, by: fraction(seed(), attempt))
  }

  private static func delay(
    _ backoff: PlanCall.Retry.Backoff, after attempt: Int, in frame: Frame
  ) throws(EvaluationError) -> TimeSpan {
    switch backoff {
    case .fixed(let base): return try PolicyValue.delay(base, name, in: frame)
    case .linear(let base):
      return try PolicyValue.delay(base, name, in: frame).multiplied(by: Int64(attempt))
        ?? TimeSpan(nanoseconds: .max)
    case .exponential(let base, let limit, let factor):
      let growth = try factor.map { factor throws(EvaluationError) in try PolicyValue.factor(factor, in: frame) } ?? 2
      var power = 1.0
      for _ in 1..<max(attempt, 1) where power < largestPower { power *= growth }
      let delay = scaled(try PolicyValue.delay(base, name, in: frame), by: min(power, largestPower))
      guard let limit else { return delay }
      return min(delay, try PolicyValue.delay(limit, "`max` of `backoff`", in: frame))
    }
  }

  private static let name = "`backoff`"
  /// So many nanoseconds are longer than any span; times zero it is still zero.
  private static let largestPower = 0x1p63

  /// - factor: finite and not negative, as the span is
  private static func scaled(_ span: TimeSpan, by factor: Double) -> TimeSpan {
    let nanoseconds = Double(span.clampedNanoseconds) * factor
    return TimeSpan(nanoseconds: nanoseconds >= 0x1p63 ? .max : Int64(nanoseconds))
  }

  /// 0 ..< 1 from FNV-1a over the seed and the attempt.
  private static func fraction(_ seed: String, _ attempt: Int) -> Double {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in "\(seed)#\(attempt)".utf8 {
      hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3
    }
    hash ^= hash >> 32
    hash = hash &* 0x9e37_79b9_7f4a_7c15
    return Double(hash >> 11) / 0x1p53
  }
}
