import DxshTime

/// The next time at which a cron expression fires, from one to the next.
extension Bench {
  static func cron() {
    let zones = ["UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe"].compactMap { try? TimeZone($0) }
    let often = ["* * * * *", "*/5 9-17 * * MON-FRI", "0 2 * * *", "15,45 */3 * * *", "0 0 1 * *", "30 2 L * *"]
    fires("cron", often, zones, 2_000)
    // Once in 28 or 40 years: on a Sunday, and as the fifth Monday of a month.
    fires("cron, 29 February on one weekday", ["0 0 29 2 */7", "0 0 * 2 1#5"], zones, 50)
  }

  private static func fires(_ name: String, _ texts: [String], _ zones: [TimeZone], _ count: Int) {
    let expressions = texts.compactMap { try? CronExpression($0) }
    var fires = 0
    let time = Clock.best(of: 5) {
      fires = 0
      for expression in expressions {
        for zone in zones {
          var last = Timestamp(seconds: 1_767_225_600, nanoseconds: 0) ?? .epoch
          for _ in 0..<count {
            guard let next = expression.nextFire(after: last, in: zone) else { break }
            last = next
            fires += 1
          }
        }
      }
    }
    print("\(name): \((time / Double(max(fires, 1))).microseconds) per fire time of \(fires) (goal 10)")
  }
}
