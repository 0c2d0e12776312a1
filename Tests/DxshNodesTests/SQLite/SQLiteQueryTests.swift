import DxshExpressions
import DxshRuntime
import DxshSQLite
import DxshTestSupport
import Glibc
import Testing

@Suite struct SQLiteQueryTests {
  let database = TestDatabase()

  private func record(_ fields: KeyValuePairs<String, Type>) -> Type {
    .record(RecordType(fields.map { RecordType.Field($0, $1) }))
  }

  private func makeItems() async throws {
    try await database.execute(
      "CREATE TABLE items (id INTEGER PRIMARY KEY, name TEXT, done INTEGER, price REAL, tags TEXT, data BLOB)",
      "INSERT INTO items VALUES (1, 'Ada', 1, 2.5, '[\"a\"]', x'00ff'), (2, NULL, 0, 3.0, '[]', x'')")
  }

  @Test func rowsBecomeRecords() async throws {
    try await makeItems()
    let row = record([
      "name": .optional(.string), "id": .int, "done": .bool, "price": .double, "tags": .list(.string), "data": .bytes,
      "missing": .optional(.int),
    ])
    #expect(
      try await database.query("SELECT * FROM items ORDER BY id", as: row) == """
        [{"name":"Ada","id":1,"done":true,"price":2.5,"tags":["a"],"data":"AP8="},\
        {"id":2,"done":false,"price":3.0,"tags":[],"data":""}]
        """)
    #expect(try await database.query("SELECT * FROM items WHERE id > 2", as: row) == "[]")
  }

  @Test func rowsWithoutATypeAreJSON() async throws {
    try await makeItems()
    #expect(
      try await database.query("SELECT id, name, done, data FROM items") == """
        [{"id":1,"name":"Ada","done":1,"data":"AP8="},{"id":2,"name":null,"done":0,"data":""}]
        """)
    #expect(try await database.query("SELECT 1 AS a, 2 AS b", as: .map(.string, .int)) == #"[{"a":1,"b":2}]"#)
    #expect(try await database.query("SELECT 1, 2, 1", as: .list(.int)) == "[[1,2,1]]")
  }

  @Test func everyTypeOfCell() async throws {
    try await makeItems()
    let tier = Type.enumeration(EnumType("Tier", [.init("pro", wireName: "pro-2")]))
    let row = record(["u": .uint, "d": .double, "t": .timestamp, "s": .duration, "z": .size, "e": tier, "o": .json])
    #expect(
      try await database.query(
        "SELECT 1 AS u, 2 AS d, '1970-01-01T00:00:00Z' AS t, '1m' AS s, 5 AS z, 'pro-2' AS e, NULL AS o", as: row)
        == #"[{"u":1,"d":2.0,"t":"1970-01-01T00:00:00Z","s":"60s","z":5,"e":"pro-2","o":null}]"#)
  }

  @Test(arguments: [
    ("SELECT 'x' AS a", Type.int, #"row 1, column "a": expected int, found "x""#),
    ("SELECT 1 AS a UNION ALL SELECT NULL", .int, #"row 2, column "a": expected int, found null"#),
    ("SELECT 2 AS a", .bool, #"row 1, column "a": expected bool, found 2"#),
    ("SELECT 1.0 AS a", .int, #"row 1, column "a": expected int, found 1.0"#),
    ("SELECT x'61' AS a", .string, #"row 1, column "a": expected string, found 1 bytes"#),
    ("SELECT CAST(x'61ff' AS TEXT) AS a", .string, #"row 1, column "a": the text is not UTF-8: see its byte 2"#),
    ("SELECT 1e999 AS a", .json, #"row 1, column "a": expected json, found inf"#),
    (
      "SELECT '[' AS a", .list(.int),
      #"row 1, column "a": expected list<int> as JSON text: line 1, column 2: expected a value, found the end"#
    ),
    ("SELECT 1 AS b, 2 AS c", .int, #"there is no column "a"; there are "b", "c""#),
    ("SELECT 1 AS b WHERE 0", .int, #"there is no column "a"; there are "b""#),
  ])
  func cellsOfAnotherType(sql: String, type: Type, message: String) async throws {
    try await makeItems()
    let failure = await database.queryFailure(sql, as: record(["a": type]))
    #expect(failure?.kind == "decode")
    if !message.contains("JSON text") { #expect(failure?.message == message) }
    #expect(failure?.message.hasPrefix(message.prefix(50)) == true, "\(failure?.message ?? "")")
  }

  @Test func aColumnThatIsThereTwice() async throws {
    try await makeItems()
    let message = #"the column "id" is there twice; name one of them differently with AS"#
    let join = "SELECT a.id, b.id, a.name FROM items a JOIN items b USING (id) WHERE a.id = 1"
    #expect(await database.queryFailure(join, as: record(["id": .int])) == NodeFailure("sql", message))
    #expect(await database.queryFailure(join) == NodeFailure("sql", message))
    #expect(try await database.query(join, as: record(["name": .string])) == #"[{"name":"Ada"}]"#)
    #expect(await database.queryFailure("SELECT 1", as: .int)?.message == "a row cannot be int; use a record")
  }

  @Test func valuesAreNeverPartOfTheStatement() async throws {
    try await makeItems()
    let hostile = "x'; DROP TABLE items; --"
    #expect(
      try await database.query("SELECT ? AS a", .text(hostile)) == "[{\"a\":\"x'; DROP TABLE items; --\"}]")
    #expect(try await database.query("SELECT id FROM items WHERE name = ?1 OR ?1 = 'Bo'", .text("' OR 1=1")) == "[]")
    let values: [(Value, String)] = [
      (.null, "null"), (.bool(true), "1"), (.int(-7), "-7"), (.double(0.5), "0.5"), (.text("a\0b"), "\"a\\u0000b\""),
      (.list([.int(1), .null]), "\"[1,null]\""), (.texts(["k": "v"]), "\"{\\\"k\\\":\\\"v\\\"}\""),
    ]
    for (value, json) in values { #expect(try await database.query("SELECT ?1 AS a", value) == "[{\"a\":\(json)}]") }
    #expect(
      await database.queryFailure("SELECT ?", .uint(.max))
        == NodeFailure("sql", "statement \"SELECT ?\": params[0] is larger than any integer of SQLite"))
  }

  @Test func asManyValuesAsPlaces() async throws {
    try await makeItems()
    func message(_ failure: NodeFailure?) -> String? { failure?.kind == "sql" ? failure?.message : nil }
    #expect(
      message(await database.queryFailure("SELECT ?, ?", .int(1)))
        == "statement \"SELECT ?, ?\": the statement has 2 places, but params has 1")
    #expect(message(await database.queryFailure("SELECT ?3", .int(1)))?.contains("3 places") == true)
    #expect(message(await database.queryFailure("SELECT 1", .int(1)))?.contains("0 places, but params has 1") == true)
  }

  @Test(arguments: [
    ("INSERT INTO items (id) VALUES (9) RETURNING id", "a query only reads; use sqlite.execute"),
    ("CREATE TEMP TABLE x (a)", "a query only reads; use sqlite.execute"),
    ("VACUUM INTO 'copy.db'", "a query only reads"),
    ("BEGIN", "a query is a transaction of its own, so there is no BEGIN"),
    ("SAVEPOINT x", "so there is no SAVEPOINT"),
    ("ATTACH 'b.db' AS b", "a step uses one database, so there is no ATTACH"),
    ("PRAGMA journal_mode = WAL", "a query may not use PRAGMA journal_mode"),
    ("PRAGMA busy_timeout = 1", "a query may not use PRAGMA busy_timeout"),
    ("PRAGMA wal_checkpoint", "a query may not use PRAGMA wal_checkpoint"),
    ("SELECT 1; SELECT 2", "there is more than one statement in the text"),
    ("SELECT 1; DROP TABLE", "there is more than one statement in the text"),
    ("SELECT 1\0; DROP TABLE items", "there is a NUL in the text"),
    (" -- nothing\n", "there is no statement in the text"), ("", "there is no statement in the text"),
    ("SELECT nothing FROM items", "no such column: nothing"), ("SELEC 1", "near \"SELEC\": syntax error"),
    ("SELECT load_extension('x')", "not authorized"),
  ])
  func whatAQueryMayNotBe(sql: String, message: String) async throws {
    try await makeItems()
    let failure = await database.queryFailure(sql)
    #expect(failure?.kind == "sql")
    #expect(failure?.message.contains(message) == true, "\(failure?.message ?? "")")
    #expect(try await database.query("SELECT count(*) AS n FROM items") == #"[{"n":2}]"#)
    #expect(database.folder.names == ["a.db"])
  }

  @Test func whatAQueryMayBe() async throws {
    try await makeItems()
    #expect(try await database.query("/* a */ SELECT 1 AS a; -- b\n ;") == #"[{"a":1}]"#)
    #expect(try await database.query("PRAGMA table_info(items)").contains("\"name\":\"price\""))
    #expect(try await database.query("SELECT name FROM pragma_table_info('items') WHERE pk = 1") == #"[{"name":"id"}]"#)
    #expect(try await database.query("PRAGMA journal_mode") == #"[{"journal_mode":"delete"}]"#)
    try await database.execute("CREATE VIRTUAL TABLE words USING fts5(text)", "INSERT INTO words VALUES ('a b')")
    #expect(try await database.query("SELECT text FROM words WHERE words MATCH 'b'") == #"[{"text":"a b"}]"#)
  }

  @Test func theLimits() async throws {
    try await makeItems()
    let endless = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) "
    #expect(
      await database.queryFailure(endless + "SELECT x FROM n", rowLimit: 10)
        == NodeFailure("limit", "the query gives more than 10 rows; see row_limit"))
    #expect(try await database.query(endless + "SELECT x FROM n LIMIT 2", rowLimit: 2) == #"[{"x":1},{"x":2}]"#)
    let row = record(["x": .bytes])
    let message = "the query gives more than 256 MiB; select less, or in parts"
    #expect(
      await database.queryFailure(endless + "SELECT zeroblob(32 << 20) AS x FROM n", as: row)
        == NodeFailure("limit", message))
    #expect(
      await database.queryFailure("SELECT zeroblob(300 << 20) AS x", as: row) == NodeFailure("limit", message))
  }

  @Test func filesThatAreNoDatabases() async throws {
    #expect(
      await database.queryFailure("SELECT 1")
        == NodeFailure("sql", "there is no database \"a.db\"; the first sqlite.execute makes it"))
    #expect(database.folder.names == [])
    database.folder.write(String(repeating: "no database ", count: 100), to: "a.db")
    #expect(await database.queryFailure("SELECT 1") == NodeFailure("sql", "\"a.db\": file is not a database"))
    #expect(await database.executeFailure("SELECT 1")?.message == "\"a.db\": file is not a database")
    var other = database
    other.name = "."
    #expect(await other.queryFailure("SELECT 1")?.message == "cannot open \".\" as a database: unable to open database file")
    other.name = ""
    #expect(await other.executeFailure("SELECT 1") == NodeFailure("sql", "the path is empty"))
    other.name = "a.db/b.db"
    #expect(await other.executeFailure("SELECT 1")?.kind == "sql")
  }

  /// A process that died in the middle of a transaction leaves a journal, which only a connection that writes can undo.
  @Test func aQueryAfterACrash() async throws {
    do {
      let crashing = try database.open()
      try crashing.execute("CREATE TABLE t (a); INSERT INTO t SELECT zeroblob(1000) FROM generate_series(1, 200)")
    } catch {
      let crashing = try database.open()
      try crashing.execute(
        """
        CREATE TABLE IF NOT EXISTS t (a);
        WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 200)
        INSERT INTO t SELECT zeroblob(1000) FROM n
        """)
    }
    let crashing = try database.open()
    try crashing.execute("PRAGMA cache_size = 2; BEGIN; UPDATE t SET a = 1")
    let copied = Program.shell("cp a.db b.db && cp a.db-journal b.db-journal && cmp a.db b.db", in: database.folder.path)
    #expect(copied.exitCode == 0)
    var copy = database
    copy.name = "b.db"
    #expect(try await copy.query("SELECT count(*) AS n FROM t WHERE a = 1") == #"[{"n":0}]"#)
    #expect(!database.folder.names.contains("b.db-journal"))
  }

  @Test func aQueryWithoutEndIsInterrupted() async throws {
    try await makeItems()
    let database = database
    let query = Task {
      try await database.query(
        """
        WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT count(*) AS c FROM n, items
        """)
    }
    // While it reads, nobody gets the database for himself.
    let probe = try database.open(.readWrite, busyTimeout: 0)
    while (try? probe.execute("BEGIN EXCLUSIVE; ROLLBACK")) != nil { sched_yield() }
    query.cancel()
    await #expect(throws: CancellationError.self) { try await query.value }
    try probe.execute("BEGIN EXCLUSIVE; ROLLBACK")
  }
}
