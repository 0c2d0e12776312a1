/// A property that does not hold: a mistake of ours, whatever the input is.
package struct Finding: Error {
  /// What was found, with what is needed to see it.
  package let message: String

  init(_ message: String) {
    self.message = message
  }
}
