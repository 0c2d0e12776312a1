import DxshRuntime
import DxshSimulation
import DxshTime
import Synchronization

/// A process whose tasks run in an order that dice decide, on a clock that goes on when none of them has anything left
/// to do: what happens when does not depend on the machine.
enum VirtualProcess {
  /// Nil if the process died, or has not ended by then.
  static func run<Ended: Sendable>(
    _ number: Int, on clock: VirtualClock, until end: Timestamp, _ dice: inout Dice,
    _ body: @escaping @Sendable (any RunClock) async throws -> Ended
  ) -> Ended? {
    let (executor, box) = (SeededExecutor(), Box<Ended>())
    executor.within {
      Task {
        do {
          box.put(.success(try await body(ProcessClock(clock: clock, process: number))))
        } catch {
          box.put(.failure(error))
        }
      }
    }
    while true {
      while executor.runOne(&dice) {}
      if box.result != nil { break }
      guard let next = clock.nextDeadline, next < end else { return nil }
      clock.advance(to: next)
    }
    // What its tasks still do reaches nobody.
    clock.end(number)
    while executor.runOne(&dice) {}
    return try? box.result?.get()
  }

  /// What is read from a store, where no time matters.
  static func read<Read: Sendable>(_ body: @escaping @Sendable () async throws -> Read) -> Read? {
    var dice = Dice(0)
    return run(0, on: VirtualClock(.epoch), until: .epoch, &dice) { _ in try await body() }
  }
}

/// Holds what a task comes to.
private final class Box<Value: Sendable>: Sendable {
  private let state = Mutex<Result<Value, any Error>?>(nil)

  var result: Result<Value, any Error>? { state.withLock { $0 } }
  func put(_ result: Result<Value, any Error>) { state.withLock { $0 = result } }
}
