import Glibc
package import Testing

/// Compares what a test got with the file beside its input; `BLESS=1` writes the file anew.
package enum Golden {
  /// `path` is from the repository's root. A golden that is missing is written, and the test fails once.
  package static func expect(
    _ actual: String, toMatch path: String, sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let expected = Repository.read(path)
    let blesses = getenv("BLESS").map { String(cString: $0) == "1" } ?? false
    if blesses || expected == nil { Repository.write(actual, to: path) }
    if blesses { return }
    guard let expected else {
      Issue.record("\(path) was missing and has been written: read it, and run again", sourceLocation: sourceLocation)
      return
    }
    #expect(actual == expected, "differs from \(path); BLESS=1 rewrites it", sourceLocation: sourceLocation)
  }
}
