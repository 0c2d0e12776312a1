/// Sizes as text, in the units of the language: `KB` is 1000 bytes, `KiB` 1024.
package enum SizeText {
  /// Largest first; a binary unit before the decimal one of its rank.
  private static let units: [(name: String, bytes: Int64)] = [
    ("TiB", 1 << 40), ("TB", 1_000_000_000_000),
    ("GiB", 1 << 30), ("GB", 1_000_000_000),
    ("MiB", 1 << 20), ("MB", 1_000_000),
    ("KiB", 1 << 10), ("KB", 1000),
    ("B", 1),
  ]

  /// The exact size in the largest unit that it is a whole number of: `64MiB`, `2GB`, `1500B`.
  package static func format(_ bytes: Int64) -> String {
    guard bytes != 0 else { return "0B" }
    let unit = units.first { bytes % $0.bytes == 0 } ?? ("B", 1)
    return "\(bytes / unit.bytes)\(unit.name)"
  }

  /// About the size, with three digits at most, for people: `349MiB`, `1.5GiB`.
  package static func rounded(_ bytes: Int64) -> String {
    let unit = units.first { $0.name.hasSuffix("iB") && bytes.magnitude >= UInt64($0.bytes) } ?? ("B", 1)
    let count = Double(bytes) / Double(unit.bytes)
    let scale = count.magnitude >= 100 ? 1.0 : count.magnitude >= 10 ? 10 : 100
    let shown = (count * scale).rounded() / scale
    return (shown == shown.rounded() ? "\(Int64(shown))" : "\(shown)") + unit.name
  }

  /// A whole number and its unit, as the language writes a size: `64MiB`, `-1B`. Nil for anything else and beyond
  /// Int64.
  package static func parse(_ text: String) -> Int64? {
    let bytes = text.utf8
    let negative = bytes.first == 0x2D
    let digits = bytes.dropFirst(negative ? 1 : 0).prefix { $0 &- 0x30 < 10 }
    guard !digits.isEmpty, let number = Int64((negative ? "-" : "") + String(decoding: digits, as: UTF8.self)),
      let unit = units.first(where: { bytes[digits.endIndex...].elementsEqual($0.name.utf8) })
    else { return nil }
    let (product, overflow) = number.multipliedReportingOverflow(by: unit.bytes)
    return overflow ? nil : product
  }
}
