import Glibc

/// The project files that were found: for each folder the nearest one, in it or above.
struct ProjectFiles {
  private var nearest: [String: ProjectFile?] = [:]

  /// That of a file; of standard input, that of this folder.
  /// - identity: the file's path from the root, links resolved
  mutating func project(of identity: String) throws(CallFailure) -> ProjectFile? {
    let isFile = identity.hasPrefix("/")
    return try project(ofFolder: isFile ? Folder.of(identity) : Folder.absolute("."))
  }

  /// - folder: its path from the root, links resolved
  mutating func project(ofFolder folder: String) throws(CallFailure) -> ProjectFile? {
    let folder = folder == "/" ? "" : folder
    if let known = nearest[folder] { return known }
    let found: ProjectFile?
    if access("\(folder)/\(ProjectFile.name)", F_OK) == 0 {
      found = try ProjectFile(in: folder)
    } else if folder.isEmpty {
      found = nil
    } else {
      found = try project(ofFolder: Folder.of(folder))
    }
    nearest[folder] = .some(found)
    return found
  }

  /// Whether a file that was found in a folder is left out.
  mutating func excludes(_ identity: String) throws(CallFailure) -> Bool {
    guard let project = try project(of: identity), !project.exclude.isEmpty else { return false }
    let path = RelativePath.from(project.folder, to: identity)
    return project.exclude.contains { $0.matches(path) }
  }
}

/// Paths from one folder to a file.
enum RelativePath {
  /// Both from the root of the file system, links resolved.
  static func from(_ folder: String, to path: String) -> String {
    let (base, target) = (folder.split(separator: "/"), path.split(separator: "/"))
    let common = zip(base, target).prefix { $0 == $1 }.count
    let up = Array(repeating: "..", count: base.count - common)
    return (up + target.dropFirst(common).map(String.init)).joined(separator: "/")
  }

  /// The shorter of a path from the root and the one from this folder, for people.
  static func shown(_ path: String) -> String {
    let relative = from(Folder.absolute("."), to: path)
    return relative.hasPrefix("../../") || relative.isEmpty ? path : relative
  }
}
