package import DxshExpressions
package import DxshRuntime

/// `shell.run`: a program with its arguments.
package struct ShellRunNode: SpeakingNode {
  package let name = "shell.run"
  private let step: ShellStep

  /// `patience` is how long the processes may take to end by themselves after SIGTERM.
  package init(patience: Duration = .seconds(5)) {
    self.step = ShellStep(patience: patience)
  }

  @concurrent
  package func call(_ call: NodeCall, in context: NodeContext) async throws -> Value {
    try await step.run(call.strings("command"), for: call, in: context)
  }
}
