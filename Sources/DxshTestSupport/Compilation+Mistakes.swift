package import DxshCompiler
package import DxshSyntax

extension Compilation {
  /// What is said, but for what nobody reads, what decides nothing, and what only the pedantic tier says: small
  /// examples are full of it.
  package var mistakes: [Diagnostic] {
    diagnostics.filter { $0.code != .unused && $0.code != .constantCondition && $0.code.tier != .pedantic }
  }
}
