import DxshExpressions
import DxshRuntime
import DxshSQLite
import DxshStores
import DxshTestSupport
import DxshTime
import Glibc

/// 20 runs of one workflow on one store. What they do is recorded by what they do it to: each step of kind `once` and
/// each that may be `again` appends a line to a file, and each transaction adds a row to a database.
struct ManyRuns {
  static let count = 20
  /// How often each run does each of the three.
  static let repeats = 3
  /// How many lines there are when nothing was done twice.
  static let lineCount = count * repeats * 2

  let folder = TemporaryFolder()
  /// The TMPDIR of the processes that work here, by which their children are found.
  var marker: String { folder.path + "/tmp" }

  init() {
    for name in ["tmp", "other"] { folder.makeFolder(name) }
    folder.write(
      """
      connection rows = sqlite(path: "rows.db", busy_timeout: 50s)

      workflow job(run: string) -> int {
        step opened = sqlite.execute(
          connection: rows,
          statements: [
            { sql: "create table if not exists rows (run text, number int, primary key (run, number)) strict" },
          ],
        )
        for i in [\((0..<Self.repeats).map(String.init).joined(separator: ", "))] after opened with parallel(2) {
          step once = shell.run(command: ["sh", "-c", "echo once ${run} ${i} >> effects"])
          step again = shell.run(command: ["sh", "-c", "echo again ${run} ${i} >> effects"])
            after once
            with assume(idempotent, reason: "it is seen how often it is done")
          step row = sqlite.execute(
            connection: rows,
            statements: [{ sql: "insert into rows values (?, ?)", params: [run, i] }],
          ) after again
          assert row.changes == 1, "the row was there"
        }
        output row.size()
      }
      """, to: "job.dxsh")
  }

  var keys: [String] { (0..<Self.count).map { "r\($0)" } }

  // MARK: - Processes

  func begin(_ key: String) -> ChildProgram {
    let arguments = ["exec", "job.dxsh", "--quiet", "--id", key, "-p", "run=\(key)"]
    return ChildProgram(arguments, in: folder.path, marker: marker, output: "\(folder.path)/\(key).out")
  }

  /// - name: of the file that it prints to
  func serve(_ options: [String] = [], name: String, marker: String? = nil) -> ChildProgram {
    ChildProgram(
      ["serve", "--state", ".dxsh"] + options, in: folder.path, marker: marker ?? self.marker,
      output: "\(folder.path)/\(name)")
  }

  /// Begins all runs and kills each of their processes as soon as the store has its run.
  func leaveAll() {
    var programs = Dictionary(uniqueKeysWithValues: keys.map { ($0, begin($0)) })
    while !programs.isEmpty {
      let begun = Set(column("SELECT key FROM runs"))
      for (key, program) in programs where begun.contains(key) || program.hasEnded {
        program.kill()
        _ = program.wait()
        programs[key] = nil
      }
    }
  }

  // MARK: - What is there

  /// How often each line was appended.
  var lines: [String: Int] {
    let lines = (Repository.read(folder.path + "/effects") ?? "").split(separator: "\n").map { (String($0), 1) }
    return Dictionary(lines, uniquingKeysWith: +)
  }

  var progress: Int { Repository.bytes(of: folder.path + "/effects")?.count { $0 == 10 } ?? 0 }

  /// How many runs somebody has something to do for.
  var goingOn: Int { column("SELECT id FROM runs WHERE status NOT IN ('succeeded', 'failed', 'paused')").count }

  /// All journals, by run and batch.
  var journals: [String] {
    column(
      """
      SELECT r.id || ' ' || r.status || ' ' || j.batch || ' ' || hex(j.events)
      FROM runs r JOIN journal j ON j.run = r.number ORDER BY r.number, j.batch
      """)
  }

  /// Whether a process is writing to the store, or to the database of the rows.
  var isLocked: Bool {
    [".dxsh/store.sqlite", "rows.db"].contains { name in
      do {
        let connection = try SQLiteConnection("\(folder.path)/\(name)", .readWrite, busyTimeout: 0)
        try connection.execute("BEGIN IMMEDIATE; ROLLBACK")
        return false
      } catch {
        return true
      }
    }
  }

  /// How many rows there are.
  var rowCount: Int { column("SELECT run FROM rows", in: "rows.db").count }

  /// The texts of a query; none while the database is not there.
  private func column(_ sql: String, in database: String = ".dxsh/store.sqlite") -> [String] {
    do {
      let connection = try SQLiteConnection("\(folder.path)/\(database)", .readWrite, busyTimeout: 10_000)
      let statement = try connection.prepare(sql)
      var found: [String] = []
      while try statement.step() { found.append(statement.text(0)) }
      return found
    } catch {
      return []
    }
  }

  // MARK: - The end

  /// What was found wrong, and how often something could not be known.
  struct Findings {
    var violations: [String] = []
    var indeterminate = 0
  }

  /// Brings all runs to their end as a person would, who goes on with them, compares each step's record with what it
  /// did, and settles those of which nobody knows by looking whether they took place.
  func finish(_ findings: inout Findings) async throws {
    ChildProgram.waitForOrphans(marker)
    let begun = Set(column("SELECT key FROM runs"))
    for program in keys.filter({ !begun.contains($0) }).map(begin) { _ = program.wait() }
    for pass in 1... {
      let code = serve(["--once", "--quiet"], name: "finish").wait()
      if code != 0 { findings.violations.append("serve --once exits \(code)") }
      try await settle(&findings)
      if goingOn == 0 { break }
      guard pass < 100 else {
        findings.violations.append("the runs do not come to an end")
        break
      }
    }
    try await checkEnds(&findings)
  }

  /// Looks at all runs that no process is at.
  func settle(_ findings: inout Findings) async throws {
    ChildProgram.waitForOrphans(marker)
    let store = try SQLiteRunStore(folder: folder.path + "/.dxsh", creating: true)
    for run in try await store.runs(limit: Self.count * 2) where !run.status.isFinal {
      guard let claim = try await store.claim(run.id) else { continue }
      defer { withExtendedLifetime(claim) {} }
      let history = try RunHistory(try await store.journal(of: run.id))
      let steps = history.steps(of: try await store.run(run.id).decodedPlan(), isClaimed: false)
      let lines = lines
      findings.violations += violations(of: run.key ?? "", steps, lines)
      let now = history.events.last?.at ?? .epoch
      let events = steps.filter { $0.status == .indeterminate }.map { step in
        let took = lines[Self.line(of: step.path, of: run.key)] != nil
        return RecordedEvent(path: step.path, kind: .settled(took ? .done(.none) : .retry), at: now)
      }
      findings.indeterminate += events.count
      if events.isEmpty { continue }
      let batch = JournalBatch(number: history.nextBatch, bytes: JournalCodec.encode(events))
      try await store.append(batch, to: run.id, RunState(.running, at: now, dueAt: .epoch, seen: history.seen))
    }
  }

  /// The line that `once[3]` of a run appends: `once r7 3`.
  private static func line(of path: String, of key: String?) -> String {
    "once \(key ?? "") \(path.dropFirst("once[".count).dropLast())"
  }

  /// A `once` step has done what it does exactly once, or says that nobody knows; one that the journal does not know
  /// has done nothing.
  private func violations(of key: String, _ steps: [StepRecord], _ lines: [String: Int]) -> [String] {
    let statuses = Dictionary(steps.map { ($0.path, $0.status) }) { $1 }
    return (0..<Self.repeats).compactMap { number in
      let status = statuses["once[\(number)]"]
      let times = lines["once \(key) \(number)"] ?? 0
      let isRight =
        switch status {
        case .succeeded: times == 1
        case .indeterminate: times <= 1
        default: times == 0
        }
      if isRight { return nil }
      return "once[\(number)] of \(key) is \(status?.rawValue ?? "unknown") and took place \(times) times"
    }
  }

  private func checkEnds(_ findings: inout Findings) async throws {
    let store = try SQLiteRunStore(folder: folder.path + "/.dxsh", creating: false)
    let lines = lines
    let runs = try await store.runs(limit: Self.count * 2)
    let begun = runs.compactMap(\.key).sorted()
    if begun != keys.sorted() { findings.violations.append("the runs are \(begun)") }
    for run in runs {
      let (key, history) = (run.key ?? "", try RunHistory(try await store.journal(of: run.id)))
      if history.outcome != .succeeded(.int(Int64(Self.repeats))) {
        findings.violations.append("\(key) is \(run.status): \(history.outcome.map { "\($0)" } ?? "")")
      }
      for number in 0..<Self.repeats {
        if lines["once \(key) \(number)"] != 1 { findings.violations.append("once \(number) of \(key)") }
        if lines["again \(key) \(number)"] ?? 0 < 1 { findings.violations.append("again \(number) of \(key)") }
      }
      let ends = history.events.count { event in if case .succeeded = event.kind { true } else { false } }
      let settled = history.events.count { $0.kind == .settled(.done(.none)) }
      let expected = 1 + 3 * Self.repeats
      if ends + settled != expected { findings.violations.append("\(key) has \(ends) + \(settled) ends of steps") }
    }
    if rowCount != Self.count * Self.repeats { findings.violations.append("\(rowCount) rows") }
  }
}
