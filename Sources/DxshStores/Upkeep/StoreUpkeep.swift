package import DxshRuntime
import DxshTime

/// Looks after a store beside its runs: removes what need not be kept, at once and then every hour.
package struct StoreUpkeep: Sendable {
  package enum Report: Sendable {
    /// Only when something was.
    case removed(VacuumReport)
    case failed(RunStoreError)
  }

  private static let hour = TimeSpan(nanoseconds: 3_600_000_000_000)
  /// Between two transactions, so that the runs have the store for most of the time.
  private static let pause = TimeSpan(nanoseconds: 20_000_000)
  /// In hours: for the contents of files all journals are read.
  private static let hoursBetweenSweeps = 24

  private let store: SQLiteRunStore
  private let clock: any RunClock
  private let retention: Retention
  private let tell: @Sendable (Report) -> Void

  package init(
    _ store: SQLiteRunStore, _ retention: Retention, clock: any RunClock, tell: @escaping @Sendable (Report) -> Void
  ) {
    self.store = store
    self.retention = retention
    self.clock = clock
    self.tell = tell
  }

  /// Goes on until the task is cancelled; where the store fails, it tries again after an hour.
  package func run() async {
    var hours = 0
    while !Task.isCancelled {
      await lookOnce(sweepsFiles: hours % Self.hoursBetweenSweeps == 0)
      hours += 1
      await waitForAnHour()
    }
  }

  /// Ends early when the task is cancelled.
  package func lookOnce(sweepsFiles: Bool = true) async {
    do throws(RunStoreError) {
      let clock = clock
      let report = try await store.vacuum(retention, at: clock.now(), sweepsFiles: sweepsFiles) {
        let now = clock.now()
        await clock.sleep(until: now.adding(Self.pause) ?? now)
        return !Task.isCancelled
      }
      if report != VacuumReport() { tell(.removed(report)) }
    } catch {
      tell(.failed(error))
    }
  }

  /// Whatever becomes of the time of day.
  private func waitForAnHour() async {
    let start = clock.reading().uptime
    while !Task.isCancelled {
      guard let passed = clock.reading().uptime.subtracting(start), let left = Self.hour.subtracting(passed),
        !left.isNegative, left != .zero
      else { return }
      let now = clock.now()
      await clock.sleep(until: now.adding(left) ?? now)
    }
  }
}
