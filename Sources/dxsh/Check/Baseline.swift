import DxshExpressions
import DxshSyntax
import Glibc

/// A file of diagnostics that are known, so that only new ones are said; docs/checking.md describes its form.
struct Baseline {
  /// How often each fingerprint is still to be met.
  private var counts: [String: Int] = [:]

  /// Of one diagnostic, for the file.
  struct Entry {
    let path: String
    let diagnostic: Diagnostic
    let fingerprint: String
  }

  init(reading path: String) throws(CallFailure) {
    let bytes = try SourceLoader.read(path)
    let document: Value
    do {
      document = try JSONReader.read(bytes)
    } catch {
      throw CallFailure("\(path):\(error.line):\(error.column): malformed JSON: \(error.message)")
    }
    guard case .map(let map) = document, map["version"] == .int(1), case .list(let list)? = map["diagnostics"]
    else { throw Self.noBaseline(path) }
    for item in list {
      guard case .map(let entry) = item, case .string(let fingerprint)? = entry["fingerprint"] else {
        throw Self.noBaseline(path)
      }
      counts[fingerprint.string, default: 0] += 1
    }
  }

  /// Whether the baseline has the diagnostic; as often as it has it.
  mutating func take(_ fingerprint: String) -> Bool {
    guard let count = counts[fingerprint], count > 0 else { return false }
    counts[fingerprint] = count - 1
    return true
  }

  private static func noBaseline(_ path: String) -> CallFailure {
    CallFailure("\(path) is no baseline of version 1; write one with `dxsh check --write-baseline \(path)`")
  }

  static func write(_ entries: [Entry], to path: String) throws(CallFailure) {
    let sorted = entries.sorted { left, right in
      (left.path, left.diagnostic.code.rawValue, left.fingerprint, left.diagnostic.message)
        < (right.path, right.diagnostic.code.rawValue, right.fingerprint, right.diagnostic.message)
    }
    let list = sorted.map { entry in
      JSONForm.object([
        ("file", .text(entry.path)), ("code", .text(entry.diagnostic.code.rawValue)),
        ("message", .text(entry.diagnostic.message)), ("fingerprint", .text(entry.fingerprint)),
      ])
    }
    try FileReplacement.write(
      JSONForm.text(JSONForm.object([("version", .int(1)), ("diagnostics", .list(list))])) + [10], to: path)
  }

  /// How a file is called in a baseline: its path from the folder of the baseline.
  static func path(of identity: String, in baseline: String) -> String {
    guard identity.hasPrefix("/") else { return identity }
    return RelativePath.from(Folder.absolute(Folder.of(baseline)), to: identity)
  }
}
