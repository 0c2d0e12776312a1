/// Who wants to see a diagnostic: everybody, who asks for all that could be better, or who looks for what deserves a
/// look although nothing may be wrong. Each tier has those before it.
package enum DiagnosticTier: String, Sendable, Hashable, CaseIterable, Comparable {
  case `default`
  case pedantic
  case audit

  package static func < (left: DiagnosticTier, right: DiagnosticTier) -> Bool { left.rank < right.rank }

  private var rank: Int {
    switch self {
    case .default: 0
    case .pedantic: 1
    case .audit: 2
    }
  }
}

extension DiagnosticCode {
  /// Errors are always of the default tier.
  package var tier: DiagnosticTier {
    if Self.pedantic.contains(self) { return .pedantic }
    return Self.audit.contains(self) ? .audit : .default
  }

  /// What is said only with `dxsh check --tier pedantic`.
  private static let pedantic: Set<DiagnosticCode> = [.shadowing, .redundant]
  /// What is said only with `dxsh check --tier audit`.
  private static let audit: Set<DiagnosticCode> = [.mayExceedLimit]
}
