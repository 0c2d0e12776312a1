import DxshExpressions
import DxshNodes
import DxshRuntime
import DxshSQLite
import DxshTestSupport
import DxshTime
import Testing

@Suite struct SQLiteExecuteTests {
  let database = TestDatabase()

  @Test func allStatementsOrNone() async throws {
    #expect(
      try await database.execute(
        "CREATE TABLE a (id INTEGER PRIMARY KEY, n INTEGER CHECK (n >= 0))",
        "INSERT INTO a VALUES (1, 1), (2, 2)", "CREATE TABLE b AS SELECT * FROM a",
        "UPDATE a SET n = n + 1 WHERE id = 2 RETURNING n", "SELECT * FROM a", "DELETE FROM a WHERE id = 7") == 3)
    let failure = await database.executeFailure("UPDATE a SET n = 9", "INSERT INTO a VALUES (1, 1) ON CONFLICT DO FAIL")
    #expect(failure?.kind == "sql")
    #expect(
      await database.executeFailure("UPDATE a SET n = 9", "INSERT INTO a\n  VALUES (1, 1)")
        == NodeFailure("constraint", "statement 2 \"INSERT INTO a VALUES (1, 1)\": UNIQUE constraint failed: a.id"))
    #expect(await database.executeFailure("UPDATE a SET n = 9", "UPDATE a SET n = -1")?.kind == "constraint")
    #expect(await database.executeFailure("INSERT OR ROLLBACK INTO a VALUES (5, 5), (1, 1)")?.kind == "constraint")
    #expect(try await database.query("SELECT * FROM a") == #"[{"id":1,"n":1},{"id":2,"n":3}]"#)
    #expect(try await database.execute("SELECT 1") == 0)
    #expect(database.folder.names == ["a.db"])
  }

  @Test func foreignKeysAreEnforced() async throws {
    try await database.execute(
      "CREATE TABLE a (id INTEGER PRIMARY KEY)", "CREATE TABLE b (a REFERENCES a)",
      "CREATE TABLE c (a REFERENCES a DEFERRABLE INITIALLY DEFERRED)")
    #expect(await database.executeFailure("INSERT INTO b VALUES (1)")?.kind == "constraint")
    #expect(
      await database.executeFailure("INSERT INTO c VALUES (1)")
        == NodeFailure("constraint", "\"a.db\": FOREIGN KEY constraint failed"))
    #expect(try await database.execute("INSERT INTO c VALUES (1)", "INSERT INTO a VALUES (1)") == 2)
    #expect(try await database.query("SELECT a FROM c") == #"[{"a":1}]"#)
  }

  @Test func messagesNeverSayValues() async throws {
    try await database.execute("CREATE TABLE a (id TEXT PRIMARY KEY CHECK (id <> 'hidden'), n INTEGER) STRICT")
    let insert = "INSERT INTO a VALUES (?1, ?2)"
    for params in [[Value.text("hidden"), .int(1)], [.text("x"), .text("hidden")], [.text("hidden")]] {
      let failure = await database.executeFailure(insert, params: params)
      #expect(failure?.message.hasPrefix("statement 1 \"INSERT INTO a VALUES (?1, ?2)\": ") == true)
      #expect(failure?.message.contains("hidden") == (failure?.message.contains("id <> 'hidden'")))
    }
    let long = await database.executeFailure("SELECT nothing, '\(String(repeating: "x", count: 100))'")
    #expect(
      long?.message == "statement 1 \"SELECT nothing, '\(String(repeating: "x", count: 43))…\": no such column: nothing")
  }

  // MARK: - The fence

  @Test func aKeyTakesEffectOnce() async throws {
    try await database.execute("CREATE TABLE a (n)", key: "run/one")
    for _ in 1...3 { #expect(try await database.execute("INSERT INTO a VALUES (1), (2)", key: "run/two") == 2) }
    // What was recorded is answered, whatever the statements are.
    #expect(try await database.execute("DELETE FROM a", key: "run/two") == 2)
    #expect(try await database.execute("INSERT INTO a VALUES (3)", key: "run/three") == 1)
    #expect(try await database.query("SELECT n FROM a") == #"[{"n":1},{"n":2},{"n":3}]"#)
    #expect(
      try await database.query("SELECT key, CAST(result AS TEXT) AS r, at FROM _dxsh_fences WHERE key = 'run/two'")
        == #"[{"key":"run/two","r":"{\"changes\":2}","at":"1970-01-01T00:00:00Z"}]"#)
  }

  @Test func aFailureLeavesNoFence() async throws {
    try await database.execute("CREATE TABLE a (n PRIMARY KEY)", "INSERT INTO a VALUES (1)")
    await #expect(throws: NodeFailure.self) { try await database.execute("INSERT INTO a VALUES (1)", key: "k") }
    try await database.execute("DELETE FROM a")
    #expect(try await database.execute("INSERT INTO a VALUES (1)", key: "k") == 1)
  }

  @Test func withoutAKeyThereIsNoFence() async throws {
    try await database.execute("CREATE TABLE a (n)")
    for _ in 1...2 { try await database.execute("INSERT INTO a VALUES (1)") }
    #expect(try await database.query("SELECT name FROM sqlite_schema") == #"[{"name":"a"}]"#)
    #expect(try await database.query("SELECT count(*) AS n FROM a") == #"[{"n":2}]"#)
  }

  /// COMMIT fails, but took effect, or did not: the file says which.
  @Test func aCommitInDoubtIsLookedUp() async throws {
    try await database.execute("CREATE TABLE a (n)")
    let file = SQLiteFile(given: "a.db", absolute: database.path, patience: .zero)
    let insert = SQLiteTransaction.Statement(sql: "INSERT INTO a VALUES (1)", place: "insert", cells: [])
    func run(_ key: String?, ending: String) throws -> [UInt8] {
      let fence = key.map { SQLiteFence(key: $0, time: .epoch) }
      let transaction = SQLiteTransaction(file: file, statements: [insert], fence: fence) {
        connection throws(SQLiteError) in
        try connection.execute(ending)
        throw SQLiteError(.io, "disk I/O error")
      }
      return try transaction.run(on: try database.open())
    }
    #expect(throws: NodeFailure("sql", "\"a.db\": disk I/O error")) { try run("b", ending: "ROLLBACK") }
    #expect(try run("a", ending: "COMMIT") == Array(#"{"changes":1}"#.utf8))
    #expect(throws: NodeFailure("sql", "\"a.db\": disk I/O error")) { try run("b", ending: "ROLLBACK") }
    #expect(throws: NodeFailure("sql", "\"a.db\": disk I/O error")) { try run("b", ending: "SELECT 1") }
    #expect(throws: NodeFailure("sql", "COMMIT: disk I/O error", isOutcomeUnknown: true)) {
      try run(nil, ending: "COMMIT")
    }
    #expect(try await database.query("SELECT count(*) AS n FROM a") == #"[{"n":2}]"#)
    #expect(try await database.query("SELECT key FROM _dxsh_fences") == #"[{"key":"a"}]"#)
  }

  @Test(arguments: [
    ("COMMIT", "the step is one transaction, so there is no COMMIT"),
    ("END", "the step is one transaction, so there is no COMMIT"),
    ("ROLLBACK", "the step is one transaction, so there is no ROLLBACK"),
    ("BEGIN", "the step is one transaction, so there is no BEGIN"),
    ("SAVEPOINT x", "there is no SAVEPOINT, RELEASE or ROLLBACK TO"),
    ("ATTACH 'b.db' AS b", "a step uses one database, so there is no ATTACH or VACUUM"),
    ("DETACH main", "a step uses one database, so there is no DETACH"),
    ("VACUUM", "VACUUM"), ("VACUUM INTO 'copy.db'", "VACUUM"),
    ("PRAGMA foreign_keys = OFF", "a step may not use PRAGMA foreign_keys"),
    ("PRAGMA writable_schema = ON", "a step may not use PRAGMA writable_schema"),
    ("PRAGMA user_version", "a step may not use PRAGMA user_version"),
    ("SELECT load_extension('x')", "not authorized"),
    ("UPDATE sqlite_schema SET sql = ''", "may not be modified"),
    ("DELETE FROM _dxsh_fences", "_dxsh_fences belongs to dxsh"),
    ("SELECT key FROM \"_DXSH_Fences\"", "_dxsh_fences belongs to dxsh"),
    ("DROP TABLE main._dxsh_fences", "_dxsh_fences belongs to dxsh"),
    ("ALTER TABLE _dxsh_fences RENAME TO x", "_dxsh_fences belongs to dxsh"),
    ("CREATE TEMP TABLE _dxsh_fences (key, result, at)", "_dxsh_fences belongs to dxsh"),
    ("CREATE TRIGGER x AFTER INSERT ON _dxsh_fences BEGIN SELECT 1; END", "_dxsh_fences belongs to dxsh"),
    ("CREATE INDEX x ON _dxsh_fences (at)", "_dxsh_fences belongs to dxsh"),
    ("DELETE FROM fences_view", "fences_view"), ("SELECT * FROM fences_view", "_dxsh_fences belongs to dxsh"),
    ("INSERT INTO a VALUES (7)", "_dxsh_fences belongs to dxsh"),
    ("INSERT INTO b VALUES (1); INSERT INTO b VALUES (2)", "there is more than one statement in the text"),
    ("", "there is no statement in the text"),
  ])
  func whatAStatementMayNotBe(sql: String, message: String) async throws {
    try await database.execute("CREATE TABLE a (n)", "CREATE TABLE b (n)", key: "key")
    // What somebody else has put there; a trigger and a view only reach further when they are used.
    try database.open().execute(
      """
      CREATE VIEW fences_view AS SELECT * FROM _dxsh_fences;
      CREATE TRIGGER forget AFTER INSERT ON a BEGIN DELETE FROM _dxsh_fences; END
      """)
    let failure = await database.executeFailure("INSERT INTO b VALUES (1)", sql)
    #expect(failure?.kind == "sql")
    #expect(failure?.message.hasPrefix("statement 2 \"") == true)
    #expect(failure?.message.contains(message) == true, "\(failure?.message ?? "")")
    #expect(try await database.query("SELECT n FROM b") == "[]")
    #expect(try await database.query("SELECT key FROM _dxsh_fences") == #"[{"key":"key"}]"#)
    #expect(database.folder.names == ["a.db"])
  }

  // MARK: - The file

  @Test func theFileAndItsFolderAreMade() async throws {
    var database = database
    database.name = "some/folder/a.db"
    try await database.execute("CREATE TABLE a (n)")
    #expect(try await database.query("SELECT n FROM a") == "[]")
    database.name = "some/../some/folder/../folder/a.db"
    #expect(try await database.query("SELECT n FROM a") == "[]")
    database.name = ":memory:"
    try await database.execute("CREATE TABLE a (n)")
    #expect(database.folder.names == [":memory:", "some"])
  }

  @Test(arguments: ["delete", "wal", "truncate"])
  func theModeOfTheJournalStays(_ mode: String) async throws {
    try database.open().execute("PRAGMA journal_mode = \(mode)")
    try await database.execute("CREATE TABLE a (n)", "INSERT INTO a VALUES (1)", key: "k")
    #expect(try await database.query("SELECT n FROM a") == #"[{"n":1}]"#)
    let kept = mode == "truncate" ? "delete" : mode
    #expect(try await database.query("PRAGMA journal_mode") == "[{\"journal_mode\":\"\(kept)\"}]")
    #expect(database.folder.names.filter { !$0.hasSuffix("-journal") } == ["a.db"] || mode == "wal")
  }

  @Test func whatIsTemporaryBelongsToOneStep() async throws {
    try await database.execute("CREATE TABLE a (n)")
    // A step beside keeps the connection in use.
    let waiting = try database.open()
    try waiting.execute("BEGIN IMMEDIATE")
    let database = database
    let steps = (1...2).map { _ in
      Task { try await database.execute("CREATE TEMP TABLE t AS SELECT 1 AS n", "INSERT INTO a SELECT n FROM t") }
    }
    try waiting.execute("COMMIT")
    for step in steps { #expect(try await step.value == 1) }
    #expect(try await database.query("SELECT count(*) AS n FROM a") == #"[{"n":2}]"#)
  }

  @Test func aFileThatWasReplacedIsSeen() async throws {
    try await database.execute("CREATE TABLE a (n)")
    #expect(Program.shell("rm a.db", in: database.folder.path).exitCode == 0)
    #expect(await database.queryFailure("SELECT n FROM a")?.message.contains("there is no database") == true)
    try await database.execute("CREATE TABLE b (n)")
    #expect(try await database.query("SELECT name FROM sqlite_schema") == #"[{"name":"b"}]"#)
  }
}
