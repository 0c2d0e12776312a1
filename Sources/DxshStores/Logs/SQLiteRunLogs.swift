package import DxshRuntime
import DxshSQLite
import DxshTime
import Synchronization

/// Lines in `logs.sqlite`, a file of its own in the state folder. They are written by a thread of its own, whatever has
/// gathered at once, and never synced: who says a line waits for nothing.
package final class SQLiteRunLogs: RunLogs {
  private enum Request: Sendable {
    case line(LogLine, run: String)
    case remove([String])
    case flush(CheckedContinuation<Void, Never>)
  }

  private struct State {
    /// Of lines that wait to be written.
    var bytes = 0
    /// Lines that were not even queued, of each run.
    var lost: [String: Int64] = [:]
    var trouble: (@Sendable (String) -> Void)?
    /// When it was last said that lines are lost.
    var saidAt: ContinuousClock.Instant?
    var hasStarted = false
    var reader: LogReader?
  }

  /// So many bytes may wait to be written; further lines are left out.
  private static let queueLimit = 16 << 20

  private let path: String
  private let queue = WorkQueue<Request>()
  private let shared: Shared
  private let bounds: LogWriter.Bounds

  private final class Shared: Sendable {
    let state = Mutex(State())
  }

  package convenience init(folder: String) {
    self.init(folder: folder, bounds: LogWriter.Bounds())
  }

  init(folder: String, bounds: LogWriter.Bounds) {
    path = LogSchema.path(in: folder)
    shared = Shared()
    self.bounds = bounds
  }

  /// Most processes that open a store say nothing: the thread starts with the first line.
  private func enqueue(_ request: Request) {
    let isFirst = shared.state.withLock { state in
      defer { state.hasStarted = true }
      return !state.hasStarted
    }
    if isFirst {
      let (path, shared) = (path, shared)
      let writer = LogWriter(path, bounds)
      queue.start { requests in Self.perform(requests, writer, path, shared) }
    }
    queue.add(request)
  }

  private var reader: LogReader {
    shared.state.withLock { state in
      let reader = state.reader ?? LogReader(path)
      state.reader = reader
      return reader
    }
  }

  deinit { queue.end() }

  package func inTrouble(_ say: @escaping @Sendable (String) -> Void) {
    shared.state.withLock { $0.trouble = say }
  }

  package func add(_ line: LogLine, of run: String) {
    var line = line
    if line.text.utf8.count > LogWriter.longestLine {
      let rest = line.text.utf8.count - LogWriter.longestLine
      line.text =
        String(decoding: line.text.utf8.prefix(LogWriter.longestLine), as: UTF8.self) + " (\(rest) bytes more)"
    }
    let size = line.text.utf8.count + 100
    let hasRoom = shared.state.withLock { state in
      guard state.bytes + size <= Self.queueLimit else {
        state.lost[run, default: 0] += 1
        return false
      }
      state.bytes += size
      return true
    }
    if hasRoom { enqueue(.line(line, run: run)) }
  }

  package func flush() async {
    guard shared.state.withLock(\.hasStarted) else { return }
    await withCheckedContinuation { enqueue(.flush($0)) }
  }

  package func remove(_ runs: [String]) async {
    enqueue(.remove(runs))
    await flush()
  }

  package func lines(
    of run: String, after number: Int64, limit: Int
  ) async throws(RunStoreError) -> [NumberedLine] {
    try await reader.lines(of: run, after: number, limit: limit)
  }

  package func leftOut(of run: String) async throws(RunStoreError) -> (count: Int64, after: Int64) {
    try await reader.leftOut(of: run)
  }

  /// Some runs of which there are lines, after the one of a number, in the order of those; none where the file cannot
  /// be read, which is said.
  func runs(after number: Int64, limit: Int) async -> [(number: Int64, id: String)] {
    do throws(RunStoreError) {
      return try await reader.runs(after: number, limit: limit)
    } catch {
      let say = shared.state.withLock(\.trouble)
      say?("lines of runs that are gone stay in the log: \(error.message)")
      return []
    }
  }

  // MARK: - The thread

  private static func perform(_ requests: [Request], _ writer: LogWriter, _ path: String, _ shared: Shared) {
    var lines: [String: [LogLine]] = [:]
    var removed: [String] = []
    var waiting: [CheckedContinuation<Void, Never>] = []
    var bytes = 0
    for request in requests {
      switch request {
      case .line(let line, let run):
        lines[run, default: []].append(line)
        bytes += line.text.utf8.count + 100
      case .remove(let runs): removed += runs
      case .flush(let continuation): waiting.append(continuation)
      }
    }
    let lost = shared.state.withLock { state in
      state.bytes -= bytes
      defer { state.lost = [:] }
      return state.lost
    }
    do throws(SQLiteError) {
      if !lines.isEmpty || !lost.isEmpty { try writer.write(lines, lost: lost) }
    } catch {
      note(error, lines.mapValues { Int64($0.count) }.merging(lost, uniquingKeysWith: +), path, shared)
    }
    do throws(SQLiteError) {
      if !removed.isEmpty { try writer.remove(removed) }
    } catch {
      note(error, [:], path, shared)
    }
    for continuation in waiting { continuation.resume() }
  }

  /// The lines are lost, and counted once something can be written again.
  private static func note(_ error: SQLiteError, _ lost: [String: Int64], _ path: String, _ shared: Shared) {
    let say = shared.state.withLock { state -> (@Sendable (String) -> Void)? in
      state.lost.merge(lost, uniquingKeysWith: +)
      let now = ContinuousClock.now
      if let saidAt = state.saidAt, now - saidAt < .seconds(60) { return nil }
      state.saidAt = now
      return state.trouble
    }
    let reason = RunStoreError(error, path).message
    say?(
      lost.isEmpty
        ? "lines of runs that are gone stay in the log: \(reason)"
        : "lines of the log are lost: \(reason); the runs go on")
  }
}
