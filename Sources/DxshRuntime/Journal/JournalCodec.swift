import DxshExpressions
package import DxshPlan
import DxshTime

/// Turns events into the bytes of a batch and back.
///
///     batch  = version (1 byte) · time of the first event · number of events · event… · blobs · checksum (8 bytes)
///     event  = kind (1 byte) · path · nanoseconds since the event before · content
///     blobs  = digest (32 bytes)… · number of digests (4 bytes, the lowest first)
///
/// Numbers, texts and values as in `ValueWriter`; `blobs`, since version 6, are all that the values refer to, and what
/// those refer to, so that a store finds them without reading the events. The checksum is FNV-1a (64 bits) of all bytes
/// before it, so that a page that the device damaged is noticed here even where the database cannot see it.
package enum JournalCodec {
  static let version: UInt8 = 9

  /// With all values in it, however large.
  package static func encode(_ events: some Collection<RecordedEvent>) -> [UInt8] {
    var blobs: BlobCollector?
    return encode(events, &blobs)
  }

  /// The bytes of a batch, and the large values that they refer to.
  static func encodeInParts(_ events: some Collection<RecordedEvent>) -> (bytes: [UInt8], blobs: [Blob]) {
    var blobs: BlobCollector? = BlobCollector()
    let bytes = encode(events, &blobs)
    return (bytes, blobs?.blobs ?? [])
  }

  private static func encode(
    _ events: some Collection<RecordedEvent>, _ blobs: inout BlobCollector?
  ) -> [UInt8] {
    var writer = ValueWriter()
    var last = events.first?.at ?? .epoch
    writer.byte(version)
    writer.moment(last)
    writer.number(events.count)
    for event in events {
      writer.byte(Tag(event.kind).rawValue)
      writer.text(event.path)
      writer.signed(event.at.since(last).clampedNanoseconds)
      last = event.at
      write(event.kind, to: &writer, &blobs)
    }
    for blob in blobs?.blobs ?? [] { writer.raw(blob.digest.bytes) }
    writer.fourBytes(blobs?.blobs.count ?? 0)
    let checksum = checksum(writer.bytes[...])
    writer.bits(checksum)
    return writer.bytes
  }

  /// Throws `.damaged` when the bytes are not what `encode` gave, or a value that they refer to is missing or not what
  /// it was; `.newer` when a later version gave them.
  package static func decode(_ batch: JournalBatch) throws(RunStoreError) -> [RecordedEvent] {
    var blobs = BlobValues()
    return try decode(batch, &blobs)
  }

  /// The same for one batch after the other.
  static func decode(_ batch: JournalBatch, _ blobs: inout BlobValues) throws(RunStoreError) -> [RecordedEvent] {
    do throws(Fault) {
      return try events(of: batch, &blobs)
    } catch {
      let remedy = error == .newer ? "use that version" : "restore the store from a backup"
      throw error.failure(error.words(part: batch.number, of: "the journal") + "; \(remedy)")
    }
  }

  /// Why the events of a batch cannot be read.
  package enum Fault: Error, Equatable {
    case newer, damaged
    case missingValue(SHA256Digest)
    case damagedValue(SHA256Digest)

    /// Part of a sentence.
    package func words(part: Int, of journal: String) -> String {
      switch self {
      case .newer: "a later version of dxsh wrote part \(part) of \(journal)"
      case .damaged: "part \(part) of \(journal) is damaged"
      case .missingValue(let digest):
        "the value \(digest.hexadecimal.prefix(12)), which part \(part) of \(journal) refers to, is missing"
      case .damagedValue(let digest):
        "the value \(digest.hexadecimal.prefix(12)), which part \(part) of \(journal) refers to, is damaged"
      }
    }

    package func failure(_ message: String) -> RunStoreError {
      RunStoreError(self == .newer ? .newer : .damaged, message)
    }
  }

  package static func events(
    of batch: JournalBatch, _ blobs: inout BlobValues
  ) throws(Fault) -> [RecordedEvent] {
    let bytes = batch.bytes
    if let first = bytes.first, first > version { throw .newer }
    let end = bytes.count - checksumSize
    guard end > 0 else { throw .damaged }
    let expected = bytes[end...].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    guard checksum(bytes[..<end]) == expected, let list = blobList(of: bytes) else { throw .damaged }
    try blobs.take(batch.blobs, for: digests(bytes[list]))
    do {
      return try read(Array(bytes[..<list.lowerBound]), &blobs)
    } catch {
      throw .damaged
    }
  }

  /// The digests of all blobs that the values in the bytes of a batch refer to; none in bytes that are not those of a
  /// batch.
  package static func references(in bytes: [UInt8]) -> [SHA256Digest] {
    guard let first = bytes.first, first <= version, let list = blobList(of: bytes) else { return [] }
    return digests(bytes[list])
  }

  private static let checksumSize = 8
  private static let digestSize = 32

  /// Where the digests are; nil where they cannot be.
  private static func blobList(of bytes: [UInt8]) -> Range<Int>? {
    let end = bytes.count - checksumSize
    guard end > 0 else { return nil }
    guard bytes[0] >= 6 else { return end..<end }
    guard end > 4 else { return nil }
    let count = bytes[end - 4..<end].reversed().reduce(0) { $0 << 8 | Int($1) }
    guard count < (end - 4) / digestSize + 1, end - 4 - count * digestSize > 0 else { return nil }
    return end - 4 - count * digestSize..<end - 4
  }

  private static func digests(_ bytes: ArraySlice<UInt8>) -> [SHA256Digest] {
    stride(from: bytes.startIndex, to: bytes.endIndex, by: digestSize).compactMap {
      SHA256Digest(bytes[$0..<$0 + digestSize])
    }
  }

  static func checksum(_ bytes: ArraySlice<UInt8>) -> UInt64 {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
    return hash
  }

  // MARK: - Events

  /// Their numbers are part of the format.
  private enum Tag: UInt8 {
    case started = 1, attemptStarted, succeeded, attemptFailed, indeterminate, settledDone, settledRetry, settledFail
    case cancelled, cancelRequested, resumed, endedSucceeded, endedFailed, endedCancelled
    // Since version 2.
    case receivedSignal, receivedCancel, timeReached
    // Since version 3.
    case clock
    // Since version 4.
    case receivedPause, receivedResume, reopened
    // Since version 5.
    case migrated
    // Since version 6.
    case polled
    // Since version 7.
    case fellBack
    // Since version 8.
    case refused, recalled
    // Since version 9.
    case attemptFailedForLong

    init(_ kind: RecordedEvent.Kind) {
      switch kind {
      case .started: self = .started
      case .attemptStarted: self = .attemptStarted
      case .succeeded: self = .succeeded
      case .attemptFailed(_, _, _, nil): self = .attemptFailed
      case .attemptFailed: self = .attemptFailedForLong
      case .indeterminate: self = .indeterminate
      case .settled(.done): self = .settledDone
      case .settled(.retry): self = .settledRetry
      case .settled(.fail): self = .settledFail
      case .cancelled: self = .cancelled
      case .cancelRequested: self = .cancelRequested
      case .resumed: self = .resumed
      case .ended(.succeeded): self = .endedSucceeded
      case .ended(.failed): self = .endedFailed
      case .ended(.cancelled): self = .endedCancelled
      case .received(.signal, _): self = .receivedSignal
      case .received(.cancel, _): self = .receivedCancel
      case .received(.pause, _): self = .receivedPause
      case .received(.resume, _): self = .receivedResume
      case .timeReached: self = .timeReached
      case .clock: self = .clock
      case .reopened: self = .reopened
      case .migrated: self = .migrated
      case .polled: self = .polled
      case .fellBack: self = .fellBack
      case .recalled: self = .recalled
      case .refused: self = .refused
      }
    }
  }

  private static func write(
    _ value: Value, to writer: inout ValueWriter, _ blobs: inout BlobCollector?
  ) {
    let mark = writer.mark
    writer.value(value)
    // Small values, nearly all, are written once and cost a comparison.
    if writer.bytes.count - mark.position > BlobCollector.limit { blobs?.cut(value, from: mark, in: &writer) }
  }

  private static func write(
    _ kind: RecordedEvent.Kind, to writer: inout ValueWriter, _ blobs: inout BlobCollector?
  ) {
    switch kind {
    case .started(let input):
      writer.number(input.count)
      for value in input { write(value, to: &writer, &blobs) }
    case .attemptStarted(let number), .polled(let number): writer.number(number)
    case .succeeded(let value), .fellBack(let value), .recalled(let value), .settled(.done(let value)),
      .ended(.succeeded(let value)):
      write(value, to: &writer, &blobs)
    case .attemptFailed(let attempt, let kind, let message, let pause):
      writer.number(attempt)
      writer.text(kind)
      writer.text(message)
      if let pause { writer.signed(pause.clampedNanoseconds) }
    case .refused(let attempt, let breaker, let until):
      writer.number(attempt)
      writer.text(breaker)
      writer.byte(until == nil ? 0 : 1)
      if let until { writer.moment(until) }
    case .indeterminate(let attempt, let message):
      writer.number(attempt)
      writer.text(message)
    case .settled(.fail(let message)): writer.text(message)
    case .received(.signal(let name, let value), let number):
      writer.number(Int(number))
      writer.text(name.name)
      writer.byte(name.key == nil ? 0 : 1)
      if let key = name.key { writer.text(key) }
      write(value, to: &writer, &blobs)
    case .received(.cancel, let number), .received(.resume, let number): writer.number(Int(number))
    case .received(.pause(let reason), let number):
      writer.number(Int(number))
      writer.byte(reason == nil ? 0 : 1)
      if let reason { writer.text(reason) }
    case .timeReached(let chosen): writer.number(chosen.map { $0 + 1 } ?? 0)
    case .clock(let boot, let uptime, let change):
      writer.text(boot)
      writer.signed(uptime.clampedNanoseconds)
      writer.signed(change.clampedNanoseconds)
    case .reopened(let dropped):
      writer.number(dropped.count)
      for path in dropped { writer.text(path) }
    case .migrated(let input, let paths):
      writer.number(input.count)
      for value in input { write(value, to: &writer, &blobs) }
      writer.number(paths.count)
      for (old, new) in paths.sorted(by: { $0.key < $1.key }) {
        writer.text(old)
        writer.text(new)
      }
    case .settled(.retry), .cancelled, .cancelRequested, .resumed, .ended(.cancelled): break
    case .ended(.failed(let failure)):
      writer.text(failure.kind)
      writer.text(failure.message)
      writer.text(failure.path)
      writer.number(failure.attempt)
    }
  }

  private static func read(
    _ bytes: [UInt8], _ blobs: inout BlobValues
  ) throws(ValueReader.Malformed) -> [RecordedEvent] {
    var reader = ValueReader(bytes, from: 1)
    swap(&reader.blobs, &blobs)
    defer { swap(&reader.blobs, &blobs) }
    var last = try reader.moment()
    let count = try reader.count()
    var events: [RecordedEvent] = []
    events.reserveCapacity(count)
    for _ in 0..<count {
      guard let tag = Tag(rawValue: try reader.byte()) else { throw ValueReader.Malformed() }
      let path = try reader.text()
      guard let at = last.adding(TimeSpan(nanoseconds: try reader.signed())) else { throw ValueReader.Malformed() }
      last = at
      events.append(RecordedEvent(path: path, kind: try kind(tag, &reader), at: at))
    }
    guard reader.isAtEnd else { throw ValueReader.Malformed() }
    return events
  }

  private static func kind(
    _ tag: Tag, _ reader: inout ValueReader
  ) throws(ValueReader.Malformed) -> RecordedEvent.Kind {
    switch tag {
    case .started:
      var input: [Value] = []
      for _ in 0..<(try reader.count()) { input.append(try reader.value()) }
      return .started(input: input)
    case .attemptStarted: return .attemptStarted(attempt: try reader.int())
    case .polled: return .polled(number: try reader.int())
    case .succeeded: return .succeeded(try reader.value())
    case .fellBack: return .fellBack(try reader.value())
    case .recalled: return .recalled(try reader.value())
    case .attemptFailed:
      return .attemptFailed(attempt: try reader.int(), kind: try reader.text(), message: try reader.text())
    case .attemptFailedForLong:
      return .attemptFailed(
        attempt: try reader.int(), kind: try reader.text(), message: try reader.text(),
        retryAfter: TimeSpan(nanoseconds: try reader.signed()))
    case .refused:
      let (attempt, breaker) = (try reader.int(), try reader.text())
      return .refused(attempt: attempt, breaker: breaker, until: try reader.byte() == 0 ? nil : try reader.moment())
    case .indeterminate: return .indeterminate(attempt: try reader.int(), message: try reader.text())
    case .settledDone: return .settled(.done(try reader.value()))
    case .settledRetry: return .settled(.retry)
    case .settledFail: return .settled(.fail(message: try reader.text()))
    case .cancelled: return .cancelled
    case .cancelRequested: return .cancelRequested
    case .resumed: return .resumed
    case .endedSucceeded: return .ended(.succeeded(try reader.value()))
    case .endedFailed:
      let (kind, message) = (try reader.text(), try reader.text())
      let (path, attempt) = (try reader.text(), try reader.int())
      return .ended(.failed(RunFailure(kind: kind, message: message, path: path, attempt: attempt)))
    case .endedCancelled: return .ended(.cancelled)
    case .receivedSignal:
      let number = Int64(try reader.int())
      let name = SignalName(try reader.text(), key: try reader.byte() == 0 ? nil : try reader.text())
      return .received(.signal(name, try reader.value()), number: number)
    case .receivedCancel: return .received(.cancel, number: Int64(try reader.int()))
    case .receivedPause:
      let number = Int64(try reader.int())
      return .received(.pause(reason: try reader.byte() == 0 ? nil : try reader.text()), number: number)
    case .reopened:
      var dropped: [String] = []
      for _ in 0..<(try reader.count()) { dropped.append(try reader.text()) }
      return .reopened(dropped: dropped)
    case .migrated:
      var input: [Value] = []
      for _ in 0..<(try reader.count()) { input.append(try reader.value()) }
      var paths: [String: String] = [:]
      for _ in 0..<(try reader.count()) { paths[try reader.text()] = try reader.text() }
      return .migrated(input: input, paths: paths)
    case .receivedResume: return .received(.resume, number: Int64(try reader.int()))
    case .timeReached:
      let chosen = try reader.int()
      return .timeReached(chosen: chosen == 0 ? nil : chosen - 1)
    case .clock:
      let (boot, uptime) = (try reader.text(), TimeSpan(nanoseconds: try reader.signed()))
      return .clock(boot: boot, uptime: uptime, change: TimeSpan(nanoseconds: try reader.signed()))
    }
  }
}
