import ArgumentParser
import DxshCompiler
import DxshExpressions
import DxshSyntax

/// `dxsh eval EXPR`
struct EvalCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "eval",
    abstract: "Evaluates an expression: plain CEL, or what files take.",
    discussion: """
      Prints the value as JSON; what JSON cannot say, such as bytes or a timestamp, as text.

      EXAMPLES
        dxsh eval '1 + 2'
        dxsh eval 'xs.filter(x, x > 1)' -p 'xs=[1, 2, 3]'
        dxsh eval 'user.name.startsWith("A")' --input '{"user": {"name": "Ada"}}'
        dxsh eval '{"a": [1]}' --type
        dxsh eval --dxsh '1h30m / 2'
        dxsh eval --batch < cases.jsonl
      """)

  @ArgumentParser.Argument(help: "The expression; `-` reads it from standard input.")
  var expression: String?

  @Option(name: .customShort("p"), help: "A variable: name=value, the value JSON or else text. May be repeated.")
  var variables: [String] = []

  @Option(help: "A JSON object with a value for each variable; `@FILE` reads a file, `-` standard input.")
  var input: String?

  @Flag(help: "Print the static type instead of the value.")
  var type = false

  @Flag(name: .customLong("dxsh"), help: "Take what files take instead of plain CEL.")
  var isOfFiles = false

  @Flag(help: "Evaluate one JSON object a line from standard input, and answer each with one.")
  var batch = false

  @Option(help: "What the evaluation may cost; a unit is about one operation.")
  var budget = Program.defaultBudget

  func validate() throws {
    guard batch != (expression != nil) else { throw ValidationError("Give an expression, or --batch.") }
    if budget < 1 { throw ValidationError("--budget is at least 1.") }
  }

  func run() throws {
    if batch { return try EvalBatch(budget: budget).run() }
    guard let expression else { return }
    let bytes = expression == "-" ? try SourceLoader.read("-") : Array(expression.utf8)
    let file = SourceFile(id: FileID(0), name: "<expression>", bytes: bytes)
    let given = try RunInput.variables(assignments: variables, document: input)
    let frame = Frame(slots: given.count, parent: nil)
    for (slot, variable) in given.enumerated() { frame.values[slot] = variable.value }
    let compiled = compiled(file, given)
    if !compiled.diagnostics.isEmpty {
      DiagnosticText.print(compiled.diagnostics, [file])
      if compiled.diagnostics.contains(where: { $0.severity == .error }) { throw ExitCode(1) }
    }
    if type { return Output.result(isOfFiles ? compiled.type.description : compiled.type.celText) }
    let dialect: Overload.Dialects = isOfFiles ? .dxsh : .cel
    do {
      let value = try Program(compiled.expression, dialect: dialect).evaluate(in: frame, budget: budget)
      Output.result(Array(try PlainForm.text(of: value).utf8))
    } catch let error as EvaluationError {
      throw CallFailure(error.message, code: 1)
    }
  }

  private func compiled(
    _ file: SourceFile, _ given: [(name: String, value: Value)]
  ) -> (expression: Expression, type: Type, diagnostics: [Diagnostic]) {
    if isOfFiles {
      return compileExpression(file, variables: given.map { ($0.name, $0.value.celType.inFiles) })
    }
    var environment = CELEnvironment()
    for (slot, variable) in given.enumerated() {
      environment.variables[variable.name] = .init(variable.value.celType, slot: slot)
    }
    let compiled = compileCEL(file, environment)
    return (compiled.expression, compiled.type, compiled.diagnostics)
  }
}

extension Type {
  /// The type that a value of JSON has in files: what it holds is not known.
  fileprivate var inFiles: Type {
    switch self {
    case .list, .map, .null, .dyn: .json
    default: self
    }
  }
}
