package import DxshTime

/// A line that a node of a run said, or a program that it ran.
package struct LogLine: Sendable, Equatable {
  package enum Level: String, Sendable, CaseIterable {
    /// Of `log.info`.
    case info
    /// What a program wrote to its standard error.
    case stderr
  }

  /// The step's stable path.
  package var path: String
  /// From 1.
  package var attempt: Int
  package var at: Timestamp
  package var level: Level
  /// Without a newline.
  package var text: String

  package init(path: String, attempt: Int, at: Timestamp, level: Level, text: String) {
    self.path = path
    self.attempt = attempt
    self.at = at
    self.level = level
    self.text = text
  }
}

/// Where the lines that runs say are kept, apart from their journals: losing one fails nothing.
package protocol RunLogs: Sendable {
  /// Takes a line; returns at once, and never fails. Lines that cannot be kept are counted and left out.
  func add(_ line: LogLine, of run: String)

  /// Returns when what was added before has been written or left out.
  func flush() async

  /// The lines of a run after the one of a number, in their order, at most `limit`. Throws `.unavailable` and
  /// `.damaged`; there are none where nothing was ever kept.
  func lines(of run: String, after number: Int64, limit: Int) async throws(RunStoreError) -> [NumberedLine]

  /// How many lines of a run were left out, and the number of the last one before them.
  func leftOut(of run: String) async throws(RunStoreError) -> (count: Int64, after: Int64)

  /// Calls back, on any thread, when lines are lost, with one sentence; at most once a minute.
  func inTrouble(_ say: @escaping @Sendable (String) -> Void)

  /// Drops all lines of runs.
  func remove(_ runs: [String]) async
}

/// A line as it is kept; numbers grow from 1, with gaps where lines were left out.
package struct NumberedLine: Sendable, Equatable {
  package var number: Int64
  package var line: LogLine

  package init(number: Int64, line: LogLine) {
    self.number = number
    self.line = line
  }
}
