import DxshExpressions
import DxshRuntime
import DxshTime

/// Arguments as the host's types. The engine has checked them against the declaration, so another kind of value is a
/// bug of the node's or of its declaration.
extension NodeCall {
  func text(_ parameter: String) -> Text {
    guard case .string(let text) = self[parameter] else { mismatch(parameter, "string") }
    return text
  }

  func string(_ parameter: String) -> String { text(parameter).string }

  func bool(_ parameter: String) -> Bool {
    guard case .bool(let value) = self[parameter] else { mismatch(parameter, "bool") }
    return value
  }

  /// In bytes; a negative size counts as 0.
  func size(_ parameter: String) -> Int {
    guard case .size(let bytes) = self[parameter] else { mismatch(parameter, "size") }
    return Int(max(bytes, 0))
  }

  func duration(_ parameter: String) -> TimeSpan {
    guard case .duration(let span) = self[parameter] else { mismatch(parameter, "duration") }
    return span
  }

  func file(_ parameter: String) -> Artifact {
    guard case .boxed(let box) = self[parameter], case .file(let artifact) = box.content else {
      mismatch(parameter, "file")
    }
    return artifact
  }

  func list(_ parameter: String) -> [Value] {
    guard case .list(let elements) = self[parameter] else { mismatch(parameter, "list") }
    return elements
  }

  func strings(_ parameter: String) -> [String] {
    list(parameter).map { element in
      guard case .string(let text) = element else { mismatch(parameter, "list<string>") }
      return text.string
    }
  }

  func stringMap(_ parameter: String) -> [String: String] {
    guard case .map(let map) = self[parameter] else { mismatch(parameter, "map<string, string>") }
    var result: [String: String] = [:]
    for entry in map.entries {
      guard case .string(let key) = entry.key, case .string(let value) = entry.value else {
        mismatch(parameter, "map<string, string>")
      }
      result[key.string] = value.string
    }
    return result
  }

  private func mismatch(_ parameter: String, _ type: String) -> Never {
    preconditionFailure("the argument \(parameter) is \(self[parameter].summary), but the node expects \(type)")
  }
}
