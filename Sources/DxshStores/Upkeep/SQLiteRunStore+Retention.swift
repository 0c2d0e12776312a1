package import DxshRuntime
package import DxshTime

/// What was removed of a store.
package struct VacuumReport: Sendable, Equatable {
  package var runs = 0
  package var plans = 0
  /// Large values that no run uses any more.
  package var values = 0
  /// Contents of values of type `file`.
  package var files = 0
  /// Of which nothing is known any more, as all their times are over.
  package var rates = 0
  /// Given back to the file system.
  package var bytes: Int64 = 0

  package init() {}
}

/// Removing what need not be kept. Everything is done in small transactions between those of the runs, and may stop
/// after any of them.
extension SQLiteRunStore {
  /// How many pages of 4 KiB one transaction gives back: what a megabyte of writes costs.
  private static let pagesAtOnce = 256
  /// The journals of how many runs are read at once.
  private static let runsAtOnce = 64
  /// The lines of how many runs are removed at once, at most 10,000 each.
  private static let linesAtOnce = 8
  /// What is known of a rate is kept so long beyond its times, as clocks may be set back.
  private static let graceOfRates = TimeSpan(nanoseconds: Retention.day)
  /// A content that nobody speaks of is kept so long: the step that has kept it may not have said so yet.
  private static let grace = TimeSpan(nanoseconds: Retention.day)

  /// How many runs of which workflows may go, by the names of the workflows.
  package func removable(
    by retention: Retention, at now: Timestamp
  ) async throws(RunStoreError) -> [(workflow: String, runs: Int)] {
    var found: [(workflow: String, runs: Int)] = []
    for runs in try await reader.retired(by: retention, at: now) {
      found.append((runs.workflow, try await reader.count(runs)))
    }
    return found
  }

  /// Removes the runs that may go, with their lines and the contents of files that only they spoke of, and gives room
  /// back. A run that has not ended, and one that a process is at, stays.
  /// - sweepsFiles: whether contents are looked for, for which all journals are read, and lines of runs that are gone
  /// - pause: is awaited between two transactions; ends it when it returns false
  package func vacuum(
    _ retention: Retention, at now: Timestamp, sweepsFiles: Bool = true,
    pause: @Sendable () async -> Bool = { true }
  ) async throws(RunStoreError) -> VacuumReport {
    var report = VacuumReport()
    // Who was at it before may have died.
    guard try await clear(&report.plans, pause) else { return report }
    for var runs in try await reader.retired(by: retention, at: now) {
      while true {
        let removed = try await writer.retire(runs)
        report.runs += removed.runs.count
        await removeLines(of: removed.runs)
        report.plans += removed.plans
        guard await pause() else { return report }
        if removed.hasMore { guard try await clear(&report.plans, pause) else { return report } }
        guard let next = removed.next else { break }
        runs.start = next
      }
    }
    if report.runs > 0 || sweepsFiles {
      guard try await sweepValues(&report.values, pause) else { return report }
    }
    let time = (now.adding(Self.graceOfRates.negated) ?? .epoch).sinceEpoch
    guard try await sweepRates(before: time, &report.rates, pause) else { return report }
    if sweepsFiles { try await sweepLines(pause) }
    if sweepsFiles { report.files = try await sweepFiles(before: now.adding(Self.grace.negated) ?? .epoch, pause) }
    report.bytes = try await shrink(pause)
    return report
  }

  /// Removes all that is left of runs that are there for nobody. False when it is to end.
  private func clear(
    _ plans: inout Int, _ pause: @Sendable () async -> Bool
  ) async throws(RunStoreError) -> Bool {
    while true {
      let cleared = try await writer.clear()
      plans += cleared.plans
      if cleared.isDone { return true }
      guard await pause() else { return false }
    }
  }

  /// False when it is to end.
  private func sweepRates(
    before time: Int64, _ removed: inout Int, _ pause: @Sendable () async -> Bool
  ) async throws(RunStoreError) -> Bool {
    var key: String? = ""
    while let last = key {
      let swept = try await writer.sweepRates(after: last, before: time)
      removed += swept.removed
      key = swept.next
      if key != nil { guard await pause() else { return false } }
    }
    return true
  }

  /// False when it is to end.
  private func sweepValues(
    _ removed: inout Int, _ pause: @Sendable () async -> Bool
  ) async throws(RunStoreError) -> Bool {
    var digest: [UInt8]? = []
    while let last = digest {
      let swept = try await writer.sweep(after: last)
      removed += swept.removed
      guard await pause() else { return false }
      digest = swept.next
    }
    return true
  }

  // MARK: - Lines

  /// A few runs at a time, so that what others say meanwhile is written between.
  private func removeLines(of runs: [String]) async {
    for start in stride(from: 0, to: runs.count, by: Self.linesAtOnce) {
      await lines.remove(Array(runs[start..<min(start + Self.linesAtOnce, runs.count)]))
    }
  }

  /// Removes the lines of runs that are not in the store: who removed those died before it got to the lines. A run is
  /// in the store before it says anything.
  private func sweepLines(_ pause: @Sendable () async -> Bool) async throws(RunStoreError) {
    var last: Int64? = 0
    while let number = last {
      let found = await lines.runs(after: number, limit: Self.runsAtOnce)
      await removeLines(of: try await reader.missing(of: found.map(\.id)))
      guard await pause() else { return }
      last = found.last?.number
    }
  }

  // MARK: - Files

  private func sweepFiles(
    before time: Timestamp, _ pause: @Sendable () async -> Bool
  ) async throws(RunStoreError) -> Int {
    let files = ArtifactFiles(folder: artifacts)
    var old = files.names(before: time)
    let unfinished = old.filter(ArtifactFiles.isUnfinished)
    old.removeAll(where: ArtifactFiles.isUnfinished)
    var search = DigestSearch(left: Set(old.map { Array($0.utf8) }))
    while !search.left.isEmpty, search.next != nil {
      search = try await reader.looked(for: search, limit: Self.runsAtOnce)
      guard await pause() else { return 0 }
    }
    let names = unfinished + search.left.map { String(decoding: $0, as: UTF8.self) }
    return names.count { files.remove($0, before: time) }
  }

  /// Returns how many bytes were given back.
  private func shrink(_ pause: @Sendable () async -> Bool) async throws(RunStoreError) -> Int64 {
    let (free, size) = try await reader.freePages()
    var left = free
    while left > 0 {
      let now = try await writer.shrink(by: Self.pagesAtOnce)
      // A store that was made without the possibility gives nothing back.
      guard now < left, await pause() else {
        left = min(left, now)
        break
      }
      left = now
    }
    return Int64(free - left) * size
  }
}
