import ArgumentParser
import DxshCompiler
import DxshExpressions
import DxshPlan

/// `dxsh plan FILE [WORKFLOW]`
struct PlanCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plan",
    abstract: "Shows what a run would do, and in what order.",
    discussion: """
      EXAMPLES
        dxsh plan report.dxsh                     levels, critical path, width
        dxsh plan report.dxsh --explain           and what each pass of the optimizer did
        dxsh plan report.dxsh --schedule --cpus 4 when each step would run on 4 cores
        dxsh plan report.dxsh --format dot | dot -Tsvg > plan.svg
        dxsh plan report.dxsh --format json       the plan as it is hashed and kept
      """)

  enum Format: String, ExpressibleByArgument, CaseIterable { case text, json, dot, mermaid }

  @ArgumentParser.Argument(help: "The file; - is standard input.")
  var file: String

  @ArgumentParser.Argument(help: "The workflow, when the file has several.")
  var workflow: String?

  @Option(help: "How to print: text, json, dot or mermaid.")
  var format: Format = .text

  @Flag(help: "Say what each pass of the optimizer did.")
  var explain = false

  @Flag(help: "First say what was inferred: what it does and can end with, and the type of each name.")
  var types = false

  @Flag(help: "Draw when each step would be at what, by the times that `uses(time:)` says, and how short it could be.")
  var schedule = false

  @OptionGroup var machine: MachineOptions

  func validate() throws {
    if schedule, format != .text { throw ValidationError("--schedule is text, and goes with no other --format") }
    if types, format != .text { throw ValidationError("--types is text for people, and goes with no other --format") }
  }

  func run() throws {
    let (plan, compilation, number) = try PlanChoice.choice(in: file, workflow: workflow)
    if types { Output.result(compilation.types()[number]) }
    switch format {
    case .json: Output.result(plan.encoded())
    case .text where schedule: Output.result(try PlanSchedule.text(of: plan, on: machine, width: nil, showsAll: false))
    case .text:
      let optimized = optimize(plan)
      let longest = compilation.longest(of: plan.workflow)
      Output.result(
        PlanText.render(optimized.plan, explaining: explain ? optimized.reports : [], longest: longest))
    case .dot: Output.result(PlanDot.render(optimize(plan).plan))
    case .mermaid: Output.result(PlanMermaid.render(optimize(plan).plan))
    }
  }
}
