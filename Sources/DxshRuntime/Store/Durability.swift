/// What a run's journal is worth when a machine or a process ends: how a store writes.
package enum Durability: String, Sendable, Hashable, CaseIterable {
  /// What was written is on the disk. The default, and what rule 63 needs: a `once` step begins only after its intent.
  case full
  /// It survives the death of the process; a power cut may take the last writes, so steps may take place twice.
  case process
  /// Nothing is synced: a power cut may damage the whole store. For tests.
  case none

  /// The one of both that promises less.
  package func weaker(_ other: Durability) -> Durability {
    switch (self, other) {
    case (.none, _), (_, .none): .none
    case (.process, _), (_, .process): .process
    case (.full, .full): .full
    }
  }
}
