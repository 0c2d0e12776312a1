import DxshExpressions
import DxshRuntime
import DxshSQLite
import DxshStores
import DxshTestSupport
import Glibc
import Testing

/// How a store writes, what its runs say of that, and how long the log beside it gets.
struct DurabilityTests {
  /// sqlite.org/pragma.html#pragma_synchronous: with 2, every commit to the log is synced.
  @Test(arguments: [(Durability.full, Int64(2)), (.process, 1), (.none, 0)])
  func commitsAreSyncedAsItSays(_ durability: Durability, _ level: Int64) throws {
    let folder = TemporaryFolder()
    // The first connection makes the file and the second finds it.
    for _ in 0..<2 {
      let connection = try StoreSchema.open(folder.path + "/store.sqlite", durability: durability)
      let read = try connection.prepare("PRAGMA synchronous")
      #expect(try read.step() && read.integer(0) == level)
    }
  }

  /// A run is worth what the least of its processes promised.
  @Test func aRunSaysTheLeastThatWasPromised() async throws {
    let folder = TemporaryFolder()
    func go(_ durability: Durability, _ body: (SQLiteRunStore) async throws -> Void) async throws -> Durability {
      let store = try SQLiteRunStore(folder: folder.path, creating: true, durability: durability)
      try await body(store)
      return try await store.run("r1").summary.durability
    }
    let first = try await go(.full) { store in
      _ = try await RunStoreContractTests.begin(RunStoreContractTests.run("r1"), in: store)
    }
    #expect(first == .full)
    for (durability, expected) in [(Durability.process, Durability.process), (.full, .process), (.none, .none)] {
      let found = try await go(durability) { store in
        var claim = try await store.claim("r1")
        // The claim before is given back some time after its end.
        while claim == nil { claim = try await store.claim("r1") }
      }
      #expect(found == expected)
    }
  }

  /// While somebody reads, the log cannot be written from its beginning again. Afterwards it is cut off.
  @Test func aLogThatGotTooLongIsCutOff() async throws {
    let folder = TemporaryFolder()
    let limit: Int64 = 1 << 20
    let store = try SQLiteRunStore(folder: folder.path, creating: true, logLimit: limit)
    let claim = try await RunStoreContractTests.begin(RunStoreContractTests.run("r1"), in: store)
    defer { withExtendedLifetime(claim) {} }
    let state = RunState(.running, at: RunStoreContractTests.start)
    var number = 0
    func write(_ count: Int) async throws {
      for _ in 0..<count {
        number += 1
        let event = RecordedEvent(
          path: "a", kind: .succeeded(.bytes([UInt8](repeating: 7, count: 100_000))), at: RunStoreContractTests.start)
        try await store.append(JournalBatch(number: number, bytes: JournalCodec.encode([event])), to: "r1", state)
      }
    }
    do {
      let reader = try SQLiteConnection(folder.path + "/store.sqlite", .readWrite, busyTimeout: 10_000)
      try reader.execute("BEGIN")
      let read = try reader.prepare("SELECT count(*) FROM journal")
      #expect(try read.step())
      try await write(40)
      #expect(logSize(folder) > 3 * limit)
      // What it reads stays what it was.
      read.reset()
      #expect(try read.step() && read.integer(0) == 1)
      read.reset()
      try reader.execute("ROLLBACK")
      #expect(logSize(folder) > 3 * limit)
    }
    try await write(1)
    // What says that the process lives may have been written since.
    #expect(logSize(folder) < limit / 8)
    try await write(100)
    #expect(logSize(folder) < 2 * limit)
    #expect(try await store.journal(of: "r1").count == 142)
  }

  private func logSize(_ folder: TemporaryFolder) -> Int64 {
    var status = stat()
    return stat(folder.path + "/store.sqlite-wal", &status) == 0 ? Int64(status.st_size) : -1
  }
}
