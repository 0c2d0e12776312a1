import DxshRuntime

/// Tells a run something: the process that is at it hears of it by the inbox; where none is, this one goes on with the
/// run.
struct RunDelivery {
  let store: any RunStore
  let run: StoredRun
  let options: RunOutputOptions

  func deliver(_ message: RunMessage, deduplication: String?, resuming: Bool) async throws {
    let id = run.summary.id
    let report = RunReport(id, in: store, options)
    do {
      _ = try await store.send(message, to: id, deduplication: deduplication, at: SystemClock().now())
    } catch {
      if error.kind == .ended { try report.standing(try await store.find(id).summary.status) }
      throw CallFailure(error.message)
    }
    // A process that was about to leave the run has either read the message or left it before; in both cases the run is
    // not lost, as a message makes it due.
    let now = try await store.find(id)
    if resuming, !now.summary.isClaimed, !now.summary.status.isFinal {
      return try await RunSession.opening(now, in: store, options).finishOrGoOn()
    }
    if resuming, !options.quiet {
      Output.error("the run \(id) is under way in another process, which has been told")
    }
    try report.standing(now.summary.status)
  }
}
