import DxshRuntime
import Glibc

/// Lines of a stream, of which none may be longer than a limit; only that much is read of one that is.
package struct LineReader {
  private let descriptor: Int32
  private let limit: Int
  private var buffer: [UInt8] = []
  private var position = 0
  private var isAtEnd = false
  /// The number of the line that was read last, from 1.
  private(set) var line = 0

  /// - descriptor: open for reading as long as this is used
  /// - limit: in bytes, without the line feed
  package init(_ descriptor: Int32, limit: Int) {
    self.descriptor = descriptor
    self.limit = limit
  }

  /// The next line, without its line feed; nil when there is none. A last line need not have one.
  mutating func next() throws(RunStoreError) -> [UInt8]? {
    line += 1
    // What lies before was looked at.
    var searched = position
    while true {
      if let end = buffer[searched...].firstIndex(of: 0x0A) {
        defer { position = end + 1 }
        return Array(buffer[position..<end])
      }
      guard buffer.count - position <= limit else {
        throw RunStoreError(.damaged, "it is longer than \(limit >> 20) MiB, as no line is")
      }
      if isAtEnd {
        defer { position = buffer.count }
        return position < buffer.count ? Array(buffer[position...]) : nil
      }
      buffer.removeFirst(position)
      position = 0
      searched = buffer.count
      try fill()
    }
  }

  private mutating func fill() throws(RunStoreError) {
    var part = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = read(descriptor, &part, part.count)
      if count > 0 {
        buffer += part[..<count]
      } else if count == 0 {
        isAtEnd = true
      } else if errno == EINTR {
        continue
      } else {
        throw RunStoreError(.unavailable, "it cannot be read: \(String(cString: strerror(errno)))")
      }
      return
    }
  }
}
