import DxshSQLite
import DxshTestSupport
import Glibc
import Testing

/// Processes on one store, one of which is killed while its runs have slots of a pool and times of a rate. What steps
/// do is in a file to which each appends; what the store says has begun, in a table that it fills itself.
@Suite(.serialized) struct LimitKillTests {
  private static let runs = 6
  private static let each = 3
  private static let slots = 2

  private let folder = TemporaryFolder()
  private var log: String { folder.path + "/log" }

  init() throws {
    folder.makeFolder("tmp")
    folder.write(
      """
      workflow job() -> int {
        for i in [\((0..<Self.each).map(String.init).joined(separator: ", "))] with parallel(\(Self.each)) {
          step used = shell.run(command: ["sh", "-c", "echo + $PPID $$ >> log; sleep 0.05; echo - $PPID $$ >> log"])
            with assume(idempotent, reason: "it is seen how often it is done"),
              limit("slots", \(Self.slots))
          step paced = shell.run(command: ["sh", "-c", "echo = $PPID $$ >> log"])
            after used
            with assume(idempotent, reason: "it is seen how often it is done"),
              rate(1, per: 100ms, key: "pace")
        }
        output paced.size()
      }
      """, to: "job.dxsh")
    folder.write("", to: "log")
  }

  private func connection() throws -> SQLiteConnection {
    try SQLiteConnection(folder.path + "/.dxsh/store.sqlite", .readWrite, busyTimeout: 10_000)
  }

  private func column(_ sql: String) throws -> [Int64] {
    let statement = try connection().prepare(sql)
    var found: [Int64] = []
    while try statement.step() { found.append(statement.integer(0)) }
    return found
  }

  private func program(_ arguments: [String], _ name: String) -> ChildProgram {
    ChildProgram(arguments, in: folder.path, marker: folder.path + "/tmp", output: "\(folder.path)/\(name)")
  }

  /// The runs, each left by a process that was killed as soon as they were there; the first waits for nothing.
  private func begin() throws {
    #expect(program(["exec", "job.dxsh", "--id", "first"], "first").wait() == 0)
    try connection().execute(
      """
      CREATE TABLE begun (number INTEGER PRIMARY KEY, time INTEGER NOT NULL);
      CREATE TRIGGER begins AFTER INSERT ON rates BEGIN INSERT INTO begun (time) VALUES (new.begun_ns); END;
      """)
    folder.write("", to: "log")
    for number in 0..<Self.runs {
      let exec = program(["exec", "job.dxsh", "--id", "r\(number)"], "r\(number)")
      while try column("SELECT 1 FROM runs WHERE key = 'r\(number)'").isEmpty, !exec.hasEnded { sched_yield() }
      end(exec)
    }
  }

  /// From the line on, nothing of it counts.
  private func end(_ program: ChildProgram) {
    let file = open(log, O_WRONLY | O_APPEND)
    defer { close(file) }
    let line = Array("k \(program.process) 0\n".utf8)
    _ = write(file, line, line.count)
    program.kill()
    _ = program.wait()
  }

  private var lines: [(what: Substring, process: Substring, step: Substring)] {
    (Repository.read(log) ?? "").split(separator: "\n").compactMap { line in
      let words = line.split(separator: " ")
      return words.count == 3 ? (words[0], words[1], words[2]) : nil
    }
  }

  @Test(arguments: ServeKillTests.seeds.prefix(ServeKillTests.isTorture ? 1000 : 2))
  func limitsHoldWhoeverDies(_ seed: UInt64) throws {
    var random = SeededGenerator(seed ^ 0x11_41)
    try begin()
    let (one, other) = (program(["serve"], "one"), program(["serve"], "other"))
    let wanted = lines.count + Int.random(in: 1...20, using: &random)
    while lines.count < wanted, !one.hasEnded { sched_yield() }
    for _ in 0..<Int.random(in: 0..<200_000, using: &random) {}
    end(one)
    let third = program(["serve"], "third")
    while try column("SELECT 1 FROM runs WHERE ended_ms IS NULL").count > 0, !other.hasEnded { sched_yield() }
    for program in [other, third] { kill(program.process, SIGTERM) }
    // It may not have got so far as to listen to that.
    #expect(other.wait() == 0 && [0, 128 + SIGTERM].contains(third.wait()), "seed \(seed)")
    ChildProgram.waitForOrphans(folder.path + "/tmp")
    #expect(try column("SELECT 1 FROM runs WHERE status = 'succeeded'").count == Self.runs + 1, "seed \(seed)")
    #expect(try column("SELECT 1 FROM seats") == [], "seed \(seed)")
    checkSlots(seed, of: [other, third])
    try checkRate(seed)
  }

  /// At no moment do more steps of living processes use a slot than there are.
  /// - others: the processes that were not killed
  private func checkSlots(_ seed: UInt64, of others: [ChildProgram]) {
    let lines = lines
    // A program that begins when its process has just been killed knows another as the one that began it.
    let known = Set(lines.filter { $0.what == "k" }.map(\.process)).union(others.map { "\($0.process)"[...] })
    var (dead, using): (Set<Substring>, [Substring: Substring]) = ([], [:])
    for line in lines where known.contains(line.process) && !dead.contains(line.process) {
      switch line.what {
      case "+":
        using[line.step] = line.process
        if using.count > Self.slots { Issue.record("seed \(seed): \(using.count) steps have a slot") }
      case "-": using[line.step] = nil
      case "k":
        dead.insert(line.process)
        using = using.filter { $0.value != line.process }
      default: break
      }
    }
  }

  /// As often as something began, and never sooner than it may.
  private func checkRate(_ seed: UInt64) throws {
    let times = try column("SELECT DISTINCT time FROM begun WHERE time IS NOT NULL ORDER BY number")
    for (earlier, later) in zip(times, times.dropFirst()) where later - earlier < 100_000_000 {
      Issue.record("seed \(seed): \(later - earlier) ns between two that begin")
    }
    let began = lines.count { $0.what == "=" }
    #expect(began >= Self.runs * Self.each && began <= times.count, "seed \(seed)")
  }
}
