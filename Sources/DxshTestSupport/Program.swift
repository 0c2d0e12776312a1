import Glibc

/// Runs the built program as a user would, and waits for its end.
package struct Program {
  package struct Result: Sendable {
    package let exitCode: Int32
    package let output: String
    package let errors: String
  }

  /// Where the build put `dxsh`.
  package static let path = folder + "/dxsh"

  /// Where the build put its programs: beside the running tests.
  package static let folder: String = {
    var buffer = [CChar](repeating: 0, count: 4096)
    let count = readlink("/proc/self/exe", &buffer, buffer.count - 1)
    let own = String(decoding: buffer.prefix(max(count, 0)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    let beside = own.split(separator: "/").dropLast().map { "/" + $0 }.joined()
    return access(beside + "/dxsh", X_OK) == 0 ? beside : Repository.root + "/.build/debug"
  }()

  /// Runs a shell command in which `dxsh` is the built program; its streams go through files, so none can block.
  /// - directory: where it runs; default the repository's root
  package static func shell(_ command: String, in directory: String = Repository.root) -> Result {
    let folder = temporaryFolder()
    let script = """
      cd '\(directory)' || exit 97
      dxsh() { '\(path)' "$@"; }
      ( \(command)
      ) >'\(folder)/out' 2>'\(folder)/err' </dev/null
      """
    Repository.write(script, to: folder + "/script")
    let status = system("NO_COLOR=1 bash '\(folder)/script'")
    let output = Repository.read(folder + "/out") ?? ""
    let errors = Repository.read(folder + "/err") ?? ""
    _ = system("rm -rf '\(folder)'")
    return Result(exitCode: (status >> 8) & 0xFF, output: output, errors: errors)
  }

  /// A new empty folder; the caller removes it.
  package static func temporaryFolder() -> String {
    var template = Array("/tmp/dxsh-test-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else {
      preconditionFailure("no temporary folder: \(String(cString: strerror(errno)))")
    }
    return String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
