import ArgumentParser
import DxshCompiler
import DxshPlan
import DxshSyntax
import Glibc

/// Compiles a file for a command that needs one of its workflows.
enum PlanChoice {
  /// Prints the diagnostics on standard error; throws when there are errors or the choice is not clear.
  static func plan(in file: String, workflow: String?) throws -> Plan {
    try choice(in: file, workflow: workflow).plan
  }

  /// A file without errors. Prints the diagnostics on standard error.
  static func compilation(of file: String) throws -> Compilation {
    let compilation = try Composition.compile(file)
    let shown = compilation.diagnostics.filter { $0.code.tier == .default }
    if !shown.isEmpty { DiagnosticText.print(shown, compilation.files) }
    if compilation.hasErrors { throw ExitCode(1) }
    return compilation
  }

  /// The same, with the compilation that it is of, and the workflow's place in it.
  static func choice(
    in file: String, workflow: String?
  ) throws -> (plan: Plan, compilation: Compilation, number: Int) {
    let compilation = try compilation(of: file)
    let names = compilation.workflows
    guard let chosen = workflow ?? (names.count == 1 ? names[0] : nil) else {
      throw CallFailure(
        names.isEmpty
          ? "\(file) has no workflow" : "\(file) has several workflows; name one of \(names.joined(separator: ", "))")
    }
    guard let plan = compilation.plan(of: chosen), let number = names.firstIndex(of: chosen) else {
      throw CallFailure("\(file) has no workflow \(chosen); it has \(names.joined(separator: ", "))")
    }
    return (plan, compilation, number)
  }
}
