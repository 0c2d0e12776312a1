import DxshRuntime
import DxshTime
import Glibc

/// The machine's clock.
struct SystemClock: RunClock {
  func now() -> Timestamp {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Timestamp(seconds: Int64(time.tv_sec), nanoseconds: Int64(time.tv_nsec)) ?? .epoch
  }

  func sleep(until deadline: Timestamp) async {
    let span = deadline.since(now())
    guard !span.isNegative else { return }
    try? await Task.sleep(for: .seconds(span.seconds) + .nanoseconds(Int64(span.nanoseconds)))
  }
}
