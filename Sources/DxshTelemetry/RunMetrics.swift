package import CoreMetrics
package import DxshRuntime

/// What a process that looks after a store counts and measures. Labels have few values: none names a run or a step.
package struct RunMetrics: Sendable {
  private static let seconds = [0.0001, 0.0005, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5]
  private static let bytes = [256.0, 1024, 4096, 16_384, 65_536, 262_144, 1_048_576]

  /// In the order of their listing.
  package static let descriptions: [PrometheusRegistry.Description] = [
    .init("dxsh_runs", .gauge, "Runs of the store that have not ended, by status."),
    .init("dxsh_runs_under_way", .gauge, "Runs under way in this process."),
    .init("dxsh_runs_begun_total", .counter, "Runs that this process began or went on with."),
    .init("dxsh_runs_ended_total", .counter, "Runs that ended in this process, by status."),
    .init("dxsh_runs_left_total", .counter, "Runs that this process left to the store before their end, by why."),
    .init("dxsh_attempts_total", .counter, "Attempts of steps that began."),
    .init("dxsh_retries_total", .counter, "Attempts that failed and will be repeated."),
    .init("dxsh_steps_total", .counter, "Steps that ended, by outcome."),
    .init("dxsh_journal_write_seconds", .histogram(seconds), "How long writes to journals took, until durable."),
    .init("dxsh_journal_batch_bytes", .histogram(bytes), "Sizes of what was written to journals at once."),
    .init("dxsh_due_lag_seconds", .gauge, "How late the run that was due first was found, at the last look."),
    .init("dxsh_store_failures_total", .counter, "Calls of the store that failed, by kind."),
  ]

  /// Of a few values each.
  package enum Left: String, CaseIterable { case waiting, paused, left, taken, failed, quarantined }
  enum Outcome: String, CaseIterable { case succeeded, failed, cancelled, indeterminate }

  let underWay: Meter
  let begun: Counter
  let attempts: Counter
  let retries: Counter
  let writes: Timer
  let batches: Recorder
  let dueLag: Meter
  private let steps: [Outcome: Counter]
  private let factory: any MetricsFactory

  package init(_ factory: any MetricsFactory) {
    self.factory = factory
    underWay = Meter(label: "dxsh_runs_under_way", factory: factory)
    begun = Counter(label: "dxsh_runs_begun_total", factory: factory)
    attempts = Counter(label: "dxsh_attempts_total", factory: factory)
    retries = Counter(label: "dxsh_retries_total", factory: factory)
    writes = Timer(label: "dxsh_journal_write_seconds", factory: factory)
    batches = Recorder(label: "dxsh_journal_batch_bytes", factory: factory)
    dueLag = Meter(label: "dxsh_due_lag_seconds", factory: factory)
    var steps: [Outcome: Counter] = [:]
    for outcome in Outcome.allCases {
      steps[outcome] = Counter(
        label: "dxsh_steps_total", dimensions: [("outcome", outcome.rawValue)], factory: factory)
    }
    self.steps = steps
    // What is rare is there from the beginning, so that a first time is seen as a change.
    for status in RunStatus.allCases where status.isFinal { ended(status, by: 0) }
    for why in Left.allCases { left(why, by: 0) }
    set(runs: [:])
  }

  func ended(_ status: RunStatus, by count: Int = 1) {
    Counter(label: "dxsh_runs_ended_total", dimensions: [("status", status.rawValue)], factory: factory)
      .increment(by: count)
  }

  func left(_ why: Left, by count: Int = 1) {
    Counter(label: "dxsh_runs_left_total", dimensions: [("why", why.rawValue)], factory: factory).increment(by: count)
  }

  func storeFailed(_ kind: RunStoreError.Kind) {
    Counter(label: "dxsh_store_failures_total", dimensions: [("kind", "\(kind)")], factory: factory).increment()
  }

  func ended(_ outcome: Outcome) { steps[outcome]?.increment() }

  /// Notes how many open runs of the store there are.
  package func set(runs counts: [RunStatus: Int]) {
    for status in RunStatus.allCases where !status.isFinal {
      Meter(label: "dxsh_runs", dimensions: [("status", status.rawValue)], factory: factory).set(counts[status] ?? 0)
    }
  }

  /// Takes note of what a host tells of a run.
  package func note(_ report: RunHost.Report) {
    switch report {
    case .begun: begun.increment()
    case .stopped(.ended(let outcome)): ended(outcome.status)
    case .stopped(.waiting): left(.waiting)
    case .stopped(.paused), .stopped(.pausedByHand): left(.paused)
    case .stopped(.left): left(.left)
    case .taken: left(.taken)
    case .quarantined: left(.quarantined)
    case .storeFailed: left(.failed)
    case .storeWorks: break
    }
  }
}
