package import DxshTime

/// A process that has a run of a store, or had it when it died.
package struct RunOwner: Sendable, Equatable {
  /// Its number on its host.
  package var process: Int64
  package var host: String
  /// When it first wrote to the store, in whole seconds.
  package var startedAt: Timestamp
  /// Whether it still runs; one that is stopped does.
  package var isAlive: Bool

  package init(process: Int64, host: String, startedAt: Timestamp, isAlive: Bool) {
    self.process = process
    self.host = host
    self.startedAt = startedAt
    self.isAlive = isAlive
  }
}
