/// Why a value that arrived is not of the expected type, and where in it.
package struct DecodingError: Error, Hashable, Sendable {
  /// From the value to the place, to be put behind the value's name: `[3].total`, `.customer["a b"]`; empty for
  /// the value itself.
  package private(set) var path = ""
  package let expected: Type
  /// In an author's words: `"n/a"`, `a list of 3`, `nothing`.
  package let found: String

  init(expected: Type, found: String) {
    self.expected = expected
    self.found = found
  }

  init(expected: Type, found: Value) {
    self.init(expected: expected, found: found.summary)
  }

  func within(_ step: String) -> DecodingError {
    var error = self
    error.path = step + path
    return error
  }

  /// `[3].total: expected double, found "n/a"`
  package var message: String { message(of: "") }

  /// The message with the value's name before its path: `orders[3].total: expected double, found "n/a"`.
  package func message(of name: String) -> String {
    let place = name.isEmpty && path.first == "." ? String(path.dropFirst()) : name + path
    return (place.isEmpty ? "" : "\(place): ") + "expected \(expectation), found \(found)"
  }

  private var expectation: String {
    guard case .enumeration(let declared) = expected, declared.members.count <= 8 else { return "\(expected)" }
    return "\(declared.name) (\(declared.members.map { "\"\($0.wireName)\"" }.joined(separator: ", ")))"
  }
}

extension DecodingError: CustomStringConvertible {
  package var description: String { message }
}
