import DxshExpressions
package import DxshPlan
package import DxshTime

/// Results that all runs of a store share (`cache`, rule 42): looked for before the first attempt of a step, and kept
/// with the event that says what its last one gave, in the same transaction.
extension Engine {
  /// A step whose result is to be shared.
  struct Caching {
    enum Stage {
      /// It is looked for.
      case wanted(StepCall)
      case missed
    }

    let key: SHA256Digest
    let lifetime: TimeSpan
    var stage: Stage
  }

  /// Results larger than this are not shared, in bytes.
  static let cachedLimit = 1 << 20

  /// Whether a call is to be made; if not, its result is looked for, and the call made if there is none.
  func isMissing(_ call: StepCall) -> Bool {
    guard let cache = call.cache else { return true }
    switch caching[call.id]?.stage {
    case .missed: return true
    case .wanted: return false
    case nil: break
    }
    let isFirst = call.attempt == 1 && interpreter.pollCount(of: call.id) == 0
    caching[call.id] = Caching(
      key: key(of: cache), lifetime: cache.lifetime, stage: isFirst ? .wanted(call) : .missed)
    if isFirst { lookups.append(call.id) }
    return !isFirst
  }

  /// The same arguments mean other files in another folder.
  private func key(of cache: StepCache) -> SHA256Digest {
    cache.isNamed ? cache.key : SHA256Digest(of: cache.key.bytes + Array(context.directory.utf8))
  }

  /// Takes the call of a step whose result is looked for.
  func dropLookup(_ id: StepID) -> Bool {
    guard case .wanted? = caching[id]?.stage else { return false }
    caching[id] = nil
    return true
  }

  /// Looks for what is wanted.
  func lookUp() async throws(RunStoreError) {
    let wanted = lookups.compactMap { id -> (id: StepID, call: StepCall, key: SHA256Digest)? in
      guard let caching = caching[id], case .wanted(let call) = caching.stage else { return nil }
      return (id, call, caching.key)
    }
    lookups = []
    if wanted.isEmpty { return }
    let now = noticeClock()
    let found = try await store.results(of: wanted.map(\.key), at: now)
    for ((id, call, key), stored) in zip(wanted, found) {
      // What came of those before it may have ended its scope; and it may be there twice, of two steps.
      guard case .wanted? = caching[id]?.stage, interpreter.failure(around: id) == nil else { continue }
      // What this run has found out itself may not be there yet.
      let own = (journal.results[key] ?? journal.resultsOnTheirWay[key]).flatMap { now < $0.until ? $0.bytes : nil }
      guard let bytes = own ?? stored, let typed = typed(bytes, of: call) else {
        caching[id]?.stage = .missed
        start(call)
        continue
      }
      caching[id] = nil
      let path = interpreter.path(of: id)
      let position = record(path, .recalled(typed))
      observer?.stepEnded(id, path: path, failure: nil, next: .nothing)
      interpreter.apply(.given(id, typed), at: position, &commands)
    }
  }

  /// A result, if it is one for a call: of its type, and one that its `poll` would not wait on for another.
  private func typed(_ bytes: [UInt8], of call: StepCall) -> Value? {
    let bound = bound.call(scope: call.scope, node: Int(call.id.node))
    guard let value = CachedResult.value(bytes), let typed = try? bound.decoder.decode(value),
      (try? interpreter.isEnough(typed, for: call.id)) == true
    else { return nil }
    return typed
  }

  /// A step has ended, with a value or otherwise.
  func noteResult(of id: StepID, _ value: Value?) {
    if caching.isEmpty { return }
    guard let ended = caching.removeValue(forKey: id), let value, journal.isRecording else { return }
    let now = interpreter.now
    let bytes = CachedResult.bytes(of: value, at: now)
    guard bytes.count <= Self.cachedLimit else { return }
    journal.results[ended.key] = CachedResult(
      key: ended.key, bytes: bytes, until: now.adding(ended.lifetime) ?? .latest)
  }
}

/// What a call gave, to be used by others for a while.
package struct CachedResult: Sendable, Equatable {
  package var key: SHA256Digest
  /// A batch of one event, so that what the device damaged is noticed.
  package var bytes: [UInt8]
  package var until: Timestamp

  package init(key: SHA256Digest, bytes: [UInt8], until: Timestamp) {
    self.key = key
    self.bytes = bytes
    self.until = until
  }

  static func bytes(of value: Value, at time: Timestamp) -> [UInt8] {
    JournalCodec.encode([RecordedEvent(path: "", kind: .recalled(value), at: time)])
  }

  /// Nil for what cannot be read: it is as if it were not there.
  static func value(_ bytes: [UInt8]) -> Value? {
    guard let events = try? JournalCodec.decode(JournalBatch(number: 0, bytes: bytes)),
      case .recalled(let value)? = events.first?.kind
    else { return nil }
    return value
  }
}
