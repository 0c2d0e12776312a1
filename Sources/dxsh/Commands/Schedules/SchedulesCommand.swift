import ArgumentParser

/// `dxsh schedules …`
struct SchedulesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "schedules",
    abstract: "Says when cron expressions fire.",
    discussion: """
      EXAMPLES
        dxsh schedules next --cron '0 2 * * MON-FRI' --timezone Europe/Berlin
        dxsh schedules next --cron @daily --timezone UTC --count 3 --format json
      """,
    subcommands: [SchedulesNextCommand.self])
}
