import DxshExpressions
import DxshPlan
import DxshTime

/// Where the result of a call is found again, and how long it is.
package final class StepCache: Sendable {
  let key: SHA256Digest
  let lifetime: TimeSpan

  /// - arguments: those of the call, by the names of the parameters
  init(_ cache: PlanCall.Cache, of call: PlanCall, _ arguments: [Value], in frame: Frame) throws(EvaluationError) {
    lifetime = try PolicyValue.span(cache.lifetime, "`ttl` of `cache`", in: frame)
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
