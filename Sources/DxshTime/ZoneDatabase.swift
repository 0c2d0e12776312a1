import Glibc
import Synchronization

/// The folder of tzdata: a TZif file for each named zone, read when the zone is first asked for.
package struct ZoneDatabase: Sendable {
  let directory: String

  /// The system's: the folder that the environment variable TZDIR names, else `/usr/share/zoneinfo`.
  package static let system: ZoneDatabase = {
    let chosen = getenv("TZDIR").map { String(cString: $0) } ?? ""
    return ZoneDatabase(directory: chosen.isEmpty ? "/usr/share/zoneinfo" : chosen)
  }()

  package init(directory: String) {
    self.directory = directory
  }

  /// What has been read, by path; no more than there are files.
  private static let cache = Mutex<[String: ZoneRules]>([:])

  /// The largest file of tzdata has some 4,000 bytes.
  private static let maximumSize = 65_536

  /// The rules of a zone like `Europe/Berlin`; upper and lower case differ.
  func rules(of name: String) throws(ZoneError) -> ZoneRules {
    let path = "\(directory)/\(name)"
    if let known = Self.cache.withLock({ $0[path] }) { return known }
    guard Self.isName(name) else { throw .malformedName }
    guard let rules = ZoneRules(tzif: try contents(of: path)) else { throw .unreadable(path) }
    Self.cache.withLock { $0[path] = rules }
    return rules
  }

  /// Parts that begin with a letter, joined by `/`, of letters, digits, `_`, `+`, `-` and `.`: so the Theory file of
  /// tzdata names zones, and so no name leads out of the folder. `localtime` and `posixrules` are what the machine's
  /// owner chose, not zones.
  private static func isName(_ name: String) -> Bool {
    guard (1...64).contains(name.utf8.count), name != "localtime", name != "posixrules" else { return false }
    return name.utf8.split(separator: 0x2F, omittingEmptySubsequences: false).allSatisfy { part in
      part.first?.isLetter == true && part.allSatisfy { $0.isLetter || $0.isDigit || "_+-.".utf8.contains($0) }
    }
  }

  private func contents(of path: String) throws(ZoneError) -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else {
      guard errno == ENOENT || errno == ENOTDIR else { throw .unreadable(path) }
      if access(directory, F_OK) != 0 { throw .noDatabase(directory) }
      throw .unknown
    }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw .unreadable(path) }
    switch status.st_mode & S_IFMT {
    case S_IFREG: break
    case S_IFDIR: throw .unknown
    default: throw .unreadable(path)
    }
    var bytes = [UInt8](repeating: 0, count: Self.maximumSize + 1)
    var size = 0
    while size < bytes.count {
      let count = bytes.withUnsafeMutableBytes { read(descriptor, $0.baseAddress.map { $0 + size }, $0.count - size) }
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw .unreadable(path) }
      if count == 0 { break }
      size += count
    }
    guard size <= Self.maximumSize else { throw .unreadable(path) }
    bytes.removeLast(bytes.count - size)
    return bytes
  }
}
