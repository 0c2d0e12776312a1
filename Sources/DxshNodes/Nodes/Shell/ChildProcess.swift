import DxshExpressions
import DxshRuntime
import Glibc
import Subprocess
import Synchronization
import SystemPackage

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
    let configuration = try configuration()
    let input = try StandardInput.descriptor(holding: input)
    let group = Mutex<ProcessGroup?>(nil)
    let outcome: Result<End, any Error>
    do {
      let result = try await Subprocess.run(
        configuration, input: .fileDescriptor(input, closeAfterSpawningProcess: true), output: .sequence,
        error: .sequence
      ) { execution in
        let own = ProcessGroup(leader: execution.processIdentifier.value)
        LiveProcessGroups.insert(own)
        group.withLock { $0 = own }
        let measuring = meter.map { meter in Task { await own.measure(meter) } }
        defer { measuring?.cancel() }
        // In a task that is not cancelled with this one, since a program that is told to end may still have to write.
        let (output, error) = (execution.standardOutput, execution.standardError)
        return try await Task { try await capture(output, error) }.value
      }
      outcome = .success(
        End(result.terminationStatus, output: result.closureResult.output, error: result.closureResult.error))
    } catch let error as SubprocessError {
      outcome = .failure(failure(for: error))
    } catch {
      outcome = .failure(error)
    }
    if let own = group.withLock({ $0 }) {
      await own.end(patience: patience)
      LiveProcessGroups.remove(own)
    }
    try Task.checkCancellation()
    return try outcome.get()
  }

  private typealias Captured = (output: [UInt8], error: [UInt8])

  /// Both outputs to their ends, side by side, since a program waits when either pipe is full.
  private func capture(
    _ output: SubprocessOutputSequence, _ error: SubprocessOutputSequence
  ) async throws -> Captured {
    try await withThrowingTaskGroup(of: (isOutput: Bool, bytes: [UInt8]).self) { group in
      group.addTask { (true, try await read(output, "standard output") { _ in }) }
      group.addTask {
        var lines = LineSplitter(say)
        defer { lines.end() }
        return (false, try await read(error, "standard error") { lines.add($0) })
      }
      var captured: Captured = ([], [])
      for try await part in group {
        if part.isOutput { captured.output = part.bytes } else { captured.error = part.bytes }
      }
      return captured
    }
  }

  private func read(
    _ stream: SubprocessOutputSequence, _ title: String, _ note: ([UInt8]) -> Void
  ) async throws -> [UInt8] {
    var bytes: [UInt8] = []
    for try await buffer in stream {
      let before = bytes.count
      buffer.withUnsafeBytes { bytes.append(contentsOf: $0) }
      life?.note()
      note(Array(bytes[before...]))
      guard bytes.count <= outputLimit else {
        let limit = SizeText.format(Int64(outputLimit))
        throw NodeFailure("output", "\(name) wrote more than \(limit) to its \(title), so it was ended")
      }
    }
    return bytes
  }
}

extension ChildProcess.End {
  fileprivate init(_ status: TerminationStatus, output: [UInt8], error: [UInt8]) {
    switch status {
    case .exited(let code): self.init(exitCode: Int(code), signal: nil, standardOutput: output, standardError: error)
    case .signaled(let signal):
      self.init(exitCode: 128 + Int(signal), signal: signal, standardOutput: output, standardError: error)
    }
  }
}
