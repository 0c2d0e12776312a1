package import DxshExpressions
package import DxshRuntime
import DxshTime
import Synchronization

/// A node that does what a test says, and remembers its calls.
package final class ScriptedNode: ImmediateNode {
  package let name: String
  private let script: @Sendable (NodeCall) throws(NodeFailure) -> NodeAnswer
  private let log = Mutex<[[Value]]>([])

  package init(_ name: String, _ script: @escaping @Sendable (NodeCall) throws(NodeFailure) -> NodeAnswer) {
    self.name = name
    self.script = script
  }

  package func answer(_ call: NodeCall, in context: NodeContext) throws(NodeFailure) -> NodeAnswer {
    log.withLock { $0.append(call.arguments) }
    return try script(call)
  }

  /// The arguments of every call so far.
  package var calls: [[Value]] { log.withLock { $0 } }
}
