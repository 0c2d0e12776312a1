/// Something that is wrong with a store.
package struct StoreFinding: Sendable, Equatable {
  package enum Remedy: String, Sendable {
    case rebuild = "`dxsh store rebuild` mends it"
    case restore = "restore the store from a backup"
    case upgrade = "use the version of dxsh that wrote it"
    case sendAgain = "send it again"
  }

  /// Nil for what concerns the store as a whole.
  package var run: String?
  /// What is wrong: part of a sentence, without a full stop.
  package var message: String
  package var remedy: Remedy

  package init(run: String?, _ message: String, _ remedy: Remedy) {
    self.run = run
    self.message = message
    self.remedy = remedy
  }

  /// One line.
  package var description: String { (run.map { "the run \($0): " } ?? "") + "\(message); \(remedy.rawValue)" }
}
