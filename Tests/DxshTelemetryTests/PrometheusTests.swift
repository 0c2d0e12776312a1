import CoreMetrics
import DxshExpressions
import DxshRuntime
import DxshTelemetry
import DxshTestSupport
import DxshTime
import Testing

/// The text that Prometheus reads, and what it is made of.
struct PrometheusTests {
  @Test func theTextIsAsPrometheusReadsIt() {
    let registry = PrometheusRegistry([
      .init("a_total", .counter, "Counts."), .init("b", .gauge, "Stands."), .init("c", .gauge, "Nobody sets it."),
      .init("d_seconds", .histogram([0.5, 2]), "Takes."),
    ])
    Counter(label: "a_total", dimensions: [("kind", "x\"\\\ny")], factory: registry).increment(by: 2)
    Counter(label: "a_total", dimensions: [("kind", "b")], factory: registry).increment()
    Counter(label: "a_total", dimensions: [("kind", "b")], factory: registry).increment()
    Meter(label: "b", factory: registry).set(1.5)
    for span in [400_000_000, 500_000_000, 600_000_000, 3_000_000_000] as [Int64] {
      Timer(label: "d_seconds", factory: registry).recordNanoseconds(span)
    }
    Counter(label: "unknown", factory: registry).increment()
    #expect(
      registry.text == #"""
        # HELP a_total Counts.
        # TYPE a_total counter
        a_total{kind="b"} 2
        a_total{kind="x\"\\\ny"} 2
        # HELP b Stands.
        # TYPE b gauge
        b 1.5
        # HELP d_seconds Takes.
        # TYPE d_seconds histogram
        d_seconds_bucket{le="0.5"} 2
        d_seconds_bucket{le="2"} 3
        d_seconds_bucket{le="+Inf"} 4
        d_seconds_sum 4.5
        d_seconds_count 4

        """#)
  }

  /// Every metric is described, and one that is described is made.
  @Test func allMetricsAreDescribed() async throws {
    let registry = PrometheusRegistry(RunMetrics.descriptions)
    let metrics = RunMetrics(registry)
    let store = MeasuredStore(CrashingStore(.full(2), over: InMemoryRunStore()), metrics)
    let start = ManualClock().now()
    let history = RunHistory(input: [], startedAt: start)
    let run = NewRun(
      id: "r", workflow: "w", key: nil, plan: [1], planHash: "x", directory: "/", startedAt: start,
      firstBatch: history.firstBatch)
    let creation = try await store.create(run)
    await #expect(throws: RunStoreError.self) {
      try await store.append(JournalBatch(number: 1, bytes: [1]), to: "r", RunState(.running, at: start))
    }
    metrics.set(runs: try await store.openCounts())
    let text = registry.text
    for description in RunMetrics.descriptions where !description.name.hasPrefix("dxsh_due") {
      #expect(text.contains("# TYPE \(description.name) "), "\(description.name)")
    }
    #expect(text.contains("dxsh_store_failures_total{kind=\"full\"} 1\n"))
    #expect(text.contains("dxsh_runs{status=\"running\"} 1\n"))
    // A write that failed is no measurement.
    #expect(text.contains("dxsh_journal_write_seconds_count 0\n"))
    withExtendedLifetime(creation) {}
  }

  @Test func whatAHostTellsIsCounted() {
    let registry = PrometheusRegistry(RunMetrics.descriptions)
    let metrics = RunMetrics(registry)
    let failure = RunFailure(kind: "rejected", message: "no", path: "", attempt: 0)
    let reports: [RunHost.Report] = [
      .begun, .stopped(.ended(.succeeded(.none))), .stopped(.ended(.failed(failure))), .stopped(.waiting([])),
      .stopped(.paused(indeterminate: [])), .stopped(.left), .taken, .quarantined("x"),
      .storeFailed(RunStoreError(.full, "x")), .storeWorks,
    ]
    for report in reports { metrics.note(report) }
    let text = registry.text
    for line in [
      "dxsh_runs_begun_total 1", "dxsh_runs_ended_total{status=\"succeeded\"} 1",
      "dxsh_runs_ended_total{status=\"rejected\"} 1", "dxsh_runs_ended_total{status=\"failed\"} 0",
      "dxsh_runs_left_total{why=\"waiting\"} 1", "dxsh_runs_left_total{why=\"taken\"} 1",
      "dxsh_runs_left_total{why=\"failed\"} 1", "dxsh_runs_left_total{why=\"quarantined\"} 1",
    ] {
      #expect(text.contains(line + "\n"), "\(line)")
    }
  }

  /// A run that was due is looked for ten seconds late.
  @Test func lateness() async throws {
    let registry = PrometheusRegistry(RunMetrics.descriptions)
    let inner = InMemoryRunStore()
    let store = MeasuredStore(inner, RunMetrics(registry))
    let start = ManualClock().now()
    func later(_ seconds: Int64) -> Timestamp { start.adding(TimeSpan(nanoseconds: seconds * 1_000_000_000)) ?? start }
    let history = RunHistory(input: [], startedAt: start)
    let run = NewRun(
      id: "r", workflow: "w", key: nil, plan: [1], planHash: "x", directory: "/", startedAt: start,
      firstBatch: history.firstBatch)
    do {
      let claim = try await store.create(run)
      let waiting = RunState(.waiting, at: start, dueAt: later(60))
      try await store.append(JournalBatch(number: 1, bytes: [1]), to: "r", waiting)
      withExtendedLifetime(claim) {}
    }
    #expect(try await store.due(at: later(1), limit: 9).runs == [])
    #expect(registry.text.contains("dxsh_due_lag_seconds 0\n"))
    #expect(try await store.due(at: later(70), limit: 9).runs == ["r"])
    #expect(registry.text.contains("dxsh_due_lag_seconds 10\n"))
  }
}
