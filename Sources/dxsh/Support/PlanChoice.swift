import ArgumentParser
import DxshCompiler
import DxshPlan
import Glibc

/// Compiles a file for a command that needs one of its workflows.
enum PlanChoice {
  /// Prints the diagnostics on standard error; throws when there are errors or the choice is not clear.
  static func plan(in file: String, workflow: String?) throws -> Plan {
    let compilation = try Composition.compile(file)
    if !compilation.diagnostics.isEmpty {
      Output.error(
        DiagnosticText.render(
          compilation.diagnostics, compilation.files, color: Output.usesColor(STDERR_FILENO)))
    }
    if compilation.hasErrors { throw ExitCode(1) }
    let names = compilation.workflows
    guard let chosen = workflow ?? (names.count == 1 ? names[0] : nil) else {
      throw CallFailure(
        names.isEmpty
          ? "\(file) has no workflow" : "\(file) has several workflows; name one of \(names.joined(separator: ", "))")
    }
    guard let plan = compilation.plan(of: chosen) else {
      throw CallFailure("\(file) has no workflow \(chosen); it has \(names.joined(separator: ", "))")
    }
    return plan
  }
}
