import DxshExpressions
import DxshRuntime

/// What the nodes of the family have in common: the parameters beside the command, and the result.
struct ShellStep: Sendable {
  /// Of the engine's own environment a program sees these alone (rule 69).
  private static let inheritedVariables = ["PATH", "HOME", "LANG", "TZ", "TMPDIR"]
  private static let result = RecordShape(["exit_code", "stdout", "stderr"])

  /// How long a program may take to end by itself after SIGTERM.
  let patience: Duration

  func run(
    _ command: [String], calledInMessages title: String? = nil, for call: NodeCall, in context: NodeContext
  ) async throws -> Value {
    guard let program = command.first else { throw NodeFailure("spawn", "the command is empty") }
    let name = title ?? "\"\(program)\""
    let process = ChildProcess(
      command: command, name: name, input: call.text("input").utf8,
      directory: try FilePlace(call.string("directory"), in: context.directory),
      environment: Self.environment(for: call, in: context), outputLimit: call.size("output_limit"),
      patience: patience, say: { context.say($0, .stderr, by: call) }, meter: call.meter,
      life: call.life)
    let end = try await process.run()
    if let failure = end.failure(of: name), !call.bool("allow_failure") { throw failure }
    if let offset = UTF8Check.firstInvalid(in: end.standardOutput) {
      throw NodeFailure("output", "the standard output of \(name) is not UTF-8 text: see its byte \(offset + 1)")
    }
    return .record(
      RecordValue(
        Self.result,
        [
          .int(Int64(end.exitCode)),
          .string(Text(validUTF8: end.standardOutput)),
          // For people: what is not UTF-8 becomes U+FFFD.
          .text(String(decoding: end.standardError, as: UTF8.self)),
        ]))
  }

  private static func environment(for call: NodeCall, in context: NodeContext) -> [String: String] {
    context.environment.filter { inheritedVariables.contains($0.key) }
      .merging(call.stringMap("env")) { _, given in given }
  }
}

extension ChildProcess.End {
  /// Nil when the program succeeded.
  fileprivate func failure(of name: String) -> NodeFailure? {
    guard exitCode != 0 else { return nil }
    let end = signal.map { "was ended by signal \($0)" } ?? "ended with exit code \(exitCode)"
    let words = lastWords
    return NodeFailure("exit", "\(name) \(end)" + (words.isEmpty ? "" : ": \(words)"))
  }

  /// The last lines of the standard error, shortened, on one line.
  private var lastWords: String {
    let lines = String(decoding: standardError.suffix(4096), as: UTF8.self)
      .split(whereSeparator: \.isNewline)
      .filter { !$0.allSatisfy(\.isWhitespace) }
    return lines.suffix(3).map { $0.count > 200 ? "\($0.prefix(200))…" : String($0) }.joined(separator: " | ")
  }
}
