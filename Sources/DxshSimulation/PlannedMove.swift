import DxshCompiler
import DxshPlan
import DxshRuntime
import DxshSyntax
import DxshTime

extension RandomWorkflow {
  /// What the compiler has against it.
  struct Mistakes: Error {
    let messages: [String]
  }

  /// The plan of a file, and what was called otherwise before.
  static func plan(of text: String) throws(Mistakes) -> (plan: Plan, names: FormerNames) {
    let compilation = compile(SourceFile(id: FileID(0), name: "random", text: text), library: NodeLibrary([:]))
    let mistakes = compilation.diagnostics.filter { $0.severity == .error }
    guard mistakes.isEmpty, let plan = compilation.plan(of: "w"), let names = compilation.formerNames(of: "w") else {
      throw Mistakes(messages: mistakes.map { "the compiler: \($0.message)\n\(text)" })
    }
    return (plan, names)
  }
}

/// A run whose file changes while it is open: with which plan it starts, and to which ones it is to be moved.
struct PlannedMove: Sendable {
  struct Target: Sendable {
    let version: FileVersion
    let plan: Plan
    let names: FormerNames
  }

  let run: String
  let before: Plan
  let targets: [Target]
  let at: Timestamp
  /// Of the versions.
  let text: String

  /// Nil for the most of them.
  init?(of workflows: [RandomWorkflow], _ dice: Dice) throws(RandomWorkflow.Mistakes) {
    var dice = dice
    guard dice.once(in: 3) else { return nil }
    let number = dice.roll(workflows.count)
    let change = FileChange(of: workflows[number], &dice)
    run = "r\(number)"
    before = try RandomWorkflow.plan(of: change.before.text).plan
    var targets: [Target] = []
    for version in change.after {
      let (plan, names) = try RandomWorkflow.plan(of: version.text)
      targets.append(Target(version: version, plan: plan, names: names))
    }
    self.targets = targets
    at = Simulation.start.after(milliseconds: dice.roll(60_000))
    text = ([change.before] + change.after).map(\.text).joined(separator: "\n")
  }

  /// What steps are called in the new plans, by the plans' hashes.
  var renamings: [String: [String: String]] {
    Dictionary(targets.map { ($0.plan.hash, $0.version.renamed) }) { first, _ in first }
  }

  /// By the hashes of the plans.
  func known(_ workflow: RandomWorkflow) -> [String: Invariants.Run] {
    var known = [before.hash: Invariants.Run(workflow, before)]
    for target in targets {
      known[target.plan.hash] = Invariants.Run(workflow, target.plan, surplus: target.version.surplus)
    }
    return known
  }
}
