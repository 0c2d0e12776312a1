import DxshExpressions
import DxshSQLite
import DxshTestSupport
import Glibc
import Testing

/// `kill -9` at seeded random moments, and then on. `make torture` sets DXSH_KILL_ROUNDS; without it a few rounds are
/// run.
@Suite(.serialized) struct KillTests {
  static let rounds = getenv("DXSH_KILL_ROUNDS").flatMap { UInt64(String(cString: $0)) } ?? 3

  /// 200 commands that must not be repeated, each of which appends a line. No line is there twice; each that is missing
  /// belongs to a step that is reported as indeterminate, and settling those finishes the run.
  @Test(arguments: 0..<rounds)
  func commandsAreNotRepeated(_ seed: UInt64) throws {
    var random = SeededGenerator(seed)
    let temporary = TemporaryFolder()
    let folder = temporary.path
    Repository.write(
      """
      workflow lines() -> int {
        for i in [\((0..<200).map(String.init).joined(separator: ", "))] with parallel(4) {
          step line = shell.run(command: ["sh", "-c", "echo ${i} >> log"])
        }
        output line.size()
      }
      """, to: folder + "/lines.dxsh")
    let killed = KilledRun(folder: folder, file: "lines.dxsh", random: &random) {
      Repository.bytes(of: folder + "/log")?.count { $0 == 10 } ?? 0
    }
    var code = killed.exitCode
    let missing = Set(0..<200).subtracting(try lines(folder))
    if code == 4 {
      let open = try indeterminate(folder, killed.run)
      #expect(missing.isSubset(of: open), "missing \(missing), open \(open)")
      for step in open {
        let took = try lines(folder).contains(step)
        let result = "{\"exit_code\": 0, \"stdout\": \"\", \"stderr\": \"\"}"
        let decision = took ? "done --result '\(result)'" : "retry"
        code = Program.shell("dxsh runs settle \(killed.run) 'line[\(step)]' \(decision) --quiet", in: folder).exitCode
      }
    } else {
      #expect(missing == [])
    }
    #expect(code == 0)
    #expect(try lines(folder).sorted() == Array(0..<200))
  }

  /// 200 transfers between two tables, each in a transaction that records that it is done: each takes place once, and
  /// nobody is asked anything.
  @Test(arguments: 0..<rounds)
  func transfersHappenOnce(_ seed: UInt64) throws {
    var random = SeededGenerator(seed ^ 0x1ED6E5)
    let temporary = TemporaryFolder()
    let folder = temporary.path
    _ = Program.shell("cp samples/ledger/ledger.dxsh '\(folder)'")
    let owners = ["ada", "grace", "linus"]
    let transfers = (0..<200).map { id in
      let (from, to) = (owners[id % 3], owners[id % 2])
      return "{\"id\": \(id), \"from\": \"\(from)\", \"to\": \"\(to)\", \"cents\": \(id)}"
    }
    Repository.write("{\"transfers\": [\(transfers.joined(separator: ","))]}", to: folder + "/input.json")
    let database = folder + "/out/ledger.db"
    let killed = KilledRun(folder: folder, file: "ledger.dxsh", input: "@input.json", random: &random) {
      (try? Self.number("select count(*) from transfers", in: database)) ?? 0
    }
    #expect(killed.exitCode == 0)
    #expect(try Self.number("select count(*) from transfers where cents = id", in: database) == 200)
    #expect(try Self.number("select sum(cents) from savings", in: database) == 199 * 200 / 2)
    #expect(try Self.number("select sum(cents) from checking", in: database) == 300_000 - 199 * 200 / 2)
    #expect(try Self.number("select count(*) from _dxsh_fences", in: database) == 201)
  }

  private static func number(_ sql: String, in database: String) throws -> Int {
    let statement = try SQLiteConnection(database, .readOnly, busyTimeout: 10_000).prepare(sql)
    return try statement.step() ? Int(statement.integer(0)) : 0
  }

  private func lines(_ folder: String) throws -> [Int] {
    let lines = (Repository.read(folder + "/log") ?? "").split(separator: "\n").map { Int($0) ?? -1 }
    #expect(Set(lines).count == lines.count, "a line is there twice")
    return lines
  }

  /// The numbers of the steps that a person has to settle.
  private func indeterminate(_ folder: String, _ run: String) throws -> Set<Int> {
    let shown = Program.shell("dxsh runs show \(run) --format json", in: folder).output
    guard case .map(let document) = try JSONReader.read(Array(shown.utf8)), case .list(let steps)? = document["steps"]
    else { return [] }
    return Set(
      steps.compactMap { step in
        guard case .map(let step) = step, step["status"] == .text("indeterminate"),
          case .string(let path)? = step["path"]
        else { return nil }
        return Int(path.string.dropFirst("line[".count).dropLast())
      })
  }
}

/// A run that was killed, and gone on with, at moments that a seed decides, until it ended or needs a person.
struct KilledRun {
  let run: String
  let exitCode: Int32

  /// - progress: how far the run is, out of 200
  init(folder: String, file: String, input: String = "{}", random: inout SeededGenerator, progress: () -> Int) {
    let marker = folder + "/tmp"
    mkdir(marker, 0o700)
    let arguments = ["exec", file, "--quiet", "--id", "killed", "--input", input]
    let seed = UInt64.random(in: 0 ... .max, using: &random)
    var target = 0
    var code: Int32 = 137
    var kills = 0
    while code == 137 {
      let program = ChildProgram(arguments, in: folder, marker: marker, output: folder + "/printed")
      target = Int.random(in: target...(target + 120), using: &random)
      let spins = Int.random(in: 0..<3_000_000, using: &random)
      if target < 200, kills < 20 {
        while progress() < target, !program.hasEnded { sched_yield() }
        // Some way into the next steps, too short a way to be told by their lines.
        var noise = seed
        for _ in 0..<spins { noise = noise &* 6_364_136_223_846_793_005 &+ 1 }
        if noise == 0 { sched_yield() }
        program.kill()
        kills += 1
      }
      code = program.wait()
      ChildProgram.waitForOrphans(marker)
    }
    let list = Program.shell("dxsh runs list --format json", in: folder).output
    run = list.split(separator: "\"").drop { $0 != "run" }.dropFirst(2).first.map(String.init) ?? ""
    exitCode = code
  }
}
