import DxshRuntime
import DxshTestSupport
import DxshTime
import Synchronization

/// A store that tells which intents and which results are durable.
final class DurabilityWatch: WrappingStore {
  private let inner = InMemoryRunStore()
  private let intents = Mutex<Set<String>>([])
  private let results = Mutex<Set<String>>([])

  func hasIntent(of path: String) -> Bool { intents.withLock { $0.contains(path) } }
  func hasResult(of path: String) -> Bool { results.withLock { $0.contains(path) } }

  var wrapped: any RunStore { inner }

  func append(_ batch: JournalBatch, to run: String, _ state: RunState) async throws(RunStoreError) {
    try await inner.append(batch, to: run, state)
    for event in try JournalCodec.decode(batch) {
      if case .attemptStarted = event.kind { _ = intents.withLock { $0.insert(event.path) } }
      if case .succeeded = event.kind { _ = results.withLock { $0.insert(event.path) } }
    }
  }
}
