import DxshExpressions
import DxshPlan
import DxshTime

/// Where the result of a call is found again, and how long it is.
package final class StepCache: Sendable {
  /// Of the call, but for the folder that relative paths in its arguments are relative to.
  let key: SHA256Digest
  /// Whether the author has said what the result depends on.
  let isNamed: Bool
  let lifetime: TimeSpan

  /// - arguments: those of the call, by the names of the parameters
  init(_ cache: PlanCall.Cache, of call: PlanCall, _ arguments: [Value], in frame: Frame) throws(EvaluationError) {
    lifetime = try PolicyValue.span(cache.lifetime, "`ttl` of `cache`", in: frame)
    isNamed = cache.key != nil
    var writer = ValueWriter()
    // What another version of a node gives has another type, or another name (`stdlib/`).
    for text in ["result 1", call.node, call.result.description] { writer.text(text) }
    if let key = cache.key {
      writer.text("key")
      writer.value(try Evaluator.evaluate(key, in: frame))
    } else {
      for (argument, value) in zip(call.arguments, arguments) {
        writer.text(argument.name)
        writer.value(value)
      }
    }
    key = SHA256Digest(of: writer.bytes)
  }
}
