import DxshCompiler
import DxshExpressions
import DxshPlan
import DxshSyntax
import DxshTestSupport
import Testing

/// An expression of an example, in one dialect, with the declarations and bindings of its block.
struct Example: CustomTestStringConvertible, Sendable {
  let dialect: Overload.Dialects
  let expression: String
  let block: CodeBlock

  var testDescription: String { expression }

  /// What came of it: nil for true, else what is wrong; and which overloads it calls.
  struct Outcome {
    var problem: String?
    /// Whether it says nothing about what the example shows, since a name is misspelt.
    var isMisspelt = false
    var calls: Set<Call> = []

    init(problem: String? = nil, calls: Set<Call> = []) {
      self.problem = problem
      self.calls = calls
    }

    init(_ mistake: Diagnostic) {
      problem = mistake.message
      isMisspelt = mistake.code == .unknownName || mistake.code == .unknownType
    }
  }

  /// One overload, or all of a name where the values decide.
  enum Call: Hashable {
    case overload(id: String)
    case any(name: String, style: Overload.Style, count: Int)

    func includes(_ overload: Overload) -> Bool {
      switch self {
      case .overload(let id): id == overload.function.id
      case .any(let name, let style, let count):
        name == overload.name && style == overload.style && count == overload.parameters.count
      }
    }
  }

  /// Those of a block: each expression in each dialect of the block.
  static func all(in block: CodeBlock) -> [Example] {
    let dialects: [Overload.Dialects] =
      switch block.language {
      case .cel: [.cel]
      case .dxsh: [.dxsh]
      case .expr: [.cel, .dxsh]
      }
    // What is only declared is checked all the same.
    let expressions = block.expressions.isEmpty ? ["true"] : block.expressions
    return dialects.flatMap { dialect in
      expressions.map { Example(dialect: dialect, expression: $0, block: block) }
    }
  }

  func evaluate() -> Outcome {
    var outcome = dialect == .cel ? evaluateCEL() : evaluateFile()
    if block.isOfFailures, !outcome.isMisspelt {
      outcome.problem = outcome.problem == nil || outcome.problem == Self.isFalse ? "it does not fail" : nil
    }
    return outcome
  }

  private static let isFalse = "it is not true"

  private func evaluateCEL() -> Outcome {
    let compiled = compileCEL(SourceFile(id: FileID(0), name: "example", text: expression))
    if let mistake = compiled.diagnostics.first { return Outcome(mistake) }
    let calls = compiled.expression.calls
    do {
      let value = try Program(compiled.expression, dialect: .cel).evaluate(in: .empty)
      return Outcome(problem: value == .bool(true) ? nil : Self.isFalse, calls: calls)
    } catch {
      return Outcome(problem: error.message, calls: calls)
    }
  }

  /// What examples call `report`: `report.txt`, which holds `one`.
  private static let report: Value =
    Artifact(name: "report.txt", size: 3, digest: "7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed")
    .map { .box(.file($0)) } ?? .none

  private func evaluateFile() -> Outcome {
    let declarations = block.declarations.joined(separator: "\n")
    let bindings = block.bindings.joined(separator: "\n")
    let text =
      "\(declarations)\nworkflow example(report: file) {\n\(bindings)\nlet holds: bool = (\(expression)\n)\n}\n"
    let compiled = compile(SourceFile(id: FileID(0), name: "example.dxsh", text: text), library: NodeLibrary([:]))
    if let mistake = compiled.mistakes.first { return Outcome(mistake) }
    guard let plan = compiled.plans.last else { return Outcome(problem: "there is no plan") }
    let frame = Frame(slots: plan.body.slots.count, parent: nil)
    for (slot, declared) in plan.body.slots.enumerated() where declared.name == "report" {
      frame.values[slot] = Self.report
    }
    var outcome = Outcome()
    do {
      for node in plan.body.nodes {
        guard case .value(let slot, let expression) = node.kind else {
          return Outcome(problem: "\(node.path) is no `let`")
        }
        outcome.calls.formUnion(expression.calls)
        frame.values[slot] = try Evaluator.evaluate(expression, in: frame)
        if plan.body.slots[slot].name == "holds", frame.values[slot] != .bool(true) { outcome.problem = Self.isFalse }
      }
    } catch {
      outcome.problem = "\(error)"
    }
    return outcome
  }
}

extension Expression {
  /// What it calls, and what the expressions inside call.
  fileprivate var calls: Set<Example.Call> {
    var calls = children.reduce(into: Set<Example.Call>()) { $0.formUnion($1.calls) }
    if case .call(let function, _) = self { calls.insert(.overload(id: function.id)) }
    if case .dispatch(let name, let style, let arguments) = self {
      calls.insert(.any(name: name, style: style, count: arguments.count))
    }
    return calls
  }
}
