import CDxshStdlib

/// The declarations of the nodes, as text of the language: the files of `stdlib/`, embedded at build time.
package enum StandardLibrary {
  /// The names of the files without `.dxsh`, sorted: `csv`, `debug`, …
  package static let families: [String] = (0..<dxsh_stdlib_count()).map { String(cString: dxsh_stdlib_at($0).family) }

  /// The text of a family's file; nil when there is no such family.
  package static func source(of family: String) -> [UInt8]? {
    guard let index = families.firstIndex(of: family) else { return nil }
    let file = dxsh_stdlib_at(index)
    return Array(UnsafeBufferPointer(start: file.bytes, count: file.length))
  }
}
