/// Something the author should know about a source text. A value: user mistakes never throw.
package struct Diagnostic: Sendable, Hashable {
  package enum Severity: String, Sendable, Hashable {
    case error
    case warning
  }

  /// Another place that explains the diagnostic ("declared here").
  package struct Related: Sendable, Hashable {
    package var range: SourceRange
    package var message: String

    package init(_ range: SourceRange, _ message: String) {
      self.range = range
      self.message = message
    }
  }

  /// A replacement of source text that a machine can make.
  package struct Edit: Sendable, Hashable {
    package var range: SourceRange
    package var replacement: String

    package init(_ range: SourceRange, _ replacement: String) {
      self.range = range
      self.replacement = replacement
    }
  }

  /// Edits that together mend the mistake.
  package struct Fix: Sendable, Hashable {
    /// What the fix does, as an imperative sentence.
    package var title: String
    package var edits: [Edit]

    package init(_ title: String, _ edits: [Edit]) {
      self.title = title
      self.edits = edits
    }
  }

  package var code: DiagnosticCode
  /// That of the code, unless `dxsh check --deny` makes a warning an error.
  package var severity: Severity
  /// One plain sentence in the author's words, without a full stop.
  package var message: String
  package var range: SourceRange
  package var related: [Related]
  /// What to do about it, as one line.
  package var help: String?
  package var fix: Fix?

  package init(
    _ code: DiagnosticCode, _ message: String, at range: SourceRange, related: [Related] = [],
    help: String? = nil, fix: Fix? = nil
  ) {
    self.code = code
    self.severity = code.severity
    self.message = message
    self.range = range
    self.related = related
    self.help = help
    self.fix = fix
  }
}
