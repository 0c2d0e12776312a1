import Glibc

/// What zones there are, for suggestions.
extension ZoneDatabase {
  /// More files are not looked at; tzdata has some 600 zones.
  private static let maximumCount = 5_000

  /// The names of the zones in the folder, sorted; none when it cannot be read. It lists the folder anew each time.
  package var names: [String] {
    var names: [String] = []
    var folders = [""]
    while let folder = folders.popLast(), names.count < Self.maximumCount {
      // America/Argentina/Buenos_Aires is as deep as it gets.
      let isDeep = folder.utf8.count { $0 == 0x2F } >= 2
      for (name, isFolder) in entries(of: folder) {
        if !isFolder { names.append(folder + name) } else if !isDeep { folders.append(folder + name + "/") }
      }
    }
    return names.sorted()
  }

  /// What is in a folder and may be a zone or have zones in it: those begin with capital letters, other files do not.
  private func entries(of folder: String) -> [(name: String, isFolder: Bool)] {
    guard let listing = opendir("\(directory)/\(folder)") else { return [] }
    defer { closedir(listing) }
    var entries: [(String, Bool)] = []
    while let entry = readdir(listing), entries.count < Self.maximumCount {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      guard let first = name.utf8.first, first >= 0x41, first <= 0x5A else { continue }
      entries.append((name, entry.pointee.d_type == UInt8(DT_DIR)))
    }
    return entries
  }
}
