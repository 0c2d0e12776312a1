import DxshSQLite
import DxshTestServer
import DxshTestSupport
import Glibc
import Testing

/// Two processes on one store whose steps call a server, one of which is killed while its runs have slots of a pool,
/// times of a rate and probes of a breaker. The server says what came when, and a table that the store fills itself, in
/// the transactions that grant it, what was granted: both are by the same clock, so what follows is exact.
///
/// - Of living processes there are never more requests at once than the pool has slots. Those of the killed one count
///   until it is killed; its slots are free from when it is dead, at once.
/// - The store grants no time of a rate before it has come, and at the server no request comes before as many times
///   were granted. How late a request is proves nothing.
/// - Nothing is granted while the breaker is open, and then one probe at a time; so what comes meanwhile was let
///   through before.
@Suite(.serialized) struct ServerKillTests {
  private static let runs = 3
  private static let each = 5
  private static let slots = 2
  private static let interval: Int64 = 15_000_000
  private static let burst: Int64 = 2

  private let folder = TemporaryFolder()

  private func connection() throws -> SQLiteConnection {
    try SQLiteConnection(folder.path + "/.dxsh/store.sqlite", .readWrite, busyTimeout: 10_000)
  }

  private func count(_ sql: String) throws -> Int64 {
    let statement = try connection().prepare("SELECT count(*) FROM \(sql)")
    return try statement.step() ? statement.integer(0) : 0
  }

  private func program(_ arguments: [String], _ name: String) -> ChildProgram {
    ChildProgram(arguments, in: folder.path, marker: folder.path + "/tmp", output: "\(folder.path)/\(name)")
  }

  private func workflow(_ server: HTTPServer) -> String {
    """
    workflow job(items: list<int>) -> int {
      for i in items with parallel(\(Self.each)) {
        step got = http.request(method: "GET", url: "\(server.url("/"))${i}") as { body: string }
          with assume(idempotent, reason: "it is seen how often it is done"), timeout(1m),
            retry(500),
            limit("slots", \(Self.slots)),
            rate(2, per: \(Self.interval * 2 / 1_000_000)ms, burst: \(Self.burst), key: "pace"),
            breaker("b", failures: 2, window: 1m, open: 50ms)
      }
      output got.size()
    }

    """
  }

  /// The store with runs that were left by processes that were killed as soon as it had them.
  private func begin(_ server: HTTPServer, _ record: ServerRecord) throws {
    folder.makeFolder("tmp")
    folder.write(workflow(server), to: "job.dxsh")
    // There are no items, so that nothing is asked for.
    #expect(program(["exec", "job.dxsh", "--id", "first", "-p", "items=[]"], "first").wait() == 0)
    try connection().execute(
      """
      CREATE TABLE noted (
        number INTEGER PRIMARY KEY, what TEXT NOT NULL, value INTEGER,
        at INTEGER NOT NULL DEFAULT (CAST(round((julianday('now') - 2440587.5) * 86400000) AS INTEGER)));
      CREATE TRIGGER rate AFTER INSERT ON rates WHEN new.begun_ns IS NOT NULL
      BEGIN INSERT INTO noted (what, value) VALUES ('time', new.begun_ns); END;
      CREATE TRIGGER phase AFTER INSERT ON breakers
      BEGIN INSERT INTO noted (what, value) VALUES (new.phase, new.until_ns); END;
      CREATE TRIGGER newprobe AFTER INSERT ON seats WHEN new.probe IS NOT NULL
      BEGIN INSERT INTO noted (what) VALUES ('probe'); END;
      CREATE TRIGGER probes AFTER UPDATE ON seats WHEN new.probe IS NOT NULL AND old.probe IS NULL
      BEGIN INSERT INTO noted (what) VALUES ('probe'); END;
      CREATE TRIGGER probed AFTER UPDATE ON seats WHEN new.probe IS NULL AND old.probe IS NOT NULL
      BEGIN INSERT INTO noted (what) VALUES ('probed'); END;
      CREATE TRIGGER gone AFTER DELETE ON seats WHEN old.probe IS NOT NULL
      BEGIN INSERT INTO noted (what) VALUES ('probed'); END;
      """)
    let items = "items=[\((0..<Self.each).map(String.init).joined(separator: ", "))]"
    for number in 0..<Self.runs {
      let exec = program(["exec", "job.dxsh", "--id", "r\(number)", "-p", items], "r\(number)")
      while try count("runs WHERE key = 'r\(number)'") == 0, !exec.hasEnded { sched_yield() }
      end(exec, server, record)
    }
  }

  /// Returns when the server knows it too.
  private func end(_ program: ChildProgram, _ server: HTTPServer, _ record: ServerRecord) {
    record.note(.kill)
    program.kill()
    _ = program.wait()
    while server.counts.open > 0 { sched_yield() }
  }

  @Test(arguments: ServeKillTests.seeds.prefix(ServeKillTests.isTorture ? 1000 : 2))
  func aServerSeesThatLimitsHold(_ seed: UInt64) throws {
    var random = SeededGenerator(seed ^ 0x5E_47)
    let record = ServerRecord(seed: seed)
    let server = HTTPServer(remembers: false, record.script)
    try begin(server, record)
    record.breakSoon()
    let (one, other) = (program(["serve"], "one"), program(["serve"], "other"))
    let wanted = record.arrivals + Int.random(in: 1...14, using: &random)
    while record.arrivals < wanted, !one.hasEnded { sched_yield() }
    for _ in 0..<Int.random(in: 0..<2_000_000, using: &random) {}
    record.note(.kill)
    one.kill()
    _ = one.wait()
    let third = program(["serve"], "third")
    while try count("runs WHERE ended_ms IS NULL") > 0, !other.hasEnded { sched_yield() }
    for program in [other, third] { kill(program.process, SIGTERM) }
    // It may not have got so far as to listen to that.
    #expect(other.wait() == 0 && [0, 128 + SIGTERM].contains(third.wait()), "seed \(seed)")
    #expect(try count("runs WHERE status = 'succeeded'") == Self.runs + 1, "seed \(seed)")
    #expect(try count("seats") == 0, "seed \(seed)")
    #expect(record.givenUpEarly == [], "seed \(seed)")
    #expect(record.mostAtOnce <= Self.slots, "seed \(seed)")
    try check(record, seed)
  }

  private struct Noted {
    let what: String
    /// In nanoseconds.
    let value: Int64
    /// In milliseconds, whole ones that have passed.
    let at: Int64
  }

  private func noted() throws -> [Noted] {
    let statement = try connection().prepare("SELECT what, value, at FROM noted ORDER BY number")
    var noted: [Noted] = []
    while try statement.step() {
      noted.append(Noted(what: statement.text(0), value: statement.integer(1), at: statement.integer(2)))
    }
    return noted
  }

  private func check(_ record: ServerRecord, _ seed: UInt64) throws {
    let noted = try noted()
    var times: [(earliest: Int64, granted: Int64)] = []
    var (phase, until, probes, begun) = ("closed", Int64(0), 0, Int64(0))
    for (number, note) in noted.enumerated() {
      switch note.what {
      case "time":
        // Promises are noted too, which change nothing of what has begun.
        if note.value == begun { continue }
        begun = note.value
        // The time from which it might begin, by the rate's own arithmetic, and the one at which it was let to.
        times.append((begun - Self.burst * Self.interval, note.at))
        // The first that is let through after a while comes with the phase.
        let isFirstProbe =
          number + 1 < noted.count && noted[number + 1].what == "half_open" && note.at >= until / 1_000_000
        if phase == "open", !isFirstProbe { Issue.record("seed \(seed): granted while the breaker is open") }
      case "probe":
        probes += 1
        if probes > 1 { Issue.record("seed \(seed): \(probes) probes at once") }
      case "probed": probes -= 1
      default: (phase, until) = (note.what, note.value)
      }
    }
    for (earlier, later) in zip(times, times.dropFirst()) where later.earliest - earlier.earliest < Self.interval {
      Issue.record("seed \(seed): \(later.earliest - earlier.earliest) ns between two times")
    }
    for time in times where time.granted < time.earliest / 1_000_000 {
      Issue.record("seed \(seed): granted at \(time.granted) ms, before \(time.earliest) ns")
    }
    let arrivals = record.events.filter { $0.what == .arrives }.map(\.at)
    #expect(arrivals.count >= Self.runs * Self.each && arrivals.count <= times.count, "seed \(seed)")
    for (arrival, time) in zip(arrivals, times) where arrival < time.granted {
      Issue.record("seed \(seed): a request at \(arrival) ms that was not granted before \(time.granted) ms")
    }
    #expect(noted.contains { $0.what == "open" }, "seed \(seed)")
  }
}
