/// The diagnostics of one file as they are found: at most 100, since nobody reads more.
struct DiagnosticList {
  static let limit = 100

  private(set) var all: [Diagnostic] = []

  var isFull: Bool { all.count >= DiagnosticList.limit }

  mutating func append(_ diagnostic: Diagnostic) {
    if !isFull { all.append(diagnostic) }
  }

  mutating func append(contentsOf diagnostics: [Diagnostic]) {
    all.append(contentsOf: diagnostics.prefix(DiagnosticList.limit - all.count))
  }

  /// In the order of the text.
  var sorted: [Diagnostic] {
    if all.count < 2 { return all }
    return all.enumerated().sorted { ($0.element.range.start, $0.offset) < ($1.element.range.start, $1.offset) }
      .map(\.element)
  }
}
