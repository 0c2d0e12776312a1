/// Why JSON is not the form of anything, and where in it.
package struct JSONFormError: Error, Hashable, Sendable {
  /// One step from a list or an object inwards.
  package enum Step: Sendable {
    case index(Int)
    case key(String)
  }

  /// From the outside to the place, as a JSON pointer (RFC 6901): `/nodes/3/call`; empty for the whole.
  package private(set) var path = ""
  /// What was expected and what was found; one sentence without a full stop.
  package let message: String

  package init(_ message: String) {
    self.message = message
  }

  package init(expected: String, found: Value) {
    self.message = "expected \(expected), found \(found.summary)"
  }

  package func within(_ step: Step) -> JSONFormError {
    var error = self
    error.path = "/\(step.token)\(path)"
    return error
  }
}

extension JSONFormError.Step {
  /// As a reference token of RFC 6901, section 3.
  fileprivate var token: String {
    switch self {
    case .index(let index): return String(index)
    case .key(let key):
      var token = ""
      for scalar in key.unicodeScalars {
        switch scalar {
        case "~": token += "~0"
        case "/": token += "~1"
        default: token.unicodeScalars.append(scalar)
        }
      }
      return token
    }
  }
}
