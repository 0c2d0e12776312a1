import DxshExpressions
import DxshRuntime
import Glibc
import Synchronization

/// A program under way: what it has written so far, and who waits for its end. `ProcessWatch` looks after it.
final class RunningProcess: Sendable {
  /// What it writes to.
  enum Stream: String {
    case output = "standard output"
    case error = "standard error"
  }

  private struct State {
    var output: [UInt8] = []
    var error: [UInt8] = []
    var lines: LineSplitter
    /// Why it has to end before it wants to.
    var failure: NodeFailure?
    /// What kills it after it was told to end.
    var killing: Task<Void, Never>?
    /// As waitpid(2) gives it; nil while its number is surely its own.
    var status: Int32?
    /// Whether it has ended and all that it wrote is here.
    var isOver = false
    var waiting: CheckedContinuation<Void, Never>?
  }

  let group: ProcessGroup
  /// Readable when it has ended (pidfd_open(2)). `ProcessWatch` closes it, and the others.
  let exit: Int32
  /// The ends of its pipes that this process reads, without being blocked.
  let output: Int32
  let error: Int32
  private let program: ChildProcess
  private let state: Mutex<State>

  /// Takes the descriptors over.
  init(_ program: ChildProcess, _ group: ProcessGroup, exit: Int32, output: Int32, error: Int32) {
    self.program = program
    self.group = group
    (self.exit, self.output, self.error) = (exit, output, error)
    state = Mutex(State(lines: LineSplitter(program.say)))
  }

  /// Waits for its end, of which no cancellation keeps it; to be called once.
  func end() async -> Result<ChildProcess.End, NodeFailure> {
    await withCheckedContinuation { continuation in
      let isOver = state.withLock { state in
        if !state.isOver { state.waiting = continuation }
        return state.isOver
      }
      if isOver { continuation.resume() }
    }
    return state.withLock { state in
      if let failure = state.failure { return .failure(failure) }
      return .success(ChildProcess.End(state.status ?? 0, output: state.output, error: state.error))
    }
  }

  /// Tells its group to end, and kills what is left of it after `patience`. Once is enough.
  func terminate(patience: Duration) {
    state.withLock { state in
      guard state.status == nil, state.killing == nil else { return }
      kill(-group.leader, SIGTERM)
      state.killing = Task {
        guard (try? await ContinuousClock().sleep(for: patience)) != nil else { return }
        self.state.withLock { state in
          if state.status == nil { kill(-self.group.leader, SIGKILL) }
        }
      }
    }
  }

  // MARK: - For `ProcessWatch`

  /// It has written so much. What is more than it may write ends it, and is dropped.
  func note(_ bytes: [UInt8], in stream: Stream) {
    program.life?.note()
    let isTooLong = state.withLock { state in
      guard state.failure == nil else { return false }
      let count: Int
      switch stream {
      case .output:
        state.output += bytes
        count = state.output.count
      case .error:
        state.error += bytes
        state.lines.add(bytes)
        count = state.error.count
      }
      guard count > program.outputLimit else { return false }
      let limit = SizeText.format(Int64(program.outputLimit))
      state.failure = NodeFailure(
        "output", "\(program.name) wrote more than \(limit) to its \(stream.rawValue), so it was ended")
      (state.output, state.error) = ([], [])
      return true
    }
    if isTooLong { terminate(patience: program.patience) }
  }

  /// Asks the system whether it has ended, and notes it; from then on its number may be another's.
  func takeStatus() -> Bool {
    state.withLock { state in
      var status: Int32 = 0
      guard state.status == nil, waitpid(group.leader, &status, WNOHANG) == group.leader else { return false }
      state.status = status
      return true
    }
  }

  /// It has ended, and all that it wrote is noted.
  func finish() {
    let waiting = state.withLock { state in
      state.isOver = true
      state.lines.end()
      state.killing?.cancel()
      defer { state.waiting = nil }
      return state.waiting
    }
    waiting?.resume()
  }
}

extension ChildProcess.End {
  /// - status: as waitpid(2) gives it
  fileprivate init(_ status: Int32, output: [UInt8], error: [UInt8]) {
    let signal = status & 0x7F
    self.init(
      exitCode: signal == 0 ? Int(status >> 8 & 0xFF) : 128 + Int(signal), signal: signal == 0 ? nil : signal,
      standardOutput: output, standardError: error)
  }
}
