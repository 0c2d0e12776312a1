import Glibc

/// What came to an `HTTPServer`.
package struct HTTPServerRequest: Sendable {
  /// Of the connection, from 1.
  package var connection: Int
  package var method: String
  /// What stands between the method and the version.
  package var target: String
  /// In the order of the request.
  package var fields: [(name: String, value: String)]
  package var body: [UInt8]

  package var text: String { String(decoding: body, as: UTF8.self) }

  /// The value of a header; nil when it is not there.
  package subscript(name: String) -> String? {
    fields.first { $0.name.lowercased() == name.lowercased() }?.value
  }
}

/// What an `HTTPServer` does with a request.
package enum HTTPServerAnswer: Sendable {
  /// A whole answer; the connection is kept.
  case response(Int = 200, [String: String] = [:], [UInt8] = [])
  /// The same, its body in these chunks.
  case chunked([String: String] = [:], [[UInt8]])
  /// These bytes as they are, and the end of the connection.
  case raw([UInt8])
  /// The first bytes, and then the others over and over until the client has had enough.
  case endless([UInt8], [UInt8])
  /// A reset in place of an answer.
  case reset
  /// No answer until the client gives up.
  case silence
  /// The answer after so many milliseconds, unless the client closes before. What comes of it is told before the answer
  /// is sent.
  indirect case later(milliseconds: Int32, HTTPServerAnswer, ending: @Sendable (_ isAnswered: Bool) -> Void)

  package static func text(_ text: String, status: Int = 200, _ fields: [String: String] = [:]) -> HTTPServerAnswer {
    .response(status, fields, Array(text.utf8))
  }

  package static func raw(_ text: String) -> HTTPServerAnswer { .raw(Array(text.utf8)) }

  package static func endless(_ first: String, _ repeated: String) -> HTTPServerAnswer {
    .endless(Array(first.utf8), Array(repeated.utf8))
  }

  package static func redirect(_ status: Int, to location: String) -> HTTPServerAnswer {
    .response(status, ["Location": location])
  }
}

/// One connection of an `HTTPServer`, with blocking reads and writes.
struct HTTPServerConnection {
  private let descriptor: Int32
  private let number: Int
  /// What has been read and not yet taken.
  private var pending: [UInt8] = []

  init(_ descriptor: Int32, number: Int) {
    self.descriptor = descriptor
    self.number = number
    var on: Int32 = 1
    setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
  }

  /// The next request; nil when the client has closed or sends something else.
  mutating func readRequest() -> HTTPServerRequest? {
    guard let line = readLine() else { return nil }
    let words = line.split(separator: " ")
    guard words.count == 3 else { return nil }
    var request = HTTPServerRequest(
      connection: number, method: String(words[0]), target: String(words[1]), fields: [], body: [])
    while let line = readLine(), !line.isEmpty {
      guard let colon = line.firstIndex(of: ":") else { return nil }
      let value = line[line.index(after: colon)...].drop { $0 == " " }
      request.fields.append((String(line[..<colon]), String(value)))
    }
    if let length = request["content-length"].flatMap(Int.init) {
      while pending.count < length {
        guard fill() else { return nil }
      }
      request.body = Array(pending[..<length])
      pending.removeFirst(length)
    }
    return request
  }

  private mutating func readLine() -> String? {
    while true {
      if let end = pending.firstIndex(of: 0x0A) {
        let line = pending[..<end].filter { $0 != 0x0D }
        pending.removeFirst(end + 1)
        return String(decoding: line, as: UTF8.self)
      }
      guard fill() else { return nil }
    }
  }

  private mutating func fill() -> Bool {
    let count = withUnsafeTemporaryAllocation(byteCount: 1 << 14, alignment: 1) { buffer in
      var count: Int
      repeat { count = read(descriptor, buffer.baseAddress, buffer.count) } while count < 0 && errno == EINTR
      if count > 0 { pending.append(contentsOf: UnsafeRawBufferPointer(rebasing: buffer[..<count])) }
      return count
    }
    return count > 0
  }

  /// Whether the connection is kept.
  mutating func write(_ answer: HTTPServerAnswer, to request: HTTPServerRequest) -> Bool {
    switch answer {
    case .response(let status, let fields, let body):
      let hasBody = request.method != "HEAD" && status != 204 && status != 304
      var head = Self.head(status, fields)
      if status != 204 { head += "Content-Length: \(body.count)\r\n" }
      return send(Array((head + "\r\n").utf8) + (hasBody ? body : [])) && fields["Connection"] != "close"
    case .chunked(let fields, let chunks):
      guard send(Array((Self.head(200, fields) + "Transfer-Encoding: chunked\r\n\r\n").utf8)) else { return false }
      for chunk in chunks {
        guard send(Array("\(String(chunk.count, radix: 16))\r\n".utf8) + chunk + [0x0D, 0x0A]) else { return false }
      }
      return send(Array("0\r\n\r\n".utf8))
    case .raw(let bytes):
      // What the client still sends is read, since a close before that would be a reset.
      if send(bytes), shutdown(descriptor, Int32(SHUT_WR)) == 0 { while fill() {} }
      return false
    case .endless(let first, let repeated):
      if send(first) { while send(repeated) {} }
      return false
    case .reset:
      var linger = linger(l_onoff: 1, l_linger: 0)
      setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout.size(ofValue: linger)))
      return false
    case .silence:
      while fill() {}
      return false
    case .later(let span, let answer, let ending):
      let isAnswered = !closes(within: span)
      ending(isAnswered)
      return isAnswered && write(answer, to: request)
    }
  }

  /// `POLLRDHUP`, which the headers show only to those who ask for GNU's.
  private static let isClosedByPeer: Int16 = 0x2000

  /// Waits until the client closes, or for so many milliseconds.
  private func closes(within span: Int32) -> Bool {
    var watched = pollfd(fd: descriptor, events: Self.isClosedByPeer, revents: 0)
    var count: Int32
    repeat { count = poll(&watched, 1, span) } while count < 0 && errno == EINTR
    return count > 0
  }

  private static func head(_ status: Int, _ fields: [String: String]) -> String {
    "HTTP/1.1 \(status) Scripted\r\n" + fields.map { "\($0.key): \($0.value)\r\n" }.joined()
  }

  private func send(_ bytes: [UInt8]) -> Bool {
    var sent = 0
    while sent < bytes.count {
      let count = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress.map { $0 + sent }, $0.count - sent) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return false }
      sent += count
    }
    return true
  }
}
