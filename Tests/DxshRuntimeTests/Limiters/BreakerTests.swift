import DxshRuntime
import DxshTestSupport
import DxshTime
import Testing

struct BreakerTests {
  private static let start = Timestamp(seconds: 1_767_225_600, nanoseconds: 0) ?? .epoch
  private static let settings = settings()

  private static func span(_ seconds: Int64) -> TimeSpan { TimeSpan(nanoseconds: seconds * 1_000_000_000) }
  private static func after(_ seconds: Int64) -> Timestamp { start.adding(span(seconds)) ?? start }
  private static func settings(_ failures: Int = 3, probes: Int = 1) -> Breaker.Settings {
    Breaker.Settings(failures: failures, window: span(60), open: span(30), probes: probes)
  }

  private static func open() -> Breaker {
    var breaker = Breaker()
    for second in [0, 1, 2] as [Int64] { breaker.note(.fails, isProbe: false, settings, at: after(second)) }
    return breaker
  }

  @Test func failuresInARowOpenIt() {
    var breaker = Breaker()
    for (second, finding) in [Breaker.Finding.fails, .fails, .nothing, .works, .fails, .fails].enumerated() {
      breaker.note(finding, isProbe: false, Self.settings, at: Self.after(Int64(second)))
    }
    #expect(breaker.ask(probes: 0, Self.settings, at: Self.after(6)) == .passes)
    breaker.note(.fails, isProbe: false, Self.settings, at: Self.after(6))
    #expect(breaker.ask(probes: 0, Self.settings, at: Self.after(6)) == .refuses(until: Self.after(36)))
    #expect(breaker.ask(probes: 0, Self.settings, at: Self.after(35)) == .refuses(until: Self.after(36)))
    #expect(breaker.ask(probes: 0, Self.settings, at: Self.after(36)) == .probes)
  }

  /// Only those of the window count, wherever the row of failures began.
  @Test func oldFailuresAreForgotten() {
    var breaker = Breaker()
    for second in [0, 50, 61, 115] as [Int64] {
      breaker.note(.fails, isProbe: false, Self.settings, at: Self.after(second))
      #expect(breaker.phase == .closed)
    }
    breaker.note(.fails, isProbe: false, Self.settings, at: Self.after(116))
    #expect(breaker.phase == .open)
  }

  @Test func asManyProbesAsItSaysShowWhetherItWorks() {
    var breaker = Self.open()
    let settings = Self.settings(probes: 2)
    #expect(breaker.ask(probes: 0, settings, at: Self.after(40)) == .probes)
    #expect(breaker.ask(probes: 1, settings, at: Self.after(40)) == .probes)
    #expect(breaker.ask(probes: 2, settings, at: Self.after(40)) == .refuses(until: nil))
    // What was under way before says nothing of now.
    breaker.note(.works, isProbe: false, settings, at: Self.after(41))
    #expect(breaker.phase == .halfOpen)
    breaker.note(.nothing, isProbe: true, settings, at: Self.after(42))
    #expect(breaker.phase == .halfOpen)
    breaker.note(.works, isProbe: true, settings, at: Self.after(43))
    #expect(breaker.isNew)
  }

  @Test func itIsOpenForLongerEachTime() {
    var breaker = Self.open()
    var spans: [Int64] = []
    var now = Self.after(2)
    for _ in 0..<6 {
      let until = breaker.until ?? now
      spans.append(until.since(now).seconds)
      now = until
      #expect(breaker.ask(probes: 0, Self.settings, at: now) == .probes)
      breaker.note(.fails, isProbe: true, Self.settings, at: now)
    }
    #expect(spans == [30, 60, 120, 240, 300, 300])
    now = breaker.until ?? now
    #expect(breaker.ask(probes: 0, Self.settings, at: now) == .probes)
    breaker.note(.works, isProbe: true, Self.settings, at: now)
    for _ in 0..<3 { breaker.note(.fails, isProbe: false, Self.settings, at: now) }
    #expect(breaker.until?.since(now).seconds == 30)
  }

  @Test func aPersonDecides() {
    var breaker = Breaker()
    breaker.force(.open)
    #expect(breaker.ask(probes: 0, Self.settings, at: Self.after(1_000_000)) == .refuses(until: nil))
    breaker.force(.close)
    #expect(breaker.ask(probes: 0, Self.settings, at: Self.after(1_000_000)) == .passes)
  }

  /// Whatever is asked and found, in whatever order.
  @Test(arguments: 0..<200)
  func nothingGoesThroughWhileItIsOpen(_ seed: UInt64) {
    var random = SeededGenerator(seed)
    let settings = Self.settings(Int.random(in: 1...4, using: &random), probes: Int.random(in: 1...3, using: &random))
    var breaker = Breaker()
    var now: Int64 = 0
    var probes = 0
    for _ in 0..<300 {
      now += Int64.random(in: 0...20, using: &random)
      let before = breaker
      switch breaker.ask(probes: probes, settings, at: Self.after(now)) {
      case .passes:
        #expect(before.phase == .closed && before.failures.count < settings.failures)
        let finding = [Breaker.Finding.works, .fails, .fails, .nothing].randomElement(using: &random) ?? .works
        breaker.note(finding, isProbe: false, settings, at: Self.after(now))
      case .probes:
        #expect(before.phase != .closed && before.until ?? .epoch <= Self.after(now))
        probes += 1
        #expect(probes <= settings.probes)
      case .refuses(let until): #expect(before.phase == .open && until ?? .epoch > Self.after(now) || probes > 0)
      }
      guard probes > 0, Bool.random(using: &random) else { continue }
      probes -= 1
      let works = Bool.random(using: &random)
      let wasHalfOpen = breaker.phase == .halfOpen
      breaker.note(works ? .works : .fails, isProbe: true, settings, at: Self.after(now))
      if wasHalfOpen { #expect(breaker.phase == (works ? .closed : .open)) }
    }
  }
}
