/// The unit of a duration or size literal.
enum Unit: Sendable {
  /// In milliseconds.
  case duration(Int64)
  /// In bytes.
  case size(Int64)

  init?(_ text: some Sequence<UInt8>) {
    var key: UInt32 = 0
    for byte in text { key = key << 8 | UInt32(byte) }
    switch key {
    case 0x6D73: self = .duration(1)  // ms
    case 0x73: self = .duration(1000)  // s
    case 0x6D: self = .duration(60_000)  // m
    case 0x68: self = .duration(3_600_000)  // h
    case 0x64: self = .duration(86_400_000)  // d
    case 0x77: self = .duration(604_800_000)  // w
    case 0x42: self = .size(1)  // B
    case 0x4B42: self = .size(1000)  // KB
    case 0x4D42: self = .size(1_000_000)  // MB
    case 0x4742: self = .size(1_000_000_000)  // GB
    case 0x5442: self = .size(1_000_000_000_000)  // TB
    case 0x4B_6942: self = .size(1 << 10)  // KiB
    case 0x4D_6942: self = .size(1 << 20)  // MiB
    case 0x47_6942: self = .size(1 << 30)  // GiB
    case 0x54_6942: self = .size(1 << 40)  // TiB
    default: return nil
    }
  }

  /// The unit that somebody who writes `min`, `hours` or `mb` means.
  static func intended(by text: String) -> String? {
    switch text.lowercased() {
    case "msec", "msecs", "millis", "millisecond", "milliseconds": "ms"
    case "sec", "secs", "second", "seconds": "s"
    case "min", "mins", "minute", "minutes": "m"
    case "hr", "hrs", "hour", "hours": "h"
    case "day", "days": "d"
    case "week", "weeks", "wk": "w"
    case "b", "byte", "bytes": "B"
    case "kb": "KB"
    case "mb": "MB"
    case "gb": "GB"
    case "tb": "TB"
    case "kib", "ki": "KiB"
    case "mib", "mi": "MiB"
    case "gib", "gi": "GiB"
    case "tib", "ti": "TiB"
    default: nil
    }
  }
}
