import DxshTestSupport
import Testing

/// A session at a terminal as documents show it: `$ command` lines, each followed by what it prints, errors last.
enum ConsoleSession {
  /// Runs its commands in a folder and compares what they print; empty lines do not count.
  static func expect(_ session: String, in folder: String) {
    for part in ("\n" + session).components(between: "\n$ ").dropFirst() {
      let lines = part.split(separator: "\n", omittingEmptySubsequences: false)
      let result = Program.shell(String(lines[0]), in: folder)
      let printed = (result.output + result.errors).split(separator: "\n").joined(separator: "\n")
      let shown = lines.dropFirst().filter { !$0.isEmpty }.joined(separator: "\n")
      #expect(printed == shown, "\(lines[0])")
    }
  }
}
