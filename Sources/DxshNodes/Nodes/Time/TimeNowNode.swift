import DxshExpressions
package import DxshRuntime
import DxshTime

/// `time.now`: the time on the engine's clock.
package struct TimeNowNode: ImmediateNode {
  package let name = "time.now"

  package init() {}

  package func answer(_ call: NodeCall, in context: NodeContext) throws(NodeFailure) -> NodeAnswer {
    .value(.timestamp(context.clock.now()))
  }
}
