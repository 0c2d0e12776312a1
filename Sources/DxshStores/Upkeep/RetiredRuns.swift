/// Some runs of a workflow that may go.
struct RetiredRuns: Sendable {
  /// A place among the ended runs of a workflow, in the order in which they ended.
  struct Place: Sendable, Equatable {
    /// In milliseconds since the epoch.
    var ended: Int64
    var number: Int64
  }

  var workflow: String
  /// The runs before it may go.
  var end: Place
  /// They must have ended before, in milliseconds since the epoch.
  var endedBefore: Int64
  /// Those up to here have been looked at.
  var start = Place(ended: .min, number: .min)
}

/// What one transaction removed.
struct Retirement: Sendable, Equatable {
  /// The identifiers of the runs.
  var runs: [String] = []
  var plans = 0
  /// Whether some of the runs are there for nobody, but not removed yet.
  var hasMore = false
  /// Where to go on; nil when that was all.
  var next: RetiredRuns.Place?
}

/// A run that is not in its store any more for anybody, while its journal and messages are, of which each transaction
/// removes some: until then its row stands for them, in no workflow, with an identifier that no run has.
enum RunInRemoval {
  static let status = "removing"
  /// Its status is no `RunStatus`, so that what looks for a status does not find it.
  static let isNone = "status <> '\(status)'"
}

/// What one transaction removed of such runs.
struct Clearing: Sendable, Equatable {
  var plans = 0
  /// Whether nothing of any is left.
  var isDone: Bool
}

/// What one transaction removed of what is known of rates.
struct RateSweep: Sendable, Equatable {
  var removed: Int
  /// The key to go on after; nil when that was all.
  var next: String?
}
