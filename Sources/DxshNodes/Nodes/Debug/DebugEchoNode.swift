package import DxshRuntime

/// `debug.echo`: returns its value.
package struct DebugEchoNode: ImmediateNode {
  package let name = "debug.echo"

  package init() {}

  package func answer(_ call: NodeCall, in context: NodeContext) throws(NodeFailure) -> NodeAnswer {
    .value(call["value"])
  }
}
