import DxshSyntax

/// What `dxsh check` has to say, and what it leaves out.
struct CheckReport {
  /// A diagnostic, and what it is known by.
  struct Finding {
    let diagnostic: Diagnostic
    /// Differs from those of all others, and stays while the flagged text does.
    let fingerprint: String
  }

  /// A diagnostic's file is at the place of its number.
  var files: [SourceFile] = []
  /// By file and place.
  var findings: [Finding] = []
  /// What could not be read, a sentence each.
  var failures: [String] = []
  /// By file: what was inferred of its workflows.
  var types: [(file: String, texts: [String])] = []
  /// How many errors and warnings the baseline has.
  var known = 0

  var diagnostics: [Diagnostic] { findings.map(\.diagnostic) }
  var hasErrors: Bool { findings.contains { $0.diagnostic.severity == .error } }
}

/// Chooses from what is said of files what is reported: by levels, baselines and, unless nil, files.
struct CheckSelection {
  let levels: Levels
  /// Goes before those of project files.
  let baseline: String?
  let usesBaselines: Bool
  /// By identity.
  var only: Set<String>?
  private var projects: ProjectFiles
  private var baselines: [String: Baseline] = [:]
  private var counts: [String: Int] = [:]
  private let here = Folder.absolute(".")

  init(_ levels: Levels, _ projects: ProjectFiles, baseline: String?, usesBaselines: Bool) {
    self.levels = levels
    self.projects = projects
    self.baseline = baseline
    self.usesBaselines = usesBaselines
  }

  /// Reads the project files and baselines that hold for files, each once.
  mutating func prepare(for workspace: Workspace) throws(CallFailure) {
    for file in workspace.files {
      let project = try projects.project(of: file.identity)
      if let path = baselinePath(project), baselines[path] == nil { baselines[path] = try Baseline(reading: path) }
    }
  }

  private func baselinePath(_ project: ProjectFile?) -> String? {
    usesBaselines ? baseline ?? project?.baseline : nil
  }

  /// To be prepared for before.
  func report(of workspace: Workspace) throws(CallFailure) -> CheckReport {
    // What a baseline has is counted down.
    var counting = self
    return try counting.counted(workspace)
  }

  private mutating func counted(_ workspace: Workspace) throws(CallFailure) -> CheckReport {
    var report = CheckReport()
    report.files = workspace.files.map(\.source)
    report.failures = workspace.failures.map(\.message)
    for file in workspace.files where only?.contains(file.identity) ?? true {
      if !file.types.isEmpty { report.types.append((file.source.name, file.types)) }
      for diagnostic in try chosen(workspace.diagnostics(of: file), of: file, &report.known) {
        let path = file.identity.hasPrefix("/") ? RelativePath.from(here, to: file.identity) : file.identity
        let fingerprint = Fingerprint.of(diagnostic, in: file.source, path: path)
        let number = counts[fingerprint, default: 0]
        counts[fingerprint] = number + 1
        report.findings.append(
          .init(diagnostic: diagnostic, fingerprint: Fingerprint.distinct(fingerprint, number: number)))
      }
    }
    return report
  }

  /// The diagnostics of a file that are said, as what the levels make of them.
  mutating func chosen(
    _ diagnostics: [Diagnostic], of file: Workspace.File, _ known: inout Int
  ) throws(CallFailure) -> [Diagnostic] {
    let project = try projects.project(of: file.identity)
    let combined = CombinedLevels(call: levels, project: project?.levels)
    let baseline = baselinePath(project)
    var result: [Diagnostic] = []
    for var diagnostic in diagnostics {
      guard let severity = combined.severity(of: diagnostic.code) else { continue }
      diagnostic.severity = severity
      if let baseline, isKnown(diagnostic, file, in: baseline) {
        known += 1
      } else {
        result.append(diagnostic)
      }
    }
    return result
  }

  private mutating func isKnown(_ diagnostic: Diagnostic, _ file: Workspace.File, in path: String) -> Bool {
    let fingerprint = Fingerprint.of(
      diagnostic, in: file.source, path: Baseline.path(of: file.identity, in: path))
    return baselines[path]?.take(fingerprint) ?? false
  }
}
