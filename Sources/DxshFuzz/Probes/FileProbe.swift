import DxshCompiler
import DxshPlan
import DxshSyntax

/// Files: what holds of every text.
enum FileProbe {
  static func run(_ text: [UInt8], name: String = "fuzz.dxsh") throws(Finding) {
    let file = SourceFile(id: FileID(0), name: name, bytes: text)
    let compilation = compile(file, library: library)
    try DiagnosticProbe.run(compilation.diagnostics, compilation.files)
    for plan in compilation.plans { try run(plan) }
  }

  /// A plan that was compiled is valid, reads back, and means the same when it is optimized.
  private static func run(_ plan: Plan) throws(Finding) {
    try PlanProbe.run(plan)
    let optimized = optimize(plan).plan
    try PlanProbe.run(optimized)
    _ = PlanText.render(plan)
    _ = PlanDot.render(optimized)
    _ = PlanMermaid.render(optimized)
    let before = PlanEvaluation(plan).outcomes
    for (path, after) in PlanEvaluation(optimized).outcomes {
      guard let outcome = before[path], !outcome.isLimit, !after.isLimit else { continue }
      guard outcome.isSame(as: after) else {
        throw Finding("\(path): \(outcome.description), and optimized \(after.description)")
      }
    }
  }

  /// A node of each kind that matters to the compiler.
  private static let library = NodeLibrary([
    "debug": """
    node debug.echo<T>(value: T) -> T effect idempotent timeout(10s)
    node debug.sleep(duration: duration) -> {} effect idempotent timeout(1d)
    """,
    "db": """
    connection db(url: secret<string>, pool: int = 8)
    node db.query<T>(connection: connection<db>, sql: string = "") -> list<T> effect read timeout(10s)
    node db.write(connection: connection<db>, values: list<json> = []) -> { n: int? }
      effect once throws gone timeout(1m)
    """,
  ])
}
