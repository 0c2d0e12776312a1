/// A small TZif file for tests: RFC 9636, section 3.
struct TZifFile {
  var version: UInt8 = 0x32
  /// Seconds east of UTC of each local time type.
  var offsets: [Int32] = [0]
  /// When a type begins, in seconds since the epoch, and its place in `offsets`.
  var changes: [(time: Int64, type: UInt8)] = []
  var leapSeconds = 0
  var footer = ""

  var bytes: [UInt8] {
    // The 32-bit block of a slim file holds one type and no change.
    let old = header(changes: 0, types: 1, leapSeconds: 0) + [0, 0, 0, 0, 0, 0] + [0x55, 0x54, 0x43, 0]
    var new = header(changes: changes.count, types: offsets.count, leapSeconds: leapSeconds)
    for change in changes { new += bigEndian(change.time) }
    new += changes.map(\.type)
    for offset in offsets { new += bigEndian(offset) + [0, 0] }
    new += [0x55, 0x54, 0x43, 0] + [UInt8](repeating: 0, count: leapSeconds * 12)
    return old + new + [0x0A] + footer.utf8 + [0x0A]
  }

  private func header(changes: Int, types: Int, leapSeconds: Int) -> [UInt8] {
    var bytes = Array("TZif".utf8) + [version] + [UInt8](repeating: 0, count: 15)
    for count in [0, 0, leapSeconds, changes, types, 4] { bytes += bigEndian(UInt32(count)) }
    return bytes
  }

  private func bigEndian<Number: FixedWidthInteger>(_ number: Number) -> [UInt8] {
    withUnsafeBytes(of: number.bigEndian) { Array($0) }
  }
}
