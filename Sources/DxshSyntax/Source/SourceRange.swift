/// A half-open range of byte offsets in one source file.
package struct SourceRange: Hashable, Sendable {
  package var file: FileID
  package var start: UInt32
  package var end: UInt32

  package init(file: FileID, start: UInt32, end: UInt32) {
    self.file = file
    self.start = start
    self.end = end
  }

  package var isEmpty: Bool { start >= end }

  /// The smallest range that covers both; the receiver's file wins.
  package func joined(with other: SourceRange) -> SourceRange {
    SourceRange(file: file, start: Swift.min(start, other.start), end: Swift.max(end, other.end))
  }

  package func contains(_ other: SourceRange) -> Bool {
    file == other.file && start <= other.start && other.end <= end
  }

  /// The empty range at the first byte.
  package var atStart: SourceRange { SourceRange(file: file, start: start, end: start) }
  /// The empty range after the last byte.
  package var atEnd: SourceRange { SourceRange(file: file, start: end, end: end) }
}
