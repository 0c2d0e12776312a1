import DxshRuntime

/// A program to run to its end, in a session and process group of its own.
struct ChildProcess: Sendable {
  /// How the program ended.
  struct End: Sendable {
    /// 128 and the signal's number when a signal ended it, as shells count.
    var exitCode: Int
    /// The signal that ended it.
    var signal: Int32?
    var standardOutput: [UInt8]
    var standardError: [UInt8]
  }

  /// The program and its arguments; not empty.
  let command: [String]
  /// What messages call it.
  let name: String
  let input: [UInt8]
  let directory: FilePlace
  let environment: [String: String]
  /// In bytes, for each of the two outputs.
  let outputLimit: Int
  /// How long it may take to end by itself after SIGTERM.
  let patience: Duration
  /// Takes each line of the standard error, as soon as it is whole.
  let say: @Sendable (String) -> Void
  /// Takes how much memory it uses; nil where nobody wants to know.
  let meter: UseMeter?
  /// Takes signs of life: whatever it writes; nil where nobody wants to know.
  let life: SignsOfLife?

  /// Throws `NodeFailure` of the kinds `spawn` and `output`, and `CancellationError`. Whatever it throws or returns,
  /// no process of the group is left.
  func run() async throws -> End {
    try Task.checkCancellation()
    let (process, watch) = try start()
    let (result, leavesOthers) = await withTaskCancellationHandler {
      await process.end()
    } onCancel: {
      process.terminate(patience: patience)
    }
    // They may say what they like until they have ended.
    if leavesOthers { await process.group.end(patience: patience) }
    watch.remove(process)
    LiveProcessGroups.remove(process.group)
    try Task.checkCancellation()
    return try result.get()
  }
}
