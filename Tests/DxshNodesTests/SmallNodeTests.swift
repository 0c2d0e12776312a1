import DxshExpressions
import DxshNodes
import DxshRuntime
import DxshTestSupport
import DxshTime
import Synchronization
import Testing

@Suite struct SmallNodeTests {
  @Test func jsonIsIndentedOrNot() async throws {
    let value = try JSONReader.read(Array(#"{"a":[1,2]}"#.utf8))
    let indented = try await call(JSONFormatNode(), ["value": value, "indent": .bool(true)])
    #expect(indented.string == "{\n  \"a\": [\n    1,\n    2\n  ]\n}")
    let compact = try await call(JSONFormatNode(), ["value": value, "indent": .bool(false)])
    #expect(compact.string == #"{"a":[1,2]}"#)
    #expect(
      await failure(JSONFormatNode(), ["value": .list([.double(.nan)]), "indent": .bool(true)])
        == NodeFailure("encode", "value[0]: JSON has no nan"))
  }

  @Test func theTimeIsTheEnginesTime() async throws {
    #expect(try await call(TimeNowNode(), [:]) == .timestamp(ManualClock().now()))
  }

  @Test func eachLineOfAMessageIsAnEntry() async throws {
    let lines = Mutex<[String]>([])
    let result = try await call(LogInfoNode(), ["message": .text("one\ntwo\r\n\nthree")]) { line in
      lines.withLock { $0.append(line) }
    }
    #expect(lines.withLock { $0 } == ["one", "two", "", "three"])
    #expect(try result.decoded(as: .record(RecordType([]))) == .map(.empty))
  }

  @Test func echoReturnsItsValue() async throws {
    #expect(try await call(DebugEchoNode(), ["value": .list([.int(1)])]) == .list([.int(1)]))
  }

  @Test func sleepAnswersLater() throws {
    let call = NodeCall(
      parameters: ["duration"], arguments: [.duration(TimeSpan(nanoseconds: -5))], resultType: .record(RecordType([])),
      key: "key", attempt: 1)
    let context = NodeContext(clock: ManualClock(), directory: "/", environment: [:], artifacts: "/none", log: { _ in })
    guard case .after(let span, _) = try DebugSleepNode().answer(call, in: context) else {
      Issue.record("expected an answer for later")
      return
    }
    #expect(span == .zero)
  }
}
