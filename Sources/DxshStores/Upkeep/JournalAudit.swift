import DxshPlan
import DxshRuntime
import DxshTime

/// What a run's journal says of the run as a whole, from one batch after the other.
struct JournalAudit {
  private(set) var batches = 0
  private(set) var startedAt: Timestamp?
  /// How the run ended, and when it noted that.
  private(set) var end: (status: RunStatus, at: Timestamp)?
  /// The numbers of the messages that it has taken in.
  private(set) var received: Set<Int64> = []
  /// The largest of them; 0 before the first.
  private(set) var seen: Int64 = 0
  /// The large values that it refers to.
  private(set) var references: Set<SHA256Digest> = []

  /// Throws `.damaged` and `.newer` where the journal cannot go on like this.
  mutating func add(_ batch: JournalBatch) throws(RunStoreError) {
    guard batch.number == batches else {
      throw RunStoreError(.damaged, "part \(batches) of its journal is missing")
    }
    let events: [RecordedEvent]
    var blobs = BlobValues()
    do throws(JournalCodec.Fault) {
      events = try JournalCodec.events(of: batch, &blobs)
    } catch {
      throw error.failure(error.words(part: batch.number, of: "its journal"))
    }
    references.formUnion(JournalCodec.references(in: batch.bytes))
    for event in events { try add(event, in: batch.number) }
    batches += 1
  }

  private mutating func add(_ event: RecordedEvent, in batch: Int) throws(RunStoreError) {
    if case .started = event.kind {
      guard startedAt == nil else { throw RunStoreError(.damaged, "part \(batch) of its journal begins it again") }
      startedAt = event.at
      return
    }
    guard startedAt != nil else { throw Self.noBeginning }
    if end != nil {
      // What it was told too late, and that somebody has reopened it.
      switch event.kind {
      case .received: break
      case .reopened: end = nil
      default: throw RunStoreError(.damaged, "part \(batch) of its journal goes on after its end")
      }
    }
    switch event.kind {
    case .ended(let outcome): end = (outcome.status, event.at)
    case .received(_, let number):
      guard number > seen else {
        throw RunStoreError(.damaged, "part \(batch) of its journal takes in the message \(number) after \(seen)")
      }
      received.insert(number)
      seen = number
    default: break
    }
  }

  /// To be called after the last batch.
  func finish() throws(RunStoreError) {
    if startedAt == nil { throw Self.noBeginning }
  }

  private static let noBeginning = RunStoreError(.damaged, "its journal has no beginning")
}
