import ArgumentParser
import DxshRuntime
import DxshSyntax
import DxshTime
import Glibc

/// `dxsh check [FILES|DIRS…|-]`
struct CheckCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Finds the mistakes in workflow files without running them.",
    discussion: """
      Prints nothing and exits 0 when there is nothing to say. Exits 1 when there are errors, 2 when a file cannot be \
      read, a folder has none, or the call or dxsh.toml is wrong. What dxsh.toml in the folder of a file, or above, \
      says of it holds too; docs/checking.md describes all.

      EXAMPLES
        dxsh check                    every .dxsh file below this folder
        dxsh check a.dxsh samples     a file and a folder
        dxsh check - < a.dxsh         standard input
        dxsh check --fix              makes the fixes that it knows
        dxsh check --types a.dxsh     and the type, effect and errors of all that is in it
        dxsh check --inflight a.dxsh  and whether its open runs could go on with it
        dxsh check --deny warnings --format github
      """)

  enum Format: String, ExpressibleByArgument, CaseIterable { case text, json, sarif, github, gitlab }

  @ArgumentParser.Argument(help: "Files and folders; - is standard input. Default: this folder.")
  var paths: [String] = ["."]

  @Option(help: "How to print: text, json, sarif, github or gitlab.")
  var format: Format = .text

  @OptionGroup var levelOptions: LevelOptions

  @Option(help: ArgumentHelp("Say only what is not in this file.", valueName: "file"))
  var baseline: String?

  @Option(help: ArgumentHelp("Write what is found into a file for --baseline, and say nothing.", valueName: "file"))
  var writeBaseline: String?

  @Option(
    help: ArgumentHelp(
      "Only files that git says were changed since a revision, and those that import them.", valueName: "revision"))
  var changedSince: String?

  @Flag(help: "Make the fixes, then say what is left.")
  var fix = false

  @Flag(help: "With --fix: print the differences, and write nothing.")
  var diff = false

  @Flag(help: "Also say what was inferred: what workflows do and can end with, and the type of each name.")
  var types = false

  @Flag(help: "Also say which open runs have another version, and whether they could go on with this one.")
  var inflight = false

  @OptionGroup var state: StateOptions

  func validate() throws {
    if inflight, format != .text || fix || writeBaseline != nil {
      throw ValidationError("--inflight is text for people, and goes with no other --format, --fix or --write-baseline")
    }
    if inflight, paths.contains("-") { throw ValidationError("--inflight wants files: standard input has no runs") }
    if state.state != nil, !inflight { throw ValidationError("--state goes with --inflight") }
    if types, format != .text { throw ValidationError("--types is text for people, and goes with no other --format") }
    if types, diff || writeBaseline != nil {
      throw ValidationError("--types goes with neither --diff nor --write-baseline")
    }
    if diff, !fix { throw ValidationError("--diff goes with --fix") }
    if fix, paths.contains("-") { throw ValidationError("--fix changes files, and standard input is none") }
    if writeBaseline != nil, baseline != nil || fix {
      throw ValidationError("--write-baseline goes with neither --baseline nor --fix")
    }
    if baseline?.isEmpty == true || writeBaseline?.isEmpty == true {
      throw ValidationError("a baseline is a file, not an empty text")
    }
  }

  func run() async throws {
    let now = SystemClock().now()
    let levels = try levelOptions.levels()
    let changed = try changedSince.map(ChangedFiles.since)
    var projects = ProjectFiles()
    let search = SourceLoader.Search(in: paths)
    let names = try Self.distinct(search, &projects)
    var workspace = Workspace(checking: names, SourceTexts(), now: now, keepsTypes: types, isLast: !fix)
    var selection = CheckSelection(levels, projects, baseline: baseline, usesBaselines: writeBaseline == nil)
    selection.only = changed.map(workspace.reached)
    try selection.prepare(for: workspace)
    var report = try selection.report(of: workspace)
    if fix {
      let run = try FixRun(workspace, selection, now: now)
      try write(run.changedFiles)
      workspace = Workspace(checking: names, run.texts, now: now, keepsTypes: types, isLast: true)
      report = try selection.report(of: workspace)
    }
    report.failures = search.failures.map(\.message) + report.failures
    if let writeBaseline {
      try Self.write(report, workspace, to: writeBaseline)
    } else {
      print(report)
    }
    for failure in report.failures { Output.error("dxsh: \(failure)") }
    if !report.failures.isEmpty { throw ExitCode(2) }
    if report.hasErrors, writeBaseline == nil { throw ExitCode(1) }
    if inflight, try await !InflightReport.print(names, state) { throw ExitCode(1) }
  }

  /// The files to check, each once, without those that project files leave out.
  private static func distinct(
    _ search: SourceLoader.Search, _ projects: inout ProjectFiles
  ) throws(CallFailure) -> [String] {
    var seen: Set<String> = []
    var names: [String] = []
    for (path, isFound) in search.files {
      let identity = SourceTexts.identity(of: path)
      if isFound, try projects.excludes(identity) { continue }
      // Imported files are called so.
      let name = path.hasPrefix("./") ? String(path.drop { $0 == "." || $0 == "/" }) : path
      if seen.insert(identity).inserted { names.append(name) }
    }
    return names
  }

  private func write(_ changes: [FixRun.Change]) throws(CallFailure) {
    for change in changes {
      if diff {
        Output.raw(TextDiff.unified(change.old, change.new, name: change.name))
      } else {
        try FileReplacement.write(change.new, to: change.name)
        Output.error("\(change.name): \(Counted.text(change.fixes, "fix", "fixes")) made")
      }
    }
  }

  private static func write(_ report: CheckReport, _ workspace: Workspace, to path: String) throws(CallFailure) {
    let entries = report.diagnostics.map { diagnostic in
      let file = workspace.files[Int(diagnostic.range.file.index)]
      let name = Baseline.path(of: file.identity, in: path)
      return Baseline.Entry(
        path: name, diagnostic: diagnostic, fingerprint: Fingerprint.of(diagnostic, in: file.source, path: name))
    }
    try Baseline.write(entries, to: path)
    Output.error("\(path) has \(Counted.text(entries.count, "diagnostic")) now")
  }

  private func print(_ report: CheckReport) {
    switch format {
    case .text: CheckText.print(report, showsAll: !diff)
    case .json: Output.result(DiagnosticsJSON.render(report))
    case .sarif: Output.result(SARIFReport.render(report))
    case .github: Output.raw(Array(GitHubReport.render(report).utf8))
    case .gitlab: Output.result(GitLabReport.render(report))
    }
  }
}
