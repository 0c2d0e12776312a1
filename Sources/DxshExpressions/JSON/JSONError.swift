/// Why bytes are not JSON, and where.
package struct JSONError: Error, Hashable, Sendable {
  /// One sentence, without the place and without a full stop.
  package let message: String
  /// From 1.
  package let line: Int
  /// In code points, from 1.
  package let column: Int
  /// In bytes, from 0.
  package let offset: Int

  init(_ message: String, at offset: Int, in bytes: UnsafeBufferPointer<UInt8>) {
    let before = bytes.prefix(offset)
    let lineStart = before.lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
    self.message = message
    self.line = before.reduce(1) { $0 + ($1 == 0x0A ? 1 : 0) }
    self.column = before[lineStart...].reduce(1) { $0 + ($1 & 0xC0 == 0x80 ? 0 : 1) }
    self.offset = offset
  }
}

extension JSONError: CustomStringConvertible {
  package var description: String { "line \(line), column \(column): \(message)" }
}
