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
  var batches = 0
  var plans = 0
  /// Where to go on; nil when that was all.
  var next: RetiredRuns.Place?
}
