import DxshExpressions
package import DxshRuntime

/// `log.info`: hands each line of a message to the run's log.
package struct LogInfoNode: ImmediateNode, SpeakingNode {
  package let name = "log.info"

  package init() {}

  package func answer(_ call: NodeCall, in context: NodeContext) throws(NodeFailure) -> NodeAnswer {
    for line in call.string("message").split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) {
      context.say(String(line), by: call)
    }
    return .value(.emptyRecord)
  }
}
