package import DxshExpressions
package import DxshTime

/// What a declared node does. The declaration in `stdlib/` of the same name says the rest: parameters, result,
/// effect, errors, default timeout.
///
/// A call runs in a task of its own, which is cancelled when the attempt times out or the run is cancelled; it must
/// then end soon and leave nothing half done. A node that never waits conforms to `ImmediateNode` instead.
package protocol NodeImplementation: Sendable {
  /// The dotted name of the declaration: `file.read`.
  var name: String { get }

  /// Throws `NodeFailure` when the node fails, `CancellationError` when it was cancelled. The value's type is
  /// checked against `call.resultType` by the engine.
  func call(_ call: NodeCall, in context: NodeContext) async throws -> Value
}

/// A node that says something: its calls know which step they are of, which costs each of them the making of a path.
package protocol SpeakingNode: NodeImplementation {}

/// A node that answers without waiting for anything: it is called on the engine's own loop, without a task.
package protocol ImmediateNode: NodeImplementation {
  func answer(_ call: NodeCall, in context: NodeContext) throws(NodeFailure) -> NodeAnswer
}

package enum NodeAnswer: Sendable {
  case value(Value)
  /// The value counts once this time has passed on the engine's clock.
  case after(TimeSpan, Value)
}

extension ImmediateNode {
  package func call(_ call: NodeCall, in context: NodeContext) async throws -> Value {
    switch try answer(call, in: context) {
    case .value(let value): return value
    case .after(let span, let value):
      await context.clock.sleep(until: context.clock.now().adding(span) ?? context.clock.now())
      return value
    }
  }
}

/// One attempt to call a node.
package struct NodeCall: Sendable {
  /// The parameters of the declaration, in its order.
  package let parameters: [String]
  /// One value for each parameter, defaults filled in; of the declared types.
  package let arguments: [Value]
  /// The declared result type, type parameters replaced.
  package let resultType: Type
  /// The same for every attempt of this step instance in this run until it is undone, and for no other; empty where the
  /// effect is `idempotent` or below.
  package let key: String
  /// From 1.
  package let attempt: Int
  /// The step's stable path; empty where the node is no `SpeakingNode`.
  package let path: String
  /// Takes what the call uses of the machine, from nodes that can tell; nil where nobody wants to know.
  package let meter: UseMeter?
  /// Takes signs of life, from nodes that can tell; nil where nobody wants to know.
  package let life: SignsOfLife?

  package init(
    parameters: [String], arguments: [Value], resultType: Type, key: String, attempt: Int, path: String = "",
    meter: UseMeter? = nil, life: SignsOfLife? = nil
  ) {
    self.path = path
    self.meter = meter
    self.life = life
    self.parameters = parameters
    self.arguments = arguments
    self.resultType = resultType
    self.key = key
    self.attempt = attempt
  }

  /// The argument of a parameter. A name that the declaration does not have is a bug of the node's.
  package subscript(parameter: String) -> Value {
    guard let position = parameters.firstIndex(of: parameter) else {
      preconditionFailure("the node's declaration has no parameter \(parameter)")
    }
    return arguments[position]
  }
}

/// What a call uses of the machine, told while it is under way.
package struct UseMeter: Sendable {
  private let take: @Sendable (Int64) -> Void

  package init(_ take: @escaping @Sendable (Int64) -> Void) {
    self.take = take
  }

  /// - bytes: of memory, that it uses now
  package func note(memory bytes: Int64) { take(bytes) }
}

/// What a node may use of its surroundings.
package struct NodeContext: Sendable {
  package let clock: any RunClock
  /// The folder of the workflow's file; relative paths are relative to it (rule 69).
  package let directory: String
  /// The environment of the process.
  package let environment: [String: String]
  /// The folder in which the contents of values of type `file` are, each under its digest. Made when it is needed.
  package let artifacts: String
  /// Takes what the run says to its reader, one line without a newline.
  package let log: @Sendable (String) -> Void
  /// Keeps what nodes say; nil where nothing is kept.
  package var keep: (@Sendable (LogLine) -> Void)?

  package init(
    clock: any RunClock, directory: String, environment: [String: String], artifacts: String,
    log: @escaping @Sendable (String) -> Void
  ) {
    self.clock = clock
    self.directory = directory
    self.environment = environment
    self.artifacts = artifacts
    self.log = log
  }

  /// Says a line of a step's, without a newline, to the run's reader, and keeps it.
  package func say(_ text: String, _ level: LogLine.Level = .info, by call: NodeCall) {
    if level == .info { log(text) }
    keep?(LogLine(path: call.path, attempt: call.attempt, at: clock.now(), level: level, text: text))
  }

  /// With what keeps lines of a run; texts lose the values of secrets before anybody sees them.
  func keeping(in logs: (any RunLogs)?, of run: String, _ redactor: Redactor) -> NodeContext {
    if logs == nil, redactor.isEmpty { return self }
    let log = log
    var context = NodeContext(
      clock: clock, directory: directory, environment: environment, artifacts: artifacts,
      log: { log(redactor.redacted($0)) })
    guard let logs else { return context }
    context.keep = { line in
      var line = line
      line.text = redactor.redacted(line.text)
      logs.add(line, of: run)
    }
    return context
  }
}

/// Why an attempt failed.
package struct NodeFailure: Error, Hashable, Sendable {
  /// One of the kinds that the node's declaration throws, or of those that the engine raises (rule 60).
  package var kind: String
  /// One sentence, without a full stop, that names the place and the remedy.
  package var message: String
  /// Whether the effect may have taken place all the same, as when an answer is cut off; a `once` step is then
  /// indeterminate (rule 63).
  package var isOutcomeUnknown: Bool
  /// Before this time another attempt would fail too; nil where nobody can say.
  package var notBefore: Timestamp?
  /// How long whoever was called asks to be left alone, from when the attempt ended: above zero, and nil where it asks
  /// for nothing.
  package let retryAfter: TimeSpan?

  package init(_ kind: String, _ message: String, isOutcomeUnknown: Bool = false, retryAfter: TimeSpan? = nil) {
    self.kind = kind
    self.message = message
    self.isOutcomeUnknown = isOutcomeUnknown
    self.retryAfter = retryAfter.flatMap { $0 > .zero ? $0 : nil }
  }
}
