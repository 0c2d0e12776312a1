import DxshRuntime
import DxshTime
import Glibc

/// The machine's clock.
struct SystemClock: RunClock {
  /// How long it may take until a sleeper notices that the clock was set, in nanoseconds.
  private static let attention: Int64 = 1_000_000_000

  func now() -> Timestamp {
    let time = Self.read(CLOCK_REALTIME)
    return Timestamp(seconds: Int64(time.tv_sec), nanoseconds: Int64(time.tv_nsec)) ?? .epoch
  }

  func reading() -> ClockReading {
    let uptime = Self.read(CLOCK_BOOTTIME)
    return ClockReading(
      time: now(), uptime: TimeSpan(seconds: Int64(uptime.tv_sec), nanoseconds: Int64(uptime.tv_nsec)) ?? .zero)
  }

  var boot: String { Self.kernelBoot }

  /// random(4), "/proc interfaces".
  private static let kernelBoot: String = {
    let descriptor = open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return "" }
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: 36)
    let count = Glibc.read(descriptor, &bytes, bytes.count)
    return String(decoding: bytes.prefix(max(count, 0)), as: UTF8.self)
  }()

  private static func read(_ clock: clockid_t) -> timespec {
    var time = timespec()
    clock_gettime(clock, &time)
    return time
  }

  func sleep(until deadline: Timestamp) async {
    let start = reading()
    while !Task.isCancelled {
      let now = reading()
      let left = deadline.since(now.time).clampedNanoseconds
      if left <= 0 || now.change(since: start) != nil { return }
      try? await Task.sleep(for: .nanoseconds(min(left, Self.attention)))
    }
  }
}
