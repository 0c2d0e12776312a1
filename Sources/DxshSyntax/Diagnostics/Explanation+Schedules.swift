extension DiagnosticCode {
  /// Of schedules.
  var scheduleExplanation: Explanation {
    switch self {
    case .cronSyntax:
      Self.schedule(
        "the cron expression is malformed",
        why:
          "It has five fields: minute, hour, day of month, month and day of week. docs/cron.md says what each takes.",
        wrong: "cron: \"0 25 * * *\"", right: "cron: \"0 5 * * *\"")
    case .cronNeverFires:
      Self.schedule(
        "the schedule never fires",
        why: "There is no such day in any year, so the workflow would never be started, and nobody would notice.",
        wrong: "cron: \"0 5 30 2 *\"", right: "cron: \"0 5 L 2 *\"")
    case .badTimeZone:
      Self.schedule(
        "the time zone is missing or unknown",
        why:
          "A time of day means nothing without a place. There is no default, so that the file means the same anywhere.",
        wrong: "cron: \"0 5 * * *\"", right: "cron: \"0 5 * * *\"", zones: (nil, "Europe/Berlin"))
    case .fireInGap:
      Self.schedule(
        "the schedule names a time that clocks skip",
        why:
          "When clocks are put forward there is no such time. The schedule would fire at the first instant after the"
          + " gap. Say that this is right with `gap: shift`, leave it out with `gap: skip`, or choose another time.",
        wrong: "cron: \"30 2 * * *\"", right: "cron: \"30 2 * * *\"\n    gap: skip",
        zones: ("America/New_York", "America/New_York"))
    case .fireInOverlap:
      Self.schedule(
        "the schedule names a time that comes twice",
        why:
          "When clocks are put back they show it twice. The schedule would fire the first time alone. Say what is right"
          + " with `twice: first`, `twice: second` or `twice: both`, or choose another time.",
        wrong: "cron: \"30 1 * * *\"", right: "cron: \"30 1 * * *\"\n    twice: both",
        zones: ("America/New_York", "America/New_York"))
    case .launchInputMissing:
      Explanation(
        "a schedule or a trigger does not give what the workflow needs",
        why: "Nobody is there to be asked when it starts, so each parameter without a default stands in `params`.",
        wrong: Self.dated(""), right: Self.dated("\n    params: { day: string(fire.nominal) }"))
    case .emptyWindow:
      Self.schedule(
        "the schedule ends before it starts",
        why: "It fires from `start` to `end`, and there is no time between.",
        wrong:
          "every: 1h\n    start: timestamp(\"2026-02-01T00:00:00Z\")\n    end: timestamp(\"2026-01-01T00:00:00Z\")",
        right:
          "every: 1h\n    start: timestamp(\"2026-01-01T00:00:00Z\")\n    end: timestamp(\"2026-02-01T00:00:00Z\")",
        zones: (nil, nil))
    case .selfOverlap:
      Explanation(
        "a run may still go on when the next is to start",
        why:
          "Timeouts, attempts and repetitions together allow a run more time than lies between two starts. "
          + "What happens then is said by `overlap`, which is `skip` where nothing is written.",
        wrong: Self.overlapping(""), right: Self.overlapping("\n    overlap: skip"))
    case .unevenStep:
      Self.schedule(
        "a step does not divide its field",
        why:
          "Steps begin anew with each hour or day: `*/40` is minute 0 and 40 of each hour, 40 and 20 minutes apart.",
        wrong: "cron: \"*/40 * * * *\"", right: "cron: \"*/20 * * * *\"")
    case .dayAndWeekday:
      Self.schedule(
        "day of month and day of week are both restricted",
        why: "Cron takes a day that matches either, which few expect. Write `days: any` or `days: all`.",
        wrong: "cron: \"0 5 13 * FRI\"", right: "cron: \"0 5 13 * FRI\"\n    days: all")
    default: preconditionFailure("\(rawValue) is explained elsewhere")
    }
  }

  private static func dated(_ fields: String) -> String {
    "workflow w(day: string) {\n  schedule s {\n    every: 1d\(fields)\n  }\n  step told = log.info(message: day)\n}"
  }

  private static func overlapping(_ fields: String) -> String {
    "workflow w() {\n  schedule s {\n    every: 15m\(fields)\n  }\n"
      + "  step x = shell.run(command: [\"report\"]) with timeout(20m)\n}"
  }

  /// - zones: of the two; nil for none
  private static func schedule(
    _ title: String, why: String, wrong: String, right: String,
    zones: (wrong: String?, right: String?) = ("Europe/Berlin", "Europe/Berlin")
  ) -> Explanation {
    func file(_ fields: String, _ zone: String?) -> String {
      let zone = zone.map { "\n    timezone: \"\($0)\"" } ?? ""
      return "workflow w() {\n  schedule s {\n    \(fields)\(zone)\n  }\n}"
    }
    return Explanation(title, why: why, wrong: file(wrong, zones.wrong), right: file(right, zones.right))
  }
}
