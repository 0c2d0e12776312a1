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
    var lines = LineSplitter()
    /// Why it has to end before it wants to.
    var failure: NodeFailure?
    /// What kills it after it was told to end.
    var killing: Task<Void, Never>?
    /// As waitpid(2) gives it; nil while its process number is surely its own.
    var status: Int32?
    /// Whether there was anybody else in its group when it ended.
    var leavesOthers = false
    /// Whether it has ended and all that counts of what it wrote is here.
    var isOver = false
    var waiting: CheckedContinuation<Void, Never>?
  }

  private static let count = Atomic<UInt64>(0)

  /// No other program of this process ever has it.
  let number: UInt64
  let group: ProcessGroup
  /// Readable when it has ended (pidfd_open(2)). `ProcessWatch` closes it, and the others.
  let exit: Int32
  /// The ends of its pipes that this process reads, without being blocked.
  let output: Int32
  let error: Int32
  private let program: ChildProcess
  private let state = Mutex(State())

  /// Takes the descriptors over.
  init(_ program: ChildProcess, _ group: ProcessGroup, exit: Int32, output: Int32, error: Int32) {
    number = Self.count.add(1, ordering: .relaxed).newValue
    self.program = program
    self.group = group
    (self.exit, self.output, self.error) = (exit, output, error)
  }

  /// Waits for its end, from which no cancellation keeps it; to be called once.
  /// - Returns: what came of it, and whether others are left in its group
  func end() async -> (Result<ChildProcess.End, NodeFailure>, leavesOthers: Bool) {
    await withCheckedContinuation { continuation in
      let isOver = state.withLock { state in
        if !state.isOver { state.waiting = continuation }
        return state.isOver
      }
      if isOver { continuation.resume() }
    }
    return state.withLock { state in
      if let failure = state.failure { return (.failure(failure), state.leavesOthers) }
      let end = ChildProcess.End(state.status ?? 0, output: state.output, error: state.error)
      return (.success(end), state.leavesOthers)
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

  /// It has written so much. What is more than it may write ends it, and is dropped, as is what others write after its
  /// end.
  func note(_ bytes: [UInt8], in stream: Stream) {
    program.life?.note()
    var lines: [String] = []
    let isTooLong = state.withLock { state in
      guard state.failure == nil, !state.isOver else { return false }
      let count: Int
      switch stream {
      case .output:
        state.output += bytes
        count = state.output.count
      case .error:
        state.error += bytes
        lines = state.lines.add(bytes)
        count = state.error.count
      }
      guard count > program.outputLimit else { return false }
      let limit = SizeText.format(Int64(program.outputLimit))
      state.failure = NodeFailure(
        "output", "\(program.name) wrote more than \(limit) to its \(stream.rawValue), so it was ended")
      (state.output, state.error) = ([], [])
      return true
    }
    for line in lines { program.say(line) }
    if isTooLong { terminate(patience: program.patience) }
  }

  /// Asks the system how it ended, and notes it; from then on its process number may be another's, unless others are
  /// left in its group. Says whether they are; nil when it has not ended.
  func takeStatus() -> Bool? {
    GroupMeasuring.shared.remove(group)
    return state.withLock { state in
      guard state.status == nil else { return nil }
      var status: Int32 = 0
      let found = waitpid(group.leader, &status, WNOHANG)
      if found == 0 { return nil }
      if found < 0 {
        state.failure = NodeFailure(
          "exit", "nobody knows how \(program.name) ended: \(SystemError(errno))", isOutcomeUnknown: true)
      }
      state.status = status
      state.leavesOthers = kill(-group.leader, 0) == 0
      return state.leavesOthers
    }
  }

  /// It has ended, and all that counts of what it wrote is noted.
  func finish() {
    let (line, waiting) = state.withLock { state in
      state.isOver = true
      state.killing?.cancel()
      defer { state.waiting = nil }
      return (state.lines.end(), state.waiting)
    }
    if let line { program.say(line) }
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
