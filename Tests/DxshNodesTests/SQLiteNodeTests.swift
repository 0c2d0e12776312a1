import DxshExpressions
import DxshNodes
import DxshRuntime
import DxshSQLite
import DxshTestSupport
import DxshTime
import Glibc
import Testing

/// `sqlite.query` and `sqlite.execute` on a file of the test's own.
struct SQLiteNodeTests {
  let folder = TemporaryFolder()

  private static func connection(_ path: String = "a.db", wait milliseconds: Int64 = 5_000) -> Value {
    .record(
      RecordValue(
        RecordShape(["path", "busy_timeout"]),
        [.text(path), .duration(TimeSpan(nanoseconds: milliseconds * 1_000_000))]))
  }

  private static func statements(_ statements: [(String, [Value])]) -> Value {
    let shape = RecordShape(["sql", "params"])
    return .list(statements.map { .record(RecordValue(shape, [.text($0.0), .list($0.1)])) })
  }

  @discardableResult
  private func execute(_ sql: (String, [Value])..., key: String = "", wait: Int64 = 5_000) async throws -> Value {
    try await call(
      SQLiteExecuteNode(), ["connection": Self.connection(wait: wait), "statements": Self.statements(sql)],
      in: folder, key: key)
  }

  private func query(
    _ sql: String, _ parameters: [Value] = [], as type: Type = .json, limit: Int64 = 100
  ) async throws -> Value {
    let rows = try await call(
      SQLiteQueryNode(),
      ["connection": Self.connection(), "sql": .text(sql), "params": .list(parameters), "row_limit": .int(limit)],
      as: .list(type), in: folder)
    return try rows.decoded(as: .list(type))
  }

  private func failure(_ body: () async throws -> Value) async -> NodeFailure? {
    await #expect(throws: NodeFailure.self) { try await body() }
  }

  @Test func rowsAreRecordsOfTheirType() async throws {
    let row = Type.record(
      RecordType([
        .init("id", .int), .init("ok", .bool), .init("note", .optional(.string)), .init("score", .double),
        .init("tags", .list(.string)), .init("at", .timestamp), .init("raw", .bytes),
      ]))
    try await execute(
      ("create table t (id integer, ok integer, note text, score real, tags text, at text, raw blob)", []),
      (
        "insert into t values (?, ?, ?, ?, ?, ?, x'00ff')",
        [.int(7), .bool(true), .null, .int(2), .texts("a", "b"), .text("2026-01-02T03:04:05Z")]
      ))
    guard case .list(let rows) = try await query("select 1 as more, * from t", as: row) else {
      Issue.record("a list")
      return
    }
    #expect(rows.count == 1)
    #expect(rows[0]["id"] == .int(7) && rows[0]["ok"] == .bool(true) && rows[0]["note"] == .none)
    #expect(
      rows[0]["score"] == .double(2) && rows[0]["tags"] == .texts("a", "b") && rows[0]["raw"] == .bytes([0, 255]))
    #expect(rows[0]["at"] == .timestamp(Timestamp(seconds: 1_767_323_045, nanoseconds: 0) ?? .epoch))
  }

  @Test func rowsWithoutATypeAreJSON() async throws {
    try await execute(("create table t (n integer)", []), ("insert into t values (1), (2)", []))
    #expect(
      try await query("select 1 as a, null as b, 'x' as c, 2.5 as d", as: .json)
        == .list([
          .map(
            MapValue(distinct: [
              .init(key: .text("a"), value: .int(1)), .init(key: .text("b"), value: .null),
              .init(key: .text("c"), value: .text("x")), .init(key: .text("d"), value: .double(2.5)),
            ]))
        ]))
    #expect(try await query("select n from t order by n desc", as: .int) == .list([.int(2), .int(1)]))
  }

  @Test func valuesAreNeverText() async throws {
    let hostile = "x'); drop table t; --"
    try await execute(("create table t (n text)", []), ("insert into t values (?)", [.text(hostile)]))
    #expect(try await query("select n from t where n = ?", [.text(hostile)], as: .string) == .list([.text(hostile)]))
  }

  @Test func changesAreThoseOfAllStatements() async throws {
    #expect(
      try await execute(
        ("create table t (n integer)", []), ("insert into t values (1), (2), (3)", []),
        ("update t set n = n + 1 where n > 1", []), ("delete from t where n = 4", []))["changes"] == .int(6))
  }

  @Test func aKeyTakesEffectOnce() async throws {
    try await execute(("create table t (n integer)", []))
    for _ in 0..<3 {
      #expect(try await execute(("insert into t values (1), (2)", []), key: "run/a[3]")["changes"] == .int(2))
    }
    try await execute(("insert into t values (1)", []), key: "run/a[4]")
    #expect(try await query("select count(*) from t", as: .int) == .list([.int(3)]))
  }

  @Test func aFailureLeavesNothing() async throws {
    try await execute(("create table t (n integer primary key)", []))
    let failed = await failure {
      try await execute(("insert into t values (1)", []), ("insert into t values (?)", [.int(1)]), key: "k")
    }
    #expect(failed?.kind == "constraint")
    #expect(failed?.message.hasPrefix("statement 2 (insert into t values (?)): UNIQUE") == true)
    #expect(try await query("select count(*) from t", as: .int) == .list([.int(0)]))
    #expect(try await execute(("insert into t values (5)", []), key: "k")["changes"] == .int(1))
  }

  @Test(arguments: [
    "commit", "rollback", "begin", "savepoint a", "attach 'b.db' as b", "detach main", "pragma journal_mode = delete",
    "vacuum", "delete from _dxsh_fences", "drop table _dxsh_fences", "insert into _DXSH_fences values ('a', 1, '')",
    "create trigger x after insert on t begin delete from _dxsh_fences; end; insert into t values (1)",
    "select 1; select 2", "", "selec 1", "insert into nowhere values (1)", "insert into t values (?)",
  ])
  func statementsMayNotDoEverything(_ sql: String) async throws {
    try await execute(("create table t (n integer)", []), key: "first")
    let failed = await failure { try await execute(("insert into t values (9)", []), (sql, []), key: "second") }
    #expect(failed?.kind == "sql", "\(sql)")
    #expect(failed?.message.hasPrefix("statement 2 (") == true, "\(failed?.message ?? "")")
    #expect(try await query("select count(*) from t", as: .int) == .list([.int(0)]))
    // The fence of the first is still there, and the second can be done yet.
    #expect(try await execute(("create table t (n integer)", []), key: "first")["changes"] == .int(0))
    #expect(try await execute(("insert into t values (9)", []), key: "second")["changes"] == .int(1))
  }

  @Test(arguments: [
    ("insert into t values (1)", "it writes"), ("begin", "not authorized"), ("attach 'b.db' as b", "not authorized"),
    ("select * from _dxsh_fences", "prohibited"), ("select n, n from t", "two columns are called n"),
    ("select 1 as m", "there is no column n"), ("select ? as n", "it has 1 places for values, and 0 are given"),
    ("select 'x' as n from t union all select 'y'", "expected int"),
  ])
  func queriesOnlyRead(_ sql: String, _ words: String) async throws {
    try await execute(("create table t (n integer)", []), key: "k")
    let failed = await #expect(throws: (any Error).self) {
      try await query(sql, as: .record(RecordType([.init("n", .int)])))
    }
    #expect("\(failed.map { "\($0)" } ?? "")".contains(words), "\(sql): \(String(describing: failed))")
  }

  @Test func rowsAreLimited() async throws {
    try await execute()
    let many = "with recursive n(i) as (select 1 union all select i + 1 from n) select i from n"
    let failed = await failure { try await query(many, as: .int, limit: 10) }
    #expect(failed?.kind == "limit" && failed?.message.contains("more than 10 rows (row_limit)") == true)
    let large = await failure {
      try await query(
        "with recursive n(i) as (select 1 union all select i + 1 from n) select zeroblob(99999999) from n")
    }
    #expect(large?.kind == "limit" && large?.message.contains("256 MiB") == true)
  }

  @Test func endlessStatementsAreCancelled() async throws {
    try await execute(("create table t (n integer)", []))
    let endless = "with recursive n(i) as (select 1 union all select i + 1 from n) select count(*) from n"
    let (reading, writing) = (
      Task { try await query(endless) }, Task { try await execute(("insert into t \(endless)", []), key: "k") }
    )
    for _ in 0..<1000 { await Task.yield() }
    reading.cancel()
    writing.cancel()
    await #expect(throws: CancellationError.self) { try await reading.value }
    await #expect(throws: CancellationError.self) { try await writing.value }
    #expect(try await execute(("insert into t values (1)", []), key: "k")["changes"] == .int(1))
  }

  @Test func anotherConnectionMakesItBusy() async throws {
    try await execute(("create table t (n integer)", []))
    let other = try SQLiteConnection(folder.path + "/a.db", .readWrite, busyTimeout: 0)
    try other.execute("BEGIN IMMEDIATE")
    let failed = await failure { try await execute(("insert into t values (1)", []), key: "k", wait: 20) }
    #expect(failed?.kind == "busy")
    try other.execute("ROLLBACK")
    #expect(try await execute(("insert into t values (1)", []), key: "k")["changes"] == .int(1))
  }

  @Test func manyAtOnceAreAllThere() async throws {
    try await execute(("create table t (n integer)", []), ("insert into t values (0)", []))
    try await withThrowingTaskGroup(of: Void.self) { group in
      for task in 0..<8 {
        group.addTask {
          for number in 0..<10 {
            try await self.execute(("update t set n = n + 1", []), key: "\(task)/\(number)")
            _ = try await self.query("select n from t", as: .int)
          }
        }
      }
      try await group.waitForAll()
    }
    #expect(try await query("select n from t", as: .int) == .list([.int(80)]))
  }

  @Test func constraintsAndFullTextSearchWork() async throws {
    try await execute(
      ("create table a (id integer primary key); -- a comment is no statement", []),
      ("create table b (a integer references a (id)) /* nor is this */ ;", []),
      ("create virtual table words using fts5(text)", []))
    #expect(await failure { try await execute(("insert into b values (7)", []), key: "k") }?.kind == "constraint")
    try await execute(("insert into words values ('to be or not to be')", []), key: "k")
    #expect(
      try await query("select text from words where words match 'not'", as: .string)
        == .list([.text("to be or not to be")]))
    #expect(try await query("select name from pragma_table_info('b')", as: .string) == .list([.text("a")]))
  }

  /// A program that died in a transaction leaves a journal that only a connection that may write can roll back.
  @Test func aQueryPutsInOrderWhatADeadProgramLeft() async throws {
    try await execute(("create table t (n integer)", []), ("insert into t values (1)", []))
    let copy = folder.path + "/copy"
    let script = """
      import os, sqlite3
      c = sqlite3.connect("a.db", isolation_level=None)
      c.execute("PRAGMA cache_size = 1")
      c.execute("BEGIN")
      c.executemany("INSERT INTO t VALUES (?)", ((n,) for n in range(100000)))
      os.kill(os.getpid(), 9)
      """
    guard Program.shell("command -v python3 && python3 -c 'import sqlite3'").exitCode == 0 else { return }
    folder.write(script, to: "die.py")
    _ = Program.shell("python3 die.py; cp a.db-journal '\(copy)'", in: folder.path)
    #expect(try await query("select n from t", as: .int) == .list([.int(1)]))
  }

  @Test func filesAreMadeAndFoundAgain() async throws {
    let missing = await failure { try await query("select 1") }
    #expect(missing?.kind == "sql" && missing?.message.contains("a.db cannot be read: No such file") == true)
    try await execute(("create table t (n integer)", []))
    unlink(folder.path + "/a.db")
    #expect(await failure { try await query("select * from t") }?.kind == "sql")
    try await execute(("create table u (n integer)", []))
    #expect(try await query("select count(*) from u", as: .int) == .list([.int(0)]))
    let deep = try await call(
      SQLiteExecuteNode(), ["connection": Self.connection("x/y/b.db"), "statements": Self.statements([])], in: folder)
    #expect(deep["changes"] == .int(0))
  }
}
