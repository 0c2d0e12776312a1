import DxshExpressions
package import DxshRuntime
import DxshTime

/// `debug.sleep`: answers after a time on the engine's clock.
package struct DebugSleepNode: ImmediateNode {
  package let name = "debug.sleep"

  package init() {}

  package func answer(_ call: NodeCall, in context: NodeContext) throws(NodeFailure) -> NodeAnswer {
    .after(max(call.duration("duration"), .zero), .emptyRecord)
  }
}
