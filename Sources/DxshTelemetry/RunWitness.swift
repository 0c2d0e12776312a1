import CoreMetrics
package import DxshRuntime
package import Logging

/// Tells log and metrics of one run what happens in it. It is under way for as long as its witness lives.
package final class RunWitness: RunObserver {
  private let metrics: RunMetrics?
  private let logger: Logger

  package init(_ run: RunSummary, _ metrics: RunMetrics?, _ logger: Logger) {
    self.metrics = metrics
    self.logger = logger.of(run.id, run.workflow)
    metrics?.underWay.increment()
  }

  deinit { metrics?.underWay.decrement() }

  package func stepStarted(_ id: StepID, path: @autoclosure () -> String, attempt: Int) {
    metrics?.attempts.increment()
    logger.debug("begins", metadata: metadata(path(), attempt))
  }

  /// Of a failure only the kind is logged: its message may show values.
  package func stepEnded(
    _ id: StepID, path: @autoclosure () -> String, failure: NodeFailure?, next: StepNext
  ) {
    guard let failure else {
      if next == .attempt { return logger.debug("succeeded, and is called again later", metadata: metadata(path())) }
      metrics?.ended(.succeeded)
      logger.debug("succeeded", metadata: metadata(path()))
      return
    }
    if next == .fallback { return logger.debug("failed (\(failure.kind)) and falls back", metadata: metadata(path())) }
    if next == .attempt {
      metrics?.retries.increment()
      logger.debug("failed (\(failure.kind)) and will be tried again", metadata: metadata(path()))
      return
    }
    switch failure.kind {
    case "cancelled": metrics?.ended(.cancelled)
    case "indeterminate": metrics?.ended(.indeterminate)
    default: metrics?.ended(.failed)
    }
    logger.debug("failed (\(failure.kind))", metadata: metadata(path()))
  }

  private func metadata(_ path: String, _ attempt: Int? = nil) -> Logger.Metadata {
    var metadata: Logger.Metadata = ["step": "\(path)"]
    if let attempt { metadata["attempt"] = "\(attempt)" }
    return metadata
  }
}

extension Logger {
  /// For what is said of one run.
  package func of(_ run: String, _ workflow: String?) -> Logger {
    var logger = self
    logger[metadataKey: "run"] = "\(run)"
    if let workflow { logger[metadataKey: "workflow"] = "\(workflow)" }
    return logger
  }
}
