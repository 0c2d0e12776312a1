/// Why a value has no JSON form, and where in it.
package struct JSONWriteError: Error, Hashable, Sendable {
  /// From the outside to the place: `[3].total`, `["a b"].x`; empty for the value itself.
  package private(set) var path = ""
  /// One sentence, without the place and without a full stop.
  package let message: String

  init(_ message: String) {
    self.message = message
  }

  func within(_ step: String) -> JSONWriteError {
    var error = self
    error.path = step + path
    return error
  }
}

extension JSONWriteError: CustomStringConvertible {
  package var description: String {
    path.isEmpty ? message : "\(path.first == "." ? String(path.dropFirst()) : path): \(message)"
  }
}
