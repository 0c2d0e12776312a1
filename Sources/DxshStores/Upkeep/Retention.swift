package import DxshTime

/// How long runs are kept that have ended (rule 67): as long as either says so.
package struct Retention: Sendable, Hashable {
  /// From the end of the run on; not below zero.
  package var keep: TimeSpan
  /// So many runs of each workflow, those that ended last; not below zero.
  package var keepLast: Int

  package init(keep: TimeSpan = TimeSpan(nanoseconds: 30 * day), keepLast: Int = 100) {
    self.keep = keep
    self.keepLast = keepLast
  }

  package static let day: Int64 = 86_400_000_000_000
}
