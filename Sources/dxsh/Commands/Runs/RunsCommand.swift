import ArgumentParser

/// `dxsh runs …`
struct RunsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "runs",
    abstract: "Shows runs, settles steps of which nobody knows whether they took place, and retries runs that failed.",
    discussion: """
      EXAMPLES
        dxsh runs list
        dxsh runs show 8k2v
        dxsh runs explain 8k2v
        dxsh runs timeline 8k2v
        dxsh runs logs 8k2v --step load
        dxsh runs tail 8k2v
        dxsh runs settle 8k2v pay done
        dxsh runs retry 8k2v
      """,
    subcommands: [
      RunsListCommand.self, RunsShowCommand.self, RunsExplainCommand.self, RunsTimelineCommand.self,
      RunsLogsCommand.self, RunsTailCommand.self, RunsSettleCommand.self,
      RunsRetryCommand.self, RunsMigrateCommand.self,
    ])
}
