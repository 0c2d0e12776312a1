import DxshExpressions
import DxshRuntime
import DxshTestSupport
import Glibc
import Synchronization
import Testing

/// Calls a node as the engine does, with these arguments for its parameters.
func call(
  _ node: some NodeImplementation, _ arguments: KeyValuePairs<String, Value>, as type: Type = .unknown,
  in folder: TemporaryFolder? = nil, environment: [String: String] = [:], attempt: Int = 1, key: String = "key",
  life: SignsOfLife? = nil, log: @escaping @Sendable (String) -> Void = { _ in }
) async throws -> Value {
  let call = NodeCall(
    parameters: arguments.map(\.key), arguments: arguments.map(\.value), resultType: type, key: key,
    attempt: attempt, life: life)
  return try await node.call(call, in: context(in: folder, environment, log: log))
}

/// The failure of a node that must fail.
func failure(
  _ node: some NodeImplementation, _ arguments: KeyValuePairs<String, Value>, as type: Type = .unknown,
  in folder: TemporaryFolder? = nil, environment: [String: String] = [:],
  sourceLocation: SourceLocation = #_sourceLocation
) async -> NodeFailure? {
  await #expect(throws: NodeFailure.self, sourceLocation: sourceLocation) {
    try await call(node, arguments, as: type, in: folder, environment: environment)
  }
}

private func context(
  in folder: TemporaryFolder?, _ environment: [String: String], log: @escaping @Sendable (String) -> Void
) -> NodeContext {
  let usual = ["PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": "/", "LANG": "C.UTF-8", "SECRET": "hidden"]
  return NodeContext(
    clock: ManualClock(), directory: folder?.path ?? "/",
    environment: usual.merging(environment) { _, given in given }, artifacts: (folder?.path ?? "/none") + "/artifacts",
    log: log)
}

extension Value {
  /// A field of a record.
  subscript(field: String) -> Value {
    guard case .record(let record) = self else { return .none }
    return record[field]
  }

  var string: String {
    guard case .string(let text) = self else { return summary }
    return text.string
  }

  static func texts(_ texts: String...) -> Value { .list(texts.map { Value.text($0) }) }

  static func texts(_ texts: KeyValuePairs<String, String>) -> Value {
    .map(MapValue(distinct: texts.map { MapValue.Entry(key: .text($0), value: .text($1)) }))
  }
}
