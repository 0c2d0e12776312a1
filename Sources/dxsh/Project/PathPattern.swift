import Glibc

/// A pattern of paths: `*` stands for what has no slash in it, `**` for any folders, `?` for one character. It names
/// a file or a folder with all that is below.
struct PathPattern: Sendable {
  let text: String
  private let parts: [String]

  /// Nil for one that is empty, begins with a slash or goes up.
  init?(_ text: String) {
    let parts = text.split(separator: "/").map(String.init).filter { $0 != "." }
    guard !parts.isEmpty, !text.hasPrefix("/"), !parts.contains("..") else { return nil }
    self.text = text
    self.parts = parts
  }

  /// - path: relative to the folder that the pattern is for
  func matches(_ path: String) -> Bool {
    matches(parts[...], path.split(separator: "/").map(String.init)[...])
  }

  private func matches(_ pattern: ArraySlice<String>, _ path: ArraySlice<String>) -> Bool {
    guard let first = pattern.first else { return true }
    if first == "**" {
      let rest = pattern.dropFirst()
      if rest.isEmpty { return !path.isEmpty }
      return (path.startIndex...path.endIndex).contains { matches(rest, path[$0...]) }
    }
    guard let name = path.first, fnmatch(first, name, 0) == 0 else { return false }
    return matches(pattern.dropFirst(), path.dropFirst())
  }
}
