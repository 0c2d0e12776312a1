import ArgumentParser
import DxshRuntime
import DxshStores
import DxshTime
import Glibc

/// Where runs are kept (rule 69): `.dxsh` beside the workflow file, unless `--state` names another folder.
struct StateOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The folder that runs are kept in; by default .dxsh beside the workflow file.", valueName: "folder"))
  var state: String?

  func validate() throws {
    if state?.isEmpty == true { throw ValidationError("--state takes a folder, not an empty text") }
  }

  /// What a command that is to use the same store has to be given, after a space; empty where nothing was given.
  var given: String { state.map { " --state \(ShellWord.quoted($0))" } ?? "" }

  /// What a command in this folder has to be given to find a store, after a space; empty where it finds it by itself.
  func given(for store: any RunStore) -> String {
    guard state == nil, let folder = (store as? SQLiteRunStore)?.folder else { return given }
    let found = try? existingFolder()
    return found.flatMap(FileIdentity.init) == FileIdentity(folder) ? "" : " --state \(ShellWord.quoted(folder))"
  }

  /// The store of a workflow file, made if there is none.
  func store(besideFolder folder: String, _ durability: Durability) throws(CallFailure) -> any RunStore {
    try open(state ?? folder + "/.dxsh", creating: true, durability)
  }

  /// The store that `--state` names, made if there is none, else the one here or in the nearest folder above.
  /// - lease: how long a process may be silent before others take its runs
  func servedStore(
    lease: TimeSpan, _ durability: Durability
  ) throws(CallFailure) -> (SQLiteRunStore, folder: String) {
    let folder: String
    if let state { folder = state } else { folder = try existingFolder() }
    return (try open(folder, creating: state != nil, durability, lease: lease), folder)
  }

  /// The store that `--state` names, else the one here or in the nearest folder above.
  func existingStore() throws(CallFailure) -> any RunStore {
    try open(try existingFolder(), creating: false, .full)
  }

  /// The store of a workflow file: the one that `--state` names, else the one beside it.
  func existingStore(besideFolder folder: String) throws(CallFailure) -> any RunStore {
    try open(state ?? folder + "/.dxsh", creating: false, .full)
  }

  /// The folder that `--state` names, else that of the store here or in the nearest folder above.
  func existingFolder() throws(CallFailure) -> String {
    if let state {
      if access(StoreFolder.database(in: state), F_OK) == 0 { return state }
      throw CallFailure("there are no runs in \(state); name the folder that has them with --state")
    }
    var folder = Folder.absolute(".")
    while true {
      let candidate = folder + "/.dxsh"
      if access(StoreFolder.database(in: candidate), F_OK) == 0 { return candidate }
      guard let slash = folder.lastIndex(of: "/"), !folder.isEmpty else { break }
      folder = String(folder[..<slash])
    }
    throw CallFailure("there are no runs here: no folder .dxsh in this one or above; name one with --state")
  }

  private func open(
    _ folder: String, creating: Bool, _ durability: Durability, lease: TimeSpan = SQLiteRunStore.defaultLease
  ) throws(CallFailure) -> SQLiteRunStore {
    do {
      let store = try SQLiteRunStore(folder: folder, creating: creating, lease: lease, durability: durability)
      store.logs?.inTrouble { Output.error("dxsh: \($0)") }
      return store
    } catch {
      throw CallFailure(error.message)
    }
  }
}

/// What is the same for all names that a file or folder has.
struct FileIdentity: Equatable {
  private let device: dev_t
  private let number: ino_t

  /// Links are followed; nil where there is nothing.
  init?(_ path: String) {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    (device, number) = (status.st_dev, status.st_ino)
  }
}

/// Folders and their paths.
enum Folder {
  /// The folder of a file; of standard input, this one.
  static func of(_ file: String) -> String {
    guard file != "-", let slash = file.lastIndex(of: "/") else { return "." }
    return slash == file.startIndex ? "/" : String(file[..<slash])
  }

  /// The path from the root, links resolved; the path itself where there is none.
  static func absolute(_ path: String) -> String {
    guard let resolved = realpath(path, nil) else { return path }
    defer { free(resolved) }
    return String(cString: resolved)
  }

  /// Where a file is or will be, links resolved, also one that leads to where there is nothing yet.
  static func target(of path: String) -> String {
    var path = path
    // As many links as the system follows (path_resolution(7)).
    for _ in 0..<40 {
      if let resolved = realpath(path, nil) {
        defer { free(resolved) }
        return String(cString: resolved)
      }
      let folder = absolute(of(path))
      path = folder + "/" + (path.split(separator: "/").last ?? "")
      var link = [CChar](repeating: 0, count: Int(PATH_MAX))
      let count = readlink(path, &link, link.count)
      guard count > 0 else { return path }
      let next = String(decoding: link[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
      path = next.hasPrefix("/") ? next : folder + "/" + next
    }
    return path
  }

  /// Whether a file is or will be in a folder or in one that it holds, or is one of the folder's files by another name.
  static func holds(_ folder: String, _ path: String) -> Bool {
    guard let own = FileIdentity(folder) else { return false }
    var place = target(of: path)
    if let file = FileIdentity(place),
      (names(in: folder) ?? []).contains(where: { FileIdentity("\(folder)/\($0)") == file })
    {
      return true
    }
    // By identity, as a folder that is mounted twice has two paths.
    while FileIdentity(place) != own {
      if place == "/" || place == "." { return false }
      place = of(place)
    }
    return true
  }

  /// The path of a folder among the system's temporary files, which is not there yet.
  static func temporary() -> String {
    let parent = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
    return "\(parent)/dxsh-\(String(UInt64.random(in: .min ... .max), radix: 36))"
  }

  /// The names in a folder, without `.` and `..`, in no order; nil where it cannot be read, and errno says why.
  static func names(in path: String) -> [String]? {
    guard let folder = opendir(path) else { return nil }
    defer { closedir(folder) }
    var names: [String] = []
    while let entry = readdir(folder) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names
  }

  /// Removes a folder of files, if it is there.
  static func remove(_ path: String) {
    for name in names(in: path) ?? [] { unlink("\(path)/\(name)") }
    rmdir(path)
  }
}
