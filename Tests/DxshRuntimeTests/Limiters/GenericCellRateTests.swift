import DxshRuntime
import DxshTestSupport
import DxshTime
import Testing

struct GenericCellRateTests {
  private static let start = Timestamp(seconds: 1_767_225_600, nanoseconds: 0) ?? .epoch

  private static func after(_ milliseconds: Int64) -> Timestamp {
    start.adding(TimeSpan(nanoseconds: milliseconds * 1_000_000)) ?? start
  }

  private static func rate(_ count: Int, _ milliseconds: Int64, burst: Int = 1) -> GenericCellRate {
    GenericCellRate(count: count, period: TimeSpan(nanoseconds: milliseconds * 1_000_000), burst: burst)
  }

  @Test func timesAreAnIntervalApart() {
    var past = GenericCellRate.Past()
    let rate = Self.rate(4, 1000)
    let times = (0..<5).map { _ in rate.promise(&past, at: Self.start) }
    #expect(times == [0, 250, 500, 750, 1000].map(Self.after))
    #expect(rate.promise(&past, at: Self.after(9000)) == Self.after(9000))
  }

  @Test func aBurstMayBeginAtOnce() {
    var past = GenericCellRate.Past()
    let rate = Self.rate(2, 1000, burst: 3)
    let times = (0..<5).map { _ in rate.promise(&past, at: Self.start) }
    #expect(times == [0, 0, 0, 500, 1000].map(Self.after))
  }

  /// A count that does not divide the period never lets one more into it.
  @Test func intervalsAreRoundedUp() {
    for count in 1...100 {
      let interval = Self.rate(count, 1000).interval
      #expect(interval.multiplied(by: Int64(count)) ?? .zero >= TimeSpan(nanoseconds: 1_000_000_000))
    }
  }

  /// However late each of those that were promised a time comes.
  @Test(arguments: 0..<200)
  func whatBeginsIsNeverTooClose(_ seed: UInt64) {
    var random = SeededGenerator(seed)
    let rate = Self.rate(
      Int.random(in: 1...9, using: &random), Int64.random(in: 10...5000, using: &random),
      burst: Int.random(in: 1...4, using: &random))
    var past = GenericCellRate.Past()
    var waiting: [Timestamp] = []
    var begun: [Timestamp] = []
    var now: Int64 = 0
    while begun.count < 60 {
      now += Int64.random(in: 0...400, using: &random)
      let time = Self.after(now)
      if begun.count + waiting.count < 60, Bool.random(using: &random) {
        waiting.append(rate.promise(&past, at: time))
      }
      // Some stand still for a while, and then all whose time has come are there at once.
      if Int.random(in: 0..<5, using: &random) == 0 { continue }
      var later: [Timestamp] = []
      for promised in waiting {
        if promised > time {
          later.append(promised)
        } else if let next = rate.begin(&past, at: time) {
          #expect(next > time)
          later.append(next)
        } else {
          begun.append(time)
        }
      }
      waiting = later
    }
    #expect(begun == begun.sorted())
    for number in rate.burst..<begun.count {
      #expect(begun[number].since(begun[number - rate.burst]) >= rate.interval, "\(seed)")
    }
  }
}
