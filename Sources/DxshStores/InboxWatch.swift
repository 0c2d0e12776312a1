import DxshRuntime
import Dispatch
import Synchronization

/// Tells who watches a run that another process has put something into its inbox: looks a few times a second while
/// somebody watches. What this process puts in itself, it is told at once.
final class InboxWatch: Sendable {
  private struct State {
    var watches: [Int: (run: String, onNews: @Sendable () -> Void)] = [:]
    var count = 0
    /// The number of the last message that was seen.
    var last: Int64?
    var isLooking = false
  }

  private let state = Mutex(State())
  private let reader: SQLiteReader
  private let pause: Duration

  init(_ reader: SQLiteReader, pause: Duration = .milliseconds(100)) {
    self.reader = reader
    self.pause = pause
  }

  func watch(_ run: String, _ onNews: @escaping @Sendable () -> Void) -> RunWatch {
    let (number, isFirst) = state.withLock { state in
      state.count += 1
      state.watches[state.count] = (run, onNews)
      let isFirst = !state.isLooking
      state.isLooking = true
      return (state.count, isFirst)
    }
    if isFirst { Task { await look() } }
    return RunWatch { [weak self] in _ = self?.state.withLock { $0.watches.removeValue(forKey: number) } }
  }

  func tell(_ runs: some Collection<String>) {
    let told = Set(runs)
    let callbacks = state.withLock { $0.watches.values.filter { told.contains($0.run) }.map(\.onNews) }
    for onNews in callbacks { onNews() }
  }

  /// Looks only after a pause: most runs are over before.
  private func look() async {
    while true {
      try? await Task.sleep(for: pause)
      let isWanted = state.withLock { state in
        if state.watches.isEmpty { state.isLooking = false }
        return state.isLooking
      }
      guard isWanted else { return }
      // A store that cannot be read fails those who read it for something.
      if let last = state.withLock(\.last) {
        if let news = try? await reader.news(after: last), !news.runs.isEmpty {
          state.withLock { $0.last = news.last }
          tell(news.runs)
        }
      } else if let last = try? await reader.lastMessage() {
        state.withLock { $0.last = last }
        // What came before the first look.
        tell(state.withLock { $0.watches.values.map(\.run) })
      }
    }
  }
}
