import ArgumentParser
import DxshSyntax
import Glibc

/// `dxsh fmt [FILES|DIRS…|-]`
struct FmtCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fmt",
    abstract: "Formats workflow files in place.",
    discussion: """
      Prints the names of the files that it changed. There is one style; only the width can be chosen. Comments stay \
      where they belong. What cannot be read stays as it is, and everything around it is formatted.

      Exits 0 when all is well, 1 when a file has mistakes of syntax or --check found something to change, 2 when a \
      file cannot be read or written.

      EXAMPLES
        dxsh fmt                      every .dxsh file below this folder
        dxsh fmt a.dxsh samples       a file and a folder
        dxsh fmt - < a.dxsh           standard input to standard output
        dxsh fmt --check --diff .     what would change, for CI
        dxsh fmt --range 10:20 a.dxsh only what lies on these lines
      """)

  @ArgumentParser.Argument(help: "Files and folders; - is standard input. Default: this folder.")
  var paths: [String] = ["."]

  @Flag(help: "Change nothing: list what would change, and exit 1 if there is any.")
  var check = false

  @Flag(help: "Change nothing: print what would change as a unified diff.")
  var diff = false

  @Option(help: "How wide lines are, in columns.")
  var width = 100

  @Option(help: "Format only the items on these lines of one file, as in 10:20.")
  var range: LineRange?

  func run() throws {
    guard (20...1_000).contains(width) else { throw CallFailure("the width must be from 20 to 1000") }
    let files = try SourceLoader.files(in: paths, endings: Notation.all.map(\.ending), purpose: "format")
    if range != nil, files.count != 1 { throw CallFailure("--range takes one file") }
    if range != nil, isYAML(files[0]) { throw CallFailure("--range takes a .dxsh file, not YAML") }
    var isUnreadable = false
    var isWanting = false
    for (number, path) in files.enumerated() {
      do throws(CallFailure) {
        if try formatsWell(path, number: number) == false { isWanting = true }
      } catch {
        Output.error("dxsh: \(error.message)")
        isUnreadable = true
      }
    }
    if isUnreadable { throw ExitCode(2) }
    if isWanting { throw ExitCode(1) }
  }

  /// Formats one file; says no where it has mistakes or, with `--check`, where it would change.
  private func formatsWell(_ path: String, number: Int) throws(CallFailure) -> Bool {
    let name = path == "-" ? "<stdin>" : path
    let file = SourceFile(id: FileID(number), name: name, bytes: try SourceLoader.read(path))
    let formatted = Notation.of(path).format(file, width, range?.lines)
    let isChanged = formatted.bytes != file.bytes
    if diff {
      if isChanged { Output.raw(TextDiff.unified(file.bytes, formatted.bytes, name: name)) }
    } else if check {
      if isChanged { Output.result(name) }
    } else if path == "-" {
      Output.raw(formatted.bytes)
    } else if isChanged {
      try FileReplacement.write(formatted.bytes, to: path)
      Output.result(name)
    }
    report(formatted, file)
    return !formatted.hasErrors && !(check && isChanged)
  }

  private func report(_ formatted: Formatted, _ file: SourceFile) {
    let errors = formatted.diagnostics.filter { $0.severity == .error }
    if !errors.isEmpty { DiagnosticText.print(errors, [file]) }
    let lines = LineIndex(file)
    for range in formatted.unproven {
      Output.error(
        "dxsh: \(file.name):\(lines.position(of: Int(range.start)).line) stays as it is: formatted, it would read "
          + "differently. Please report this")
    }
  }
}

/// `A:B`, two lines of a file, both included.
struct LineRange: ExpressibleByArgument {
  let lines: ClosedRange<Int>

  init?(argument: String) {
    let parts = argument.split(separator: ":", omittingEmptySubsequences: false).map { Int($0) }
    guard parts.count == 2, let first = parts[0], let last = parts[1], first >= 1, first <= last else { return nil }
    lines = first...last
  }
}
