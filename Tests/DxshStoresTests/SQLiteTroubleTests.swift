import DxshRuntime
import DxshSQLite
import DxshStores
import DxshTestSupport
import Glibc
import Testing

/// What SQLite stores do when their files are not what they should be.
struct SQLiteTroubleTests {
  private static func kind(of folder: TemporaryFolder) -> RunStoreError.Kind? {
    do {
      _ = try SQLiteRunStore(folder: folder.path, creating: false)
      return nil
    } catch {
      return error.kind
    }
  }

  private func store(_ folder: TemporaryFolder, batches: Int) async throws {
    let store = try SQLiteRunStore(folder: folder.path, creating: true)
    let claim = try await RunStoreContractTests.begin(RunStoreContractTests.run("r1"), in: store)
    defer { withExtendedLifetime(claim) {} }
    for number in 1...batches {
      try await store.append(
        RunStoreContractTests.batch(number), to: "r1", RunState(.running, at: RunStoreContractTests.start))
    }
  }

  @Test func otherFilesAreRefused() async throws {
    let folder = TemporaryFolder()
    #expect(Self.kind(of: folder) == .unavailable)
    Repository.write(String(repeating: "no database ", count: 100), to: folder.path + "/store.sqlite")
    #expect(Self.kind(of: folder) == .damaged)
    let other = TemporaryFolder()
    try SQLiteConnection(other.path + "/store.sqlite", .create, busyTimeout: 10_000).execute("CREATE TABLE t (a)")
    #expect(Self.kind(of: other) == .unavailable)
  }

  @Test func aLaterFormatIsRefused() async throws {
    let folder = TemporaryFolder()
    try await store(folder, batches: 1)
    try SQLiteConnection(folder.path + "/store.sqlite", .readWrite, busyTimeout: 10_000).execute(
      "PRAGMA user_version = 99")
    #expect(Self.kind(of: folder) == .newer)
  }

  @Test func aDamagedJournalIsNoticed() async throws {
    let folder = TemporaryFolder()
    try await store(folder, batches: 3)
    let connection = try SQLiteConnection(folder.path + "/store.sqlite", .readWrite, busyTimeout: 10_000)
    try connection.execute("UPDATE journal SET events = zeroblob(length(events)) WHERE batch = 2")
    let store = try SQLiteRunStore(folder: folder.path, creating: false)
    let damaged = try await store.journal(of: "r1")
    #expect(throws: RunStoreError.self) { try RunHistory(damaged) }
    try connection.execute("DELETE FROM journal WHERE batch = 2")
    let short = try await store.journal(of: "r1")
    #expect(throws: RunStoreError.self) { try RunHistory(short) }
  }

  /// A power cut: the log loses its end at any byte. What is left is a prefix of the journal, never something else.
  @Test func aTornLogLosesOnlyItsEnd() async throws {
    let folder = TemporaryFolder()
    // A reader keeps the log from being taken into the database when the store closes.
    try await store(folder, batches: 1)
    let database = folder.path + "/store.sqlite"
    let reader = try SQLiteConnection(database, .readWrite, busyTimeout: 10_000)
    _ = try reader.prepare("SELECT count(*) FROM runs").step()
    let store = try SQLiteRunStore(folder: folder.path, creating: false)
    // The first claim is given back some time after its end.
    while try await store.run("r1").summary.isClaimed { await Task.yield() }
    let claim = try await store.claim("r1")
    defer { withExtendedLifetime(claim) {} }
    for number in 2...12 {
      try await store.append(
        RunStoreContractTests.batch(number), to: "r1", RunState(.running, at: RunStoreContractTests.start))
    }
    let whole = try await store.journal(of: "r1")
    let main = try #require(Repository.bytes(of: database))
    let log = try #require(Repository.bytes(of: database + "-wal"))
    #expect(log.count > 11 * 4096)
    var seen: Set<Int> = []
    for cut in stride(from: 0, through: log.count, by: 1009) {
      let copy = TemporaryFolder()
      write(main, to: copy.path + "/store.sqlite")
      write(Array(log[..<cut]), to: copy.path + "/store.sqlite-wal")
      let found = try await SQLiteRunStore(folder: copy.path, creating: false).journal(of: "r1")
      #expect(found == Array(whole[..<found.count]))
      seen.insert(found.count)
    }
    #expect(seen.count > 8)
  }

  private func write(_ bytes: [UInt8], to path: String) {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    defer { close(descriptor) }
    _ = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
  }
}
