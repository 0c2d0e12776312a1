import DxshSyntax

/// Which diagnostics are said, and as what: of a call or of a project file.
struct Levels: Sendable {
  var tier: DiagnosticTier?
  var deniesWarnings = false
  var denied: Set<DiagnosticCode> = []
  var allowed: Set<DiagnosticCode> = []

  /// Why a word cannot be taken.
  struct Mistake: Error {
    let message: String
  }

  /// Takes a code, or `warnings`, of which each is an error from then on.
  mutating func deny(_ word: String) throws(Mistake) {
    if word == "warnings" { return deniesWarnings = true }
    let code = try Self.code(word, or: ["warnings"])
    if allowed.contains(code) { throw Mistake(message: "`\(code.rawValue)` cannot be both denied and allowed") }
    denied.insert(code)
  }

  /// Takes the code of a warning, which is not said then.
  mutating func allow(_ word: String) throws(Mistake) {
    let code = try Self.code(word, or: [])
    guard code.severity == .warning else {
      throw Mistake(message: "`\(code.rawValue)` is an error, and errors cannot be allowed: mend it")
    }
    if denied.contains(code) { throw Mistake(message: "`\(code.rawValue)` cannot be both denied and allowed") }
    allowed.insert(code)
  }

  private static func code(_ word: String, or others: [String]) throws(Mistake) -> DiagnosticCode {
    if let code = DiagnosticCode(rawValue: word.uppercased()) { return code }
    let nearest = Spelling.nearest(to: word, among: DiagnosticCode.allCases.map(\.rawValue) + others)
    let remedy = nearest.map { "did you mean `\($0)`?" } ?? "`dxsh explain` lists them all"
    throw Mistake(message: "there is no diagnostic `\(word)`; \(remedy)")
  }
}

/// The levels of the call and of the project file of the file in question; what the call says goes before.
struct CombinedLevels {
  let levels: [Levels]

  init(call: Levels, project: Levels?) {
    levels = [call] + (project.map { [$0] } ?? [])
  }

  /// As what a diagnostic is said; nil when it is not. Errors always are.
  func severity(of code: DiagnosticCode) -> Diagnostic.Severity? {
    if code.severity == .error { return .error }
    for level in levels {
      if level.allowed.contains(code) { return nil }
      if level.denied.contains(code) { return .error }
    }
    let tier = levels.lazy.compactMap(\.tier).first ?? .default
    if code.tier > tier { return nil }
    return levels.contains(where: \.deniesWarnings) ? .error : .warning
  }
}
