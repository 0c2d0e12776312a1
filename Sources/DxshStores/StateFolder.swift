import DxshRuntime
import Glibc

/// The folder that a store lives in.
enum StateFolder {
  /// Makes the folder and those around it, readable by its owner alone, with a `.gitignore` that keeps it out of
  /// repositories.
  static func make(_ path: String) throws(RunStoreError) {
    var made = path.hasPrefix("/") ? "" : "."
    for part in path.split(separator: "/") {
      made += "/\(part)"
      if mkdir(made, 0o700) == 0 {
        if made.count >= path.count { ignore(made) }
        continue
      }
      var reason = errno
      var status = stat()
      let exists = stat(made, &status) == 0
      if exists { reason = ENOTDIR }
      guard exists, status.st_mode & S_IFMT == S_IFDIR else {
        throw RunStoreError(
          .unavailable,
          "the state folder \(path) cannot be made (\(String(cString: strerror(reason)))); name another with --state")
      }
    }
  }

  private static func ignore(_ folder: String) {
    let descriptor = open(folder + "/.gitignore", O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { return }
    _ = write(descriptor, "*\n", 2)
    close(descriptor)
  }
}
