import DxshRuntime
import DxshTelemetry
import DxshTime
import Logging

/// Metrics of this process in a file, as Prometheus' node exporter collects them (its "textfile collector"): nobody
/// ever sees half of one.
struct MetricsExport: Sendable {
  /// Seconds between two writes.
  private static let pause = 10

  let metrics: RunMetrics
  private let registry = PrometheusRegistry(RunMetrics.descriptions)
  private let path: String

  /// Throws where what is there is something else, which must not be lost.
  /// - folder: the state folder
  init(_ path: String, besideStateFolder folder: String) throws(CallFailure) {
    try OutputPlace.check(path, outside: folder, holding: "metrics", beginning: "# HELP dxsh_")
    self.path = path
    metrics = RunMetrics(registry)
  }

  func write() throws(CallFailure) {
    try FileReplacement.write(Array(registry.text.utf8), to: path)
  }

  /// Writes now and then, and once more when the task is cancelled. A write that fails is said once, until one works.
  func keepWriting(_ store: any RunStore, _ logger: Logger) async {
    var isInTrouble = false
    while true {
      let isLast = Task.isCancelled
      // A store that cannot be read is told of by those who need it.
      if let counts = try? await store.openCounts() { metrics.set(runs: counts) }
      do throws(CallFailure) {
        try write()
        isInTrouble = false
      } catch {
        if !isInTrouble { logger.error("\(error.message); no metrics are kept until that is mended") }
        isInTrouble = true
      }
      if isLast { return }
      try? await Task.sleep(for: .seconds(Self.pause))
    }
  }
}
