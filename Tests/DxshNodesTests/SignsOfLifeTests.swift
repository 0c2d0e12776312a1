import DxshExpressions
import DxshNodes
import DxshRuntime
import DxshTestServer
import DxshTestSupport
import DxshTime
import Synchronization
import Testing

/// What counts as a sign of life of a program or a server (`heartbeat`).
struct SignsOfLifeTests {
  /// Counts how often it is looked at: once for each sign, and once at the beginning.
  private final class WatchedClock: RunClock {
    private let looks = Mutex(0)
    let boot = "watched"

    var signs: Int { looks.withLock { $0 } - 1 }

    func now() -> Timestamp { reading().time }

    func reading() -> ClockReading {
      looks.withLock { $0 += 1 }
      return ClockReading(time: .epoch, uptime: .zero)
    }

    func sleep(until deadline: Timestamp) async {}
  }

  private func signs(_ node: some NodeImplementation, _ arguments: KeyValuePairs<String, Value>) async throws -> Int {
    let clock = WatchedClock()
    _ = try await call(node, arguments, as: .json, life: SignsOfLife(clock))
    return clock.signs
  }

  @Test(arguments: [("printf out", 1...1), ("printf error >&2", 1...1), ("cat > /dev/null", 0...0)])
  func aProgramGivesOneWhenItWrites(_ script: String, _ expected: ClosedRange<Int>) async throws {
    let signs = try await signs(
      ShellScriptNode(),
      [
        "script": .text(script), "input": .text("not its own"), "directory": .text("."), "env": .texts([:]),
        "output_limit": .size(1 << 20), "allow_failure": .bool(false),
      ])
    #expect(expected.contains(signs))
  }

  @Test func aServerGivesOneWithEachPartOfItsAnswer() async throws {
    let server = HTTPServer { request in request.target == "/long" ? .text("[1, 2]") : .response(204) }
    func signs(_ target: String) async throws -> Int {
      try await self.signs(
        HTTPGetNode(),
        [
          "url": .text(server.url(target)), "hosts": .list([]), "headers": .texts([:]), "body_limit": .size(1 << 20),
          "allow_status": .bool(false),
        ])
    }
    let (short, long) = (try await signs("/short"), try await signs("/long"))
    #expect(short > 0 && long > short)
  }
}
