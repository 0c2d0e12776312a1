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
