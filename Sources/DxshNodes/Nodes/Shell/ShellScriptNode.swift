package import DxshExpressions
package import DxshRuntime

/// `shell.script`: a script of the POSIX shell.
package struct ShellScriptNode: SpeakingNode {
  package let name = "shell.script"
  private let step: ShellStep

  /// `patience` is how long the processes may take to end by themselves after SIGTERM.
  package init(patience: Duration = .seconds(5)) {
    self.step = ShellStep(patience: patience)
  }

  @concurrent
  package func call(_ call: NodeCall, in context: NodeContext) async throws -> Value {
    try await step.run(
      ["/bin/sh", "-eu", "-c", call.string("script")], calledInMessages: "the script", for: call, in: context)
  }
}
