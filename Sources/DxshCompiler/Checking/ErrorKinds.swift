import DxshExpressions
import DxshPlan

/// The kinds of failure that items can end with (rules 37 and 60).
package struct ErrorKinds: Sendable {
  /// Those that the engine itself raises (rule 60).
  static let ofEngine = [
    "timeout", "deadline", "cancelled", "rejected", "failed", "assertion", "decode", "limit", "arithmetic", "exhausted",
    "circuit_open", "rate_limited", "indeterminate", "interrupted", "unavailable",
  ]
  /// Those that every item can end with (rule 37).
  static let everywhere = ["failed", "assertion", "decode", "limit", "arithmetic"]

  /// Beside those of `everywhere`.
  private var more: Set<String>
  /// Whether there may be others, since something with a mistake in it is among the items.
  private(set) var isIncomplete = false

  init(_ more: Set<String> = []) {
    self.more = more
  }

  /// Those of all items of a scope that no handler in it takes.
  init(of scope: CheckedScope) {
    self.init()
    var nodes: Set<ObjectIdentifier> = []
    add(scope, &nodes)
  }

  /// Sorted.
  package var names: [String] { more.union(Self.everywhere).sorted() }

  func contains(_ name: String) -> Bool { more.contains(name) || Self.everywhere.contains(name) }

  mutating func formUnion(_ other: ErrorKinds) {
    more.formUnion(other.more)
    isIncomplete = isIncomplete || other.isIncomplete
  }

  /// What a handler knows of a failure.
  var errorType: RecordType {
    let kind = isIncomplete ? Type.unknown : .enumeration(.errorKind(names))
    return RecordType([.init("kind", kind), .init("message", .string)])
  }

  /// What the policies of a step know of its failure, which may say how long whoever was called is to be left alone.
  static func typeInPolicies(_ kind: Type) -> Type {
    .record(
      RecordType([
        .init("kind", kind), .init("message", .string), .init("retry_after", .optional(.duration)),
      ]))
  }

  // MARK: - Items

  /// - nodes: those whose kinds are in already
  private mutating func add(_ scope: CheckedScope, _ nodes: inout Set<ObjectIdentifier>) {
    for leaf in scope.leaves {
      switch leaf.kind {
      case .call(let call):
        // Whatever it fails with, it gives something.
        if call.policies.fallback != nil { continue }
        if nodes.insert(ObjectIdentifier(call.signature)).inserted { more.formUnion(call.signature.attemptErrors) }
        if call.effect == .once { more.insert("indeterminate") }
        if call.policies.deadline != nil { more.insert("deadline") }
        if call.policies.poll?.maximum != nil { more.insert("exhausted") }
        if call.policies.limits?.breaker != nil { more.insert("circuit_open") }
        if call.policies.verification != nil { more.insert("interrupted") }
      case .failure(let kind, _): more.insert(kind)
      case .loop(let loop):
        if loop.policies.first != nil { more.insert("exhausted") }
        if loop.policies.onError == .stop { add(loop.body, &nodes) }
      case .iteration(let iteration):
        more.insert("exhausted")
        add(iteration.body, &nodes)
      case .attempt(let attempt): add(attempt.handler, &nodes)
      case .invocation(let invocation):
        if invocation.policies.fallback != nil { continue }
        formUnion(invocation.errors)
        if invocation.policies.deadline != nil { more.insert("deadline") }
      // How approvals can end is not said yet.
      case .approval, .invalid: isIncomplete = true
      case .value, .condition, .assertion, .wait, .output, .barrier: break
      }
    }
  }
}

extension NodeSignature {
  /// The kinds of failure that one attempt of a call can end with, and a retry can be for.
  var attemptErrors: [String] { errors + Self.errorsOfAttempts.filter { !errors.contains($0) } }

  /// Those that an attempt of any node can end with.
  static let errorsOfAttempts = ["timeout", "decode", "failed"]
}
