import DxshTestSupport
import Testing

/// What steps use of the machine, with real programs.
struct ResourceCommandTests {
  private static let hungry = Array(
    """
    workflow hungry() {
      limits { memory: 60MiB }
      step eats = shell.run(command: ["sh", "-c", "cat /dev/zero | tail -c 600000000"])
        with uses(memory: 6MiB), assume(read, reason: "it only reads")
    }
    """.utf8)
  private static let large = Array(
    """
    workflow large() {
      step a = shell.run(command: ["true"]) with uses(cpu: 3, memory: 2GiB)
    }
    """.utf8)

  /// `tail` keeps what it reads, of what has no end.
  @Test func aHungryProgramIsEnded() throws {
    let folder = TemporaryFolder()
    folder.write(Self.hungry, to: "hungry.dxsh")
    let result = Program.shell("dxsh exec '\(folder.path)/hungry.dxsh' --ephemeral --quiet")
    #expect(result.exitCode == 1)
    #expect(result.errors.contains("the run failed at eats: limit: it uses "), "\(result.errors)")
    #expect(result.errors.contains("MiB of memory, it declares 6MiB, and its run may use 60MiB"), "\(result.errors)")
  }

  @Test func whatIsTooMuchIsSaidBeforeItBegins() throws {
    let folder = TemporaryFolder()
    folder.write(Self.large, to: "large.dxsh")
    let run = "dxsh exec '\(folder.path)/large.dxsh' --ephemeral --quiet"
    #expect(Program.shell("\(run) --cpus 2").errors.contains("limit: it needs 3 cores, and there are 2 cores here"))
    let memory = Program.shell("\(run) --cpus 3 --memory 1GiB")
    #expect(memory.exitCode == 1)
    #expect(memory.errors.contains("limit: it needs 2GiB of memory, and 1GiB may be used here"))
    #expect(Program.shell("\(run) --cpus 3 --memory 2GiB").exitCode == 0)
    for wrong in ["--cpus 0", "--cpus nan", "--memory 0B", "--memory 3", "--memory -1GiB"] {
      #expect(Program.shell("\(run) \(wrong)").exitCode == 2, "\(wrong)")
    }
  }

  /// The sample is within a tenth of what no schedule is shorter than, and what is predicted is drawn above what was.
  @Test func theSampleIsNearItsBound() throws {
    let folder = TemporaryFolder()
    let plan = Program.shell("dxsh plan samples/schedule/release.dxsh --schedule --cpus 2")
    #expect(plan.output.contains("predicted 2.5s; no schedule is shorter than 2.45s:"))
    #expect(plan.output.contains("3s if steps went in the order in which they become ready"))
    let state = "--state '\(folder.path)/state'"
    let timeline = Program.shell(
      """
      dxsh exec samples/schedule/release.dxsh \(state) --quiet --cpus 2 &&
      dxsh runs timeline "$(dxsh runs list \(state) | tail -n 1 | cut -d' ' -f1)" \(state) --predicted --cpus 2
      """)
    #expect(timeline.exitCode == 0, "\(timeline.errors)")
    #expect(timeline.output.contains(plan.output))
    #expect(timeline.output.contains("* critical path:"))
  }
}
