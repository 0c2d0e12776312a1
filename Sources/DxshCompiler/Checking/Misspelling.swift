import DxshSyntax

/// A word that nobody knows, before it is guessed what its author meant: what is said of it, and the words that there
/// are.
struct Misspelling {
  /// With the help that is given where no word is near.
  let diagnostic: Diagnostic
  private let word: String
  private let candidates: () -> [String]

  /// - range: of the word
  init(
    _ code: DiagnosticCode, _ message: String, _ word: String, at range: SourceRange,
    among candidates: @escaping () -> [String], otherwise help: String? = nil
  ) {
    self.diagnostic = Diagnostic(code, message, at: range, help: help)
    self.word = word
    self.candidates = candidates
  }

  /// What is no matter of spelling after all.
  init(_ diagnostic: Diagnostic) {
    self.diagnostic = diagnostic
    self.word = ""
    self.candidates = { [] }
  }

  func guessed(_ guesses: inout Guesses) -> Diagnostic {
    if word.isEmpty || guesses.isSpent { return diagnostic }
    return diagnostic.proposing(guesses.nearest(to: word, among: candidates()))
  }
}

extension Diagnostic {
  /// With what was meant in the place of its range as help and as fix, if that is known.
  func proposing(_ meant: String?) -> Diagnostic {
    guard let meant else { return self }
    var proposal = self
    proposal.help = "did you mean `\(meant)`?"
    proposal.fix = Fix("write `\(meant)`", [Edit(range, meant)])
    return proposal
  }
}
