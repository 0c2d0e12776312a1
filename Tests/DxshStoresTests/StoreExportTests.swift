import DxshExpressions
import DxshPlan
import DxshRuntime
import DxshStores
import DxshTestSupport
import DxshTime
import Glibc
import Testing

/// Stores as lines and back.
struct StoreExportTests {
  private func export(_ folder: TemporaryFolder) throws -> String {
    var text: [UInt8] = []
    _ = try StoreExport.run(folder: folder.path) { text += $0 }
    return String(decoding: text, as: UTF8.self)
  }

  /// Exports a store and imports it into another.
  static func copy(_ folder: TemporaryFolder, to copy: TemporaryFolder) throws {
    let (_, failure) = try StoreExportTests().load(StoreExportTests().export(folder), into: copy)
    if let failure { throw failure }
  }

  /// Imports and says what came of it.
  private func load(
    _ text: String, into folder: TemporaryFolder, skipExisting: Bool = false
  ) throws -> (report: StoreImport.Report, failure: StoreImport.Failure?) {
    let source = TemporaryFolder()
    source.write(text, to: "lines")
    let descriptor = open(source.path + "/lines", O_RDONLY)
    defer { close(descriptor) }
    let task = try StoreImport(
      folder: folder.path, creating: true, from: LineReader(descriptor, limit: StoreImport.lineLimit),
      skipExisting: skipExisting)
    do {
      return (try task.run(), nil)
    } catch {
      return (task.report, error)
    }
  }

  @Test func whatIsImportedIsExportedAgain() async throws {
    let folder = try StoreCheckTests.store()
    let store = try SQLiteRunStore(folder: folder.path, creating: false)
    // Parts of more than a line, and a message that is known by a text.
    let claim = try await store.claim("gt3em7jbaa224c2p")
    let big = RecordedEvent(
      path: "x", kind: .succeeded(.bytes([UInt8](repeating: 3, count: 3_000_000))), at: RunStoreContractTests.start)
    try await store.append(
      JournalBatch(number: 2, bytes: JournalCodec.encode([big])), to: "gt3em7jbaa224c2p",
      RunState(.running, at: RunStoreContractTests.start, dueAt: .epoch))
    withExtendedLifetime(claim) {}
    _ = try await store.send(
      .cancel, to: "zh2y2s6pexc2dghz", deduplication: "once", at: RunStoreContractTests.start)
    let text = try export(folder)
    let copy = TemporaryFolder()
    let (report, failure) = try load(text, into: copy)
    #expect(failure == nil && report == StoreImport.Report(imported: 5, skipped: 0))
    #expect(try export(copy) == text)
    #expect(try StoreCheck.run(folder: copy.path) { Issue.record("\($0.description)") } == 5)
    let (again, nothing) = try load(text, into: copy, skipExisting: true)
    #expect(nothing == nil && again == StoreImport.Report(imported: 0, skipped: 5))
    #expect(try export(copy) == text)
    #expect(text.split(separator: "\n").allSatisfy { $0.utf8.count < StoreImport.lineLimit })
  }

  /// Values that several runs use, of which one was imported before, and one whose messages get other numbers.
  @Test func largeValuesGoWithEachRun() async throws {
    let folder = try StoreCheckTests.store()
    let store = try SQLiteRunStore(folder: folder.path, creating: false)
    let large = Value.text(String(repeating: "x", count: 3_000_000))
    for (id, number) in [("gt3em7jbaa224c2p", 2), ("5tvf8j4m7kvg8dcn", 2)] {
      let claim = try await store.claim(id)
      let isAsked = id.hasPrefix("5")
      let kind: RecordedEvent.Kind =
        isAsked ? .received(.signal(SignalName("go"), large), number: 1) : .succeeded(.list([large, .int(1)]))
      try await store.append(
        JournalBatch(number: number, [RecordedEvent(path: "x", kind: kind, at: RunStoreContractTests.start)]), to: id,
        RunState(.running, at: RunStoreContractTests.start, dueAt: .epoch, seen: isAsked ? 1 : 0))
      withExtendedLifetime(claim) {}
    }
    let text = try export(folder)
    #expect(text.split(separator: "\n").count { $0.hasPrefix(#"{"value":"#) } == 6)
    let copy = TemporaryFolder()
    let target = try SQLiteRunStore(folder: copy.path, creating: true)
    let mine = try await RunStoreContractTests.begin(RunStoreContractTests.run("r1"), in: target)
    _ = try await target.send(.cancel, to: "r1", deduplication: nil, at: RunStoreContractTests.start)
    // The last run is missing first, then only that one comes.
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
    let last = try #require(lines.lastIndex { $0.hasPrefix(#"{"run":"#) })
    let (report, failure) = try load(lines[..<last].joined(separator: "\n") + "\n{\"end\":4}\n", into: copy)
    #expect(failure == nil && report.imported == 4)
    #expect(try load(text, into: copy, skipExisting: true).report == StoreImport.Report(imported: 1, skipped: 4))
    for id in ["gt3em7jbaa224c2p", "5tvf8j4m7kvg8dcn"] {
      #expect(try await target.journal(of: id).last?.blobs.map(\.bytes.count) == [3_000_005])
    }
    let history = try RunHistory(try await target.journal(of: "5tvf8j4m7kvg8dcn"))
    #expect(history.seen == 2 && history.events.last?.kind == .received(.signal(SignalName("go"), large), number: 2))
    let found = try findings(copy)
    #expect(found.count == 1 && found[0].contains("r1: its plan"), "\(found)")
    withExtendedLifetime(mine) {}
  }

  private func findings(_ folder: TemporaryFolder) throws -> [String] {
    var found: [String] = []
    _ = try StoreCheck.run(folder: folder.path) { found.append($0.description) }
    return found
  }

  @Test func aValueThatIsNotRightIsRefused() async throws {
    let folder = try StoreCheckTests.store()
    let store = try SQLiteRunStore(folder: folder.path, creating: false)
    let claim = try await store.claim("gt3em7jbaa224c2p")
    let large = RecordedEvent(
      path: "x", kind: .succeeded(.text(String(repeating: "x", count: 9000))), at: RunStoreContractTests.start)
    let batch = JournalBatch(number: 2, [large])
    try await store.append(
      batch, to: "gt3em7jbaa224c2p", RunState(.running, at: RunStoreContractTests.start, dueAt: .epoch))
    withExtendedLifetime(claim) {}
    let text = try export(folder)
    let line = try #require(text.split(separator: "\n").first { $0.hasPrefix(#"{"value":"#) })
    let digest = try #require(batch.blobs.first).digest.hexadecimal
    for (what, message) in [
      ("", "refers to, is missing"), ("\(line)\n\(line)\n", "the value comes a second time"),
      (line.replacing("eHh4", with: "eHh5") + "\n", "the value is damaged"),
      (line.replacing(digest, with: "00") + "\n", "the value is damaged"),
      (
        #"{"value":"\#(Blob([1]).digest.hexadecimal)","bytes":"AQ=="}"# + "\n\(line)\n",
        "does not refer to all of its values"
      ),
    ] {
      let copy = TemporaryFolder()
      let changed = try #require(text.replacingFirst(line + "\n", with: what))
      let (report, failure) = try load(changed, into: copy)
      #expect(failure?.message.contains(message) == true, "\(String(describing: failure))")
      #expect(try StoreCheck.run(folder: copy.path) { Issue.record("\($0.description)") } == report.imported)
    }
  }

  /// Whatever others write meanwhile.
  @Test func anExportIsOneMoment() throws {
    let folder = try StoreCheckTests.store()
    let before = try export(folder)
    var (text, lines) = ([UInt8](), 0)
    _ = try StoreExport.run(folder: folder.path) { line in
      text += line
      lines += 1
      guard lines == 3 else { return }
      try? StoreCheckTests.alter(
        folder,
        """
        UPDATE runs SET workflow = 'other'; DELETE FROM inbox; DELETE FROM journal WHERE run = 5;
        DELETE FROM runs WHERE number = 5
        """)
    }
    #expect(String(decoding: text, as: UTF8.self) == before)
    #expect(try export(folder) != before)
  }

  /// A number names one message of a store, so those that come get others where theirs are taken.
  @Test func messagesAreNumberedAnewWhereTheirNumbersAreTaken() async throws {
    let folder = try StoreCheckTests.store()
    let store = try SQLiteRunStore(folder: folder.path, creating: false)
    let id = "5tvf8j4m7kvg8dcn"
    let claim = try await store.claim(id)
    let taken = RecordedEvent(
      path: "", kind: .received(.signal(SignalName("go"), .string("twice")), number: 1),
      at: RunStoreContractTests.start)
    try await store.append(
      JournalBatch(number: 2, bytes: JournalCodec.encode([taken])), to: id,
      RunState(.running, at: RunStoreContractTests.start, dueAt: .epoch, seen: 1))
    withExtendedLifetime(claim) {}
    _ = try await store.send(.cancel, to: id, deduplication: nil, at: RunStoreContractTests.start)
    let text = try export(folder)
    let other = TemporaryFolder()
    let target = try SQLiteRunStore(folder: other.path, creating: true)
    let mine = try await RunStoreContractTests.begin(RunStoreContractTests.run("r1"), in: target)
    for _ in 0..<3 {
      _ = try await target.send(.cancel, to: "r1", deduplication: nil, at: RunStoreContractTests.start)
    }
    let (report, failure) = try load(text, into: other)
    #expect(failure == nil && report.imported == 5)
    #expect(try await target.messages(to: "r1", after: 0).map(\.number) == [1, 2, 3])
    #expect(try await target.messages(to: id, after: 0).map(\.number) == [4, 5])
    let history = try RunHistory(try await target.journal(of: id))
    #expect(history.seen == 4 && history.events.dropLast() == [history.events[0]])
    #expect(try await target.messages(to: id, after: history.seen).map(\.message) == [.cancel])
    #expect(try await target.send(.cancel, to: id, deduplication: nil, at: RunStoreContractTests.start) == 6)
    withExtendedLifetime(mine) {}
  }

  /// What is wrong with a line is said with its number, and of its run nothing is there.
  @Test(arguments: [
    (3, #"{"x":1}"#, "it begins with none of dxsh_store, plan, run, value, batch, message and end"),
    (3, "nonsense", "malformed JSON at column 1"),
    (3, "[1]", "it is not a JSON object"),
    (3, #"{"run":"r","workflow":1}"#, "it has no `durability`"),
    (3, #"{"batch":0,"bytes":"AAAA"}"#, "the batch belongs to no run"),
    (3, #"{"message":1,"deduplication":null,"sent_ms":0,"bytes":""}"#, "the message belongs to no run"),
    (4, #"{"batch":0,"bytes":"AAAA"}"#, "the run 2rvjpeehar03yvwt: part 0 of its journal is damaged"),
    (4, #"{"batch":1,"bytes":"AAAA"}"#, "the run 2rvjpeehar03yvwt: part 0 of its journal is missing"),
    (4, #"{"batch":9223372036854775807,"bytes":"AAAA"}"#, "the run 2rvjpeehar03yvwt: part 0 of its journal is missing"),
    (4, #"{"batch":0,"bytes":"A*=="}"#, "`bytes` is not base64"),
    (4, #"{"batch":"0","bytes":""}"#, "`batch` is not an integer"),
    (4, #"{"batch":0,"bytes":"","more":1}"#, "`more` is not true"),
    (4, #"{"batch":0,"bytes":"","extra":1}"#, "`extra` is not one of its keys"),
    (4, #"{"batch":0,"batch":0}"#, "malformed JSON"),
    (4, #"{"end":0}"#, "the end comes before all of the run 2rvjpeehar03yvwt: 0 of 5 batches, 0 of 0 messages"),
    (1, #"{"dxsh_store":3}"#, "a later version of dxsh wrote this (form 3): use that version"),
    (1, #"{"end":0}"#, "this is no exported store: its first line has `dxsh_store`"),
    (2, #"{"plan":"abc","bytes":"AAAA"}"#, "the plan is not right: its plan is damaged"),
    (2, #"{"dxsh_store":1}"#, "the lines begin a second time"),
    (2, #"{"end":1}"#, "there should be 1 runs before it, and there are 0"),
  ])
  func aWrongLineIsNamed(_ line: Int, _ replacement: String, _ message: String) throws {
    var lines = try export(StoreCheckTests.store()).split(separator: "\n").map(String.init)
    lines[line - 1] = replacement
    let folder = TemporaryFolder()
    let (report, failure) = try load(lines.joined(separator: "\n") + "\n", into: folder)
    #expect(failure?.line == line && failure?.message.hasPrefix(message) == true, "\(String(describing: failure))")
    #expect(report == StoreImport.Report())
    #expect(try StoreCheck.run(folder: folder.path) { Issue.record("\($0.description)") } == 0)
  }

  /// Cut off after any number of bytes, what is there are the first runs, each whole.
  @Test func linesThatEndTooEarlyGiveWholeRuns() throws {
    let text = try export(StoreCheckTests.store())
    var seen: Set<Int> = []
    for length in stride(from: 0, to: text.utf8.count - 1, by: 131) {
      let folder = TemporaryFolder()
      let (report, failure) = try load(String(decoding: text.utf8.prefix(length), as: UTF8.self), into: folder)
      #expect(failure?.line != nil, "\(length)")
      #expect(try StoreCheck.run(folder: folder.path) { Issue.record("\($0.description)") } == report.imported)
      seen.insert(report.imported)
    }
    #expect(seen.contains(0) && seen.count >= 4)
  }

  @Test func aRunIsItsJournals() throws {
    let text = try export(StoreCheckTests.store())
    for (what, with, message) in [
      (#""status":"succeeded""#, #""status":"failed""#, "it is succeeded by its journal and failed by its row"),
      (#""status":"waiting""#, #""status":"cancelled""#, "it has not ended by its journal and is cancelled by its row"),
      (#""run":"dffsabhdjqqkjnap""#, #""run":"a\u001b[2J""#, "`run` is not an identifier"),
      (#""run":"dffsabhdjqqkjnap""#, #""run":"2rvjpeehar03yvwt""#, "the run 2rvjpeehar03yvwt is in the store"),
      (#""batches":3"#, #""batches":4"#, "a plan comes before all of the run dffsabhdjqqkjnap: 3 of 4 batches"),
      (#""batches":3"#, #""batches":-1"#, "`batches` is below zero"),
      (#""message":1"#, #""message":0"#, "messages have numbers above zero"),
    ] {
      let folder = TemporaryFolder()
      let changed = try #require(text.replacingFirst(what, with: with))
      let (report, failure) = try load(changed, into: folder)
      #expect(failure?.message.contains(message) == true, "\(String(describing: failure))")
      #expect(try StoreCheck.run(folder: folder.path) { Issue.record("\($0.description)") } == report.imported)
    }
  }

  /// Only as much is read of a line as any line may have.
  @Test func aLineWithoutEndIsRefused() throws {
    let folder = TemporaryFolder()
    let descriptor = open("/dev/zero", O_RDONLY)
    defer { close(descriptor) }
    let task = try StoreImport(
      folder: folder.path, creating: true, from: LineReader(descriptor, limit: StoreImport.lineLimit),
      skipExisting: false)
    let failure = #expect(throws: StoreImport.Failure.self) { try task.run() }
    #expect(failure?.line == 1 && failure?.message == "it is longer than 4 MiB, as no line is")
  }
}

extension String {
  fileprivate func replacingFirst(_ text: String, with other: String) -> String? {
    let (bytes, searched) = (Array(utf8), Array(text.utf8))
    guard bytes.count >= searched.count else { return nil }
    for start in 0...(bytes.count - searched.count) where Array(bytes[start..<start + searched.count]) == searched {
      return String(
        decoding: Array(bytes[..<start]) + Array(other.utf8) + Array(bytes[(start + searched.count)...]), as: UTF8.self)
    }
    return nil
  }
}
