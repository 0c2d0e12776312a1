import DxshExpressions
import DxshRuntime
import DxshTestSupport
import Glibc
import Synchronization
import Testing

/// Calls a node as the engine does, with these arguments for its parameters.
func call(
  _ node: some NodeImplementation, _ arguments: KeyValuePairs<String, Value>, as type: Type = .unknown,
  in folder: TemporaryFolder? = nil, log: @escaping @Sendable (String) -> Void = { _ in }
) async throws -> Value {
  let call = NodeCall(
    parameters: arguments.map(\.key), arguments: arguments.map(\.value), resultType: type, key: "key", attempt: 1)
  return try await node.call(call, in: context(in: folder, log: log))
}

/// The failure of a node that must fail.
func failure(
  _ node: some NodeImplementation, _ arguments: KeyValuePairs<String, Value>, as type: Type = .unknown,
  in folder: TemporaryFolder? = nil, sourceLocation: SourceLocation = #_sourceLocation
) async -> NodeFailure? {
  await #expect(throws: NodeFailure.self, sourceLocation: sourceLocation) {
    try await call(node, arguments, as: type, in: folder)
  }
}

private func context(in folder: TemporaryFolder?, log: @escaping @Sendable (String) -> Void) -> NodeContext {
  NodeContext(
    clock: ManualClock(), directory: folder?.path ?? "/",
    environment: ["PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": "/", "LANG": "C.UTF-8", "SECRET": "hidden"],
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
