import DxshTestServer
import DxshTestSupport
import Glibc
import Synchronization

/// What a server has seen of the requests of some processes, and when one of those was killed, in one order.
///
/// A request is there from when it was read until just before its answer is sent, or until its connection was closed.
/// So whatever is counted here is under way for the process that sent it too, and no answer that is late counts twice.
final class ServerRecord: Sendable {
  enum What: Sendable {
    case arrives
    case isAnswered
    /// Its client is gone.
    case isGivenUp
    /// A process is killed from now on.
    case kill
  }

  struct Event: Sendable {
    let what: What
    /// From 1, in the order of the arrivals; 0 where there is none.
    let request: Int
    /// By the clock of the machine, as the processes have it, in milliseconds.
    let at: Int64
  }

  private struct State {
    var events: [Event] = []
    var arrivals = 0
    /// The requests that come while something is broken, by their numbers.
    var broken = 0..<0
    var random: SeededGenerator
  }

  private let state: Mutex<State>
  init(seed: UInt64) {
    state = Mutex(State(random: SeededGenerator(seed ^ 0x5E_4E)))
  }

  /// Some requests that come soon fail: more than may be lost and than open a breaker.
  func breakSoon() {
    state.withLock { state in
      let first = state.arrivals + Int.random(in: 1...7, using: &state.random)
      state.broken = first..<(first + Int.random(in: 6...8, using: &state.random))
    }
  }

  /// Takes so many milliseconds for each as the seed says, and fails some.
  var script: HTTPServer.Script {
    { [self] _ in
      let (number, span, isBroken) = state.withLock { state in
        state.arrivals += 1
        state.events.append(Event(what: .arrives, request: state.arrivals, at: Self.now))
        let span = Int32.random(in: 0...25, using: &state.random)
        return (state.arrivals, span, state.broken.contains(state.arrivals))
      }
      let answer = isBroken ? HTTPServerAnswer.text("broken", status: 503) : .text("{}")
      return .later(milliseconds: span, answer) { [self] isAnswered in
        note(isAnswered ? .isAnswered : .isGivenUp, of: number)
      }
    }
  }

  func note(_ what: What, of request: Int = 0) {
    state.withLock { $0.events.append(Event(what: what, request: request, at: Self.now)) }
  }

  var events: [Event] { state.withLock { $0.events } }
  var arrivals: Int { state.withLock { $0.arrivals } }

  /// The most requests of living processes that were under way at once. One that was given up is of the process that
  /// was killed last before that, and counts until then.
  var mostAtOnce: Int {
    let events = events
    var (deaths, lastKill): ([Int: Int], Int?) = ([:], nil)
    for (index, event) in events.enumerated() {
      if case .kill = event.what { lastKill = index }
      if case .isGivenUp = event.what { deaths[event.request] = lastKill }
    }
    var (open, most) = (Set<Int>(), 0)
    for (index, event) in events.enumerated() {
      switch event.what {
      case .arrives: if deaths[event.request] ?? .max > index { open.insert(event.request) }
      case .isAnswered, .isGivenUp: open.remove(event.request)
      case .kill: open = open.filter { deaths[$0] != index }
      }
      most = max(most, open.count)
    }
    return most
  }

  /// The requests that were given up before anything was killed.
  var givenUpEarly: [Int] {
    events.prefix { $0.what != .kill }.filter { $0.what == .isGivenUp }.map(\.request)
  }

  private static var now: Int64 {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
  }
}
