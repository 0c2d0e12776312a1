package import DxshPlan
package import DxshSyntax

/// What a source file came to: its plans when it has no errors, and what is to be said about it.
package struct Compilation: Sendable {
  private let program: CheckedProgram
  package var documentation: [String: String]
  /// Sorted by position.
  package var diagnostics: [Diagnostic]
  /// The file, those that it imports and those of the library that diagnostics may point into.
  package var files: [SourceFile]
  /// The file and those that it imports, each after those that it imports itself.
  package var modules: [CompiledModule]
  /// What was read; empty unless it was asked for.
  private let trees: [Modules]

  package var hasErrors: Bool { diagnostics.contains { $0.severity == .error } }

  fileprivate init(
    _ program: CheckedProgram, documentation: [String: String], diagnostics: [Diagnostic], files: [SourceFile],
    modules: [CompiledModule], trees: [Modules]
  ) {
    self.program = program
    self.documentation = documentation
    self.diagnostics = diagnostics
    self.files = files
    self.modules = modules
    self.trees = trees
  }

  /// The names of the workflows, in the order of the text; empty when there are errors.
  package var workflows: [String] { hasErrors ? [] : program.workflows.map(\.name) }

  /// The plan of a workflow; nil when there is none of the name, and when there are errors.
  package func plan(of workflow: String) -> Plan? {
    if hasErrors { return nil }
    return program.workflows.first { $0.name == workflow }.map { lower($0, of: program) }
  }

  /// What a workflow and its steps were called; nil when there is none of the name, and when there are errors.
  package func formerNames(of workflow: String) -> FormerNames? {
    if hasErrors { return nil }
    return program.workflows.first { $0.name == workflow }.map { DxshCompiler.formerNames(of: $0, in: program) }
  }

  /// What was inferred of each workflow, for people: its signature, and the type of each name; in the order of
  /// `workflows`.
  package func types() -> [String] {
    if hasErrors { return [] }
    var finder = WorstCaseFinder(program.workflows + program.imported)
    return program.workflows.map { TypesText.render($0, &finder) }
  }

  /// How long a run of a workflow takes at most, for people, every attempt taking all of its time; nil when there is
  /// none of the name, and when there are errors.
  package func longest(of workflow: String) -> String? {
    if hasErrors { return nil }
    var finder = WorstCaseFinder(program.workflows + program.imported)
    return program.workflows.first { $0.name == workflow }.map { TypesText.longest(of: $0, &finder) }
  }

  /// Those of all workflows. Each has in it what it calls, so that all together may be far larger than the text.
  package var plans: [Plan] { hasErrors ? [] : program.workflows.map { lower($0, of: program) } }
}

/// The pipeline: text to tree, tree to checked program, checked program to plans.
///
/// Comments that silence warnings are heeded, until the day (UTC) that they give, unless `time` has no moment.
///
/// A plan as it comes out here is the semantic one, which is hashed and kept; `optimize` makes the one that is run.
///
/// - time: what schedules are checked against; nothing that depends on a clock or on zones is said without it
/// - keepsTrees: whether what was read lives as long as the compilation, for who ends before that: taking large trees
///   apart costs much of what making them did
package func compile(
  _ file: SourceFile, library: NodeLibrary, imports: ImportSource = .none, time: TimeContext = .none,
  keepsTrees: Bool = false
) -> Compilation {
  let modules = Modules(file, source: imports)
  let program = check(modules, library: library, time: time)
  let found = modules.diagnostics + program.diagnostics.map(modules.explainingAliases)
  let diagnostics = modules.withoutSilenced(found, today: time.today).sorted { left, right in
    (left.range.file.index, left.range.start) < (right.range.file.index, right.range.start)
  }
  return Compilation(
    program,
    documentation: Dictionary(
      program.workflows.compactMap { workflow in workflow.documentation.map { (workflow.name, $0) } }
    ) { first, _ in first },
    diagnostics: diagnostics, files: modules.all.map(\.file) + program.libraryFiles, modules: modules.compiled,
    trees: keepsTrees ? [modules] : [])
}

extension Modules {
  /// A diagnostic at an alias of the YAML form also says where that is written which the alias stands for.
  fileprivate func explainingAliases(_ diagnostic: Diagnostic) -> Diagnostic {
    let tree = all.first { $0.file.id == diagnostic.range.file }?.tree
    guard let expansion = tree?.expansions.first(where: { $0.use == diagnostic.range }) else { return diagnostic }
    var diagnostic = diagnostic
    diagnostic.related.append(Diagnostic.Related(expansion.anchor, "the alias stands for this"))
    return diagnostic
  }
}
