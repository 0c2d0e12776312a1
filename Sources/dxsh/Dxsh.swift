import ArgumentParser
import Glibc

/// The command line. Each subcommand is a file in `Commands/`.
@main
struct Dxsh: AsyncParsableCommand {
  static let version = "0.1.0"

  static let configuration = CommandConfiguration(
    commandName: "dxsh",
    abstract: "Checks and runs workflows written in dxsh.",
    discussion: """
      EXIT CODES
        0    it succeeded, or there is nothing to report
        1    the run failed, `check` found errors, `fmt --check` something to change, or no output could be written
        2    the call is wrong: an option, a parameter, an unreadable file
        3    the run was rejected by an approval
        4    the run is not over: it waits, needs a person, is under way elsewhere, or its store failed
        130  the run was cancelled

      EXAMPLES
        dxsh check samples
        dxsh fmt samples
        dxsh exec samples/orders/orders.dxsh -p input=orders.csv
        dxsh runs list --state samples/orders/.dxsh
        dxsh plan samples/orders/orders.dxsh --explain
        dxsh explain E0202
      """,
    version: version,
    subcommands: [
      CheckCommand.self, FmtCommand.self, ConvertCommand.self, ExecCommand.self, ResumeCommand.self, ServeCommand.self,
      SignalCommand.self, PauseCommand.self, CancelCommand.self, RunsCommand.self, BreakersCommand.self,
      StoreCommand.self, PlanCommand.self,
      SchedulesCommand.self, EvalCommand.self,
      ExplainCommand.self, VersionCommand.self,
    ])

  static func main() async {
    StandardDescriptors.fill()
    // A file that may not grow is an error of the write, not the end of the process.
    signal(SIGXFSZ, SIG_IGN)
    do {
      var command = try parseAsRoot()
      if var asynchronous = command as? any AsyncParsableCommand {
        try await asynchronous.run()
      } else {
        try command.run()
      }
    } catch let failure as CallFailure {
      Output.error("dxsh: \(failure.message)")
      Output.exit(failure.code)
    } catch {
      let (text, code) = (fullMessage(for: error), exitCode(for: error))
      // What was asked for, as by `--help`, is a result.
      if code.isSuccess { Output.result(text) } else if !text.isEmpty { Output.error(text) }
      // The parser's own mistakes are wrong calls: 2, as documented, not 64.
      Output.exit(code == .validationFailure ? ExitCode(2) : code)
    }
    Output.exit(.success)
  }
}

/// A call that cannot be carried out: one sentence and an exit code.
struct CallFailure: Error {
  let message: String
  let code: ExitCode

  init(_ message: String, code: Int32 = 2) {
    self.message = message
    self.code = ExitCode(code)
  }
}
