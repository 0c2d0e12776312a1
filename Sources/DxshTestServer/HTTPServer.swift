import DxshRuntime
import Glibc
import Synchronization

/// An HTTP/1.1 server of this process that does what a test says, well or badly. Each connection has a thread of its
/// own, which the script may hold up. It ends when the last reference goes.
package final class HTTPServer: Sendable {
  package typealias Script = @Sendable (HTTPServerRequest) -> HTTPServerAnswer

  package struct Counts: Sendable {
    package var requests = 0
    /// All that were ever made.
    package var connections = 0
    /// Those that both sides keep now.
    package var open = 0
    package var mostOpen = 0
  }

  package enum Address: Sendable { case ipv4, ipv6 }

  private struct State {
    var counts = Counts()
    var requests: [HTTPServerRequest] = []
    var descriptors: Set<Int32> = []
    var isStopped = false
  }

  /// What the threads share; they do not hold the server itself.
  private final class Shared: Sendable {
    let script: Script
    let remembers: Bool
    let state = Mutex(State())

    init(_ script: @escaping Script, remembers: Bool) {
      self.script = script
      self.remembers = remembers
    }
  }

  private let shared: Shared
  private let listener: Int32
  package let port: Int
  private let address: Address

  /// `remembers` is whether `requests` holds what came, which a benchmark has no use for.
  package init(on address: Address = .ipv4, remembers: Bool = true, _ script: @escaping Script) {
    let shared = Shared(script, remembers: remembers)
    let (listener, port) = Self.listen(on: address)
    self.shared = shared
    self.listener = listener
    self.port = port
    self.address = address
    let isStarted = DetachedThread.start {
      while true {
        let descriptor = accept(listener, nil, nil)
        if descriptor < 0, errno == EINTR || errno == ECONNABORTED { continue }
        // Other tests of the process have every descriptor for a while.
        if descriptor < 0, errno == EMFILE || errno == ENFILE {
          sched_yield()
          continue
        }
        // It is closed by the only one that uses it: its number may be another server's from then on.
        guard descriptor >= 0 else {
          close(listener)
          return
        }
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        Self.serve(descriptor, shared)
      }
    }
    precondition(isStarted, "no thread")
  }

  deinit {
    shutdown(listener, Int32(SHUT_RDWR))
    shared.state.withLock { state in
      state.isStopped = true
      for descriptor in state.descriptors { shutdown(descriptor, Int32(SHUT_RDWR)) }
    }
  }

  package var counts: Counts { shared.state.withLock { $0.counts } }

  /// What came so far.
  package var requests: [HTTPServerRequest] { shared.state.withLock { $0.requests } }

  /// `127.0.0.1:4711`
  package var authority: String { address == .ipv4 ? "127.0.0.1:\(port)" : "[::1]:\(port)" }

  /// The address of a path that begins with a slash.
  package func url(_ path: String = "/") -> String { "http://\(authority)\(path)" }

  // MARK: - Connections

  private static func listen(on address: Address) -> (descriptor: Int32, port: Int) {
    let family = address == .ipv4 ? AF_INET : AF_INET6
    let descriptor = socket(family, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    precondition(descriptor >= 0, "no socket")
    var status: Int32
    switch address {
    case .ipv4:
      var name = sockaddr_in()
      name.sin_family = sa_family_t(AF_INET)
      name.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
      status = withUnsafePointer(to: &name) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
          bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
        }
      }
    case .ipv6:
      var name = sockaddr_in6()
      name.sin6_family = sa_family_t(AF_INET6)
      name.sin6_addr = in6addr_loopback
      status = withUnsafePointer(to: &name) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
          bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in6>.size))
        }
      }
    }
    precondition(status == 0 && Glibc.listen(descriptor, 1024) == 0, "cannot listen")
    // The port is at the same place in the names of both families.
    var storage = sockaddr_storage()
    var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
    let port = withUnsafeMutablePointer(to: &storage) { pointer in
      _ = pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &length) }
      return pointer.withMemoryRebound(to: sockaddr_in.self, capacity: 1) { UInt16(bigEndian: $0.pointee.sin_port) }
    }
    return (descriptor, Int(port))
  }

  private static func serve(_ descriptor: Int32, _ shared: Shared) {
    let number: Int? = shared.state.withLock { state in
      guard !state.isStopped else { return nil }
      state.descriptors.insert(descriptor)
      state.counts.connections += 1
      state.counts.open += 1
      state.counts.mostOpen = max(state.counts.mostOpen, state.counts.open)
      return state.counts.connections
    }
    guard let number else {
      close(descriptor)
      return
    }
    let isStarted = DetachedThread.start {
      var connection = HTTPServerConnection(descriptor, number: number)
      while let request = connection.readRequest() {
        shared.state.withLock { state in
          state.counts.requests += 1
          if shared.remembers { state.requests.append(request) }
        }
        guard connection.write(shared.script(request), to: request) else { break }
      }
      shared.state.withLock { state in
        state.descriptors.remove(descriptor)
        state.counts.open -= 1
        close(descriptor)
      }
    }
    precondition(isStarted, "no thread")
  }
}
