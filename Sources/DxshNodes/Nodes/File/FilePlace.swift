import DxshRuntime

/// A path as the author gave it, and as the system needs it.
struct FilePlace: Sendable {
  /// For messages.
  let given: String
  /// Without a NUL; never empty.
  let absolute: String

  /// A relative path starts at `folder`. Throws when it is empty or holds a NUL, which no file's name can.
  init(_ given: String, in folder: String) throws(NodeFailure) {
    guard !given.isEmpty else { throw NodeFailure("not_found", "the path is empty") }
    guard !given.utf8.contains(0) else { throw NodeFailure("not_found", "the path \"\(given)\" holds a NUL") }
    self.given = given
    self.absolute = given.utf8.first == 0x2F ? given : Self.join(folder, given)
  }

  /// `absolute` is what the system needs.
  init(given: String, absolute: String) {
    self.given = given
    self.absolute = absolute
  }

  /// A file in this folder.
  func appending(_ name: String) -> FilePlace {
    FilePlace(given: Self.join(given, name), absolute: Self.join(absolute, name))
  }

  /// The folder that holds it.
  var parent: FilePlace {
    FilePlace(given: Self.parent(of: given, else: "."), absolute: Self.parent(of: absolute, else: "/"))
  }

  private static func join(_ folder: String, _ name: String) -> String {
    folder == "." ? name : folder.utf8.last == 0x2F ? folder + name : "\(folder)/\(name)"
  }

  private static func parent(of path: String, else root: String) -> String {
    var bytes = path.utf8[...]
    while bytes.count > 1, bytes.last == 0x2F { bytes.removeLast() }
    guard let slash = bytes.lastIndex(of: 0x2F) else { return root }
    bytes = bytes[..<slash]
    while bytes.count > 1, bytes.last == 0x2F { bytes.removeLast() }
    return bytes.isEmpty ? "/" : String(Substring(bytes))
  }
}
