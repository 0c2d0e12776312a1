import DxshSQLite
import Glibc

/// A store of many runs, all like one that the program itself has made.
struct BenchStore {
  let folder: String

  /// A new store in a folder with one run of a workflow; ends the bench when that does not stop as expected.
  init(_ folder: String, _ program: String, _ workflow: String, expecting status: Int32 = 0) {
    self.folder = folder
    Files.write(workflow, to: folder + ".dxsh")
    _ = Process.run([program, "exec", "--quiet", "--state", folder, folder + ".dxsh"], expecting: status)
  }

  /// Runs that are like the last one that was made, with its journal.
  func add(_ count: Int) {
    perform(
      """
      BEGIN;
      CREATE TEMP TABLE model AS SELECT * FROM runs ORDER BY number DESC LIMIT 1;
      WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < \(count))
      INSERT INTO runs (id, workflow, key, plan, directory, status, started_ms, ended_ms, owner, fence, due_ms)
        SELECT lower(hex(randomblob(8))), workflow, key, plan, directory, status, started_ms, ended_ms, owner, fence,
          due_ms
        FROM n, model;
      INSERT INTO journal (run, batch, events)
        SELECT r.number, j.batch, j.events FROM model m CROSS JOIN runs r CROSS JOIN journal j
        WHERE r.number > m.number AND j.run = m.number ORDER BY r.number, j.batch;
      DROP TABLE model;
      COMMIT
      """)
  }

  func perform(_ sql: String) {
    do {
      try SQLiteConnection(folder + "/store.sqlite", .readWrite, busyTimeout: 60_000).execute(sql)
    } catch { fail(error) }
  }

  /// The first column of what a query gives.
  func integers(_ sql: String) -> [Int64] {
    do {
      let statement = try SQLiteConnection(folder + "/store.sqlite", .readWrite, busyTimeout: 60_000).prepare(sql)
      var found: [Int64] = []
      while try statement.step() { found.append(statement.integer(0)) }
      return found
    } catch { fail(error) }
  }

  private func fail(_ error: any Error) -> Never {
    print("the store of the bench: \(error)")
    exit(1)
  }
}
