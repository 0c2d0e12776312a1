/// Where the lines of a file begin: turns byte offsets into lines and columns.
///
/// Lines and columns count from 1; a column counts Unicode scalars, as editors do.
package struct LineIndex: Sendable {
  private let starts: [Int]
  private let bytes: [UInt8]

  package init(_ file: SourceFile) {
    var starts = [0]
    for (offset, byte) in file.bytes.enumerated() where byte == UInt8(ascii: "\n") {
      starts.append(offset + 1)
    }
    self.starts = starts
    self.bytes = file.bytes
  }

  /// The line (from 1) and column (from 1, in Unicode scalars) of a byte offset; offsets past the end
  /// are clamped to it.
  package func position(of offset: Int) -> (line: Int, column: Int) {
    let offset = min(max(offset, 0), bytes.count)
    var low = 0
    var high = starts.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if starts[middle] <= offset { low = middle } else { high = middle }
    }
    let scalars = bytes[starts[low]..<offset].reduce(0) { $0 + ($1 & 0xC0 == 0x80 ? 0 : 1) }
    return (low + 1, scalars + 1)
  }

  /// The text of a line (from 1) without its line ending; empty when there is no such line.
  package func text(ofLine line: Int) -> String {
    guard line >= 1, line <= starts.count else { return "" }
    let start = starts[line - 1]
    var end = line < starts.count ? starts[line] - 1 : bytes.count
    if end > start, bytes[end - 1] == UInt8(ascii: "\r") { end -= 1 }
    return String(decoding: bytes[start..<max(start, end)], as: UTF8.self)
  }
}
