import DxshRuntime
import Synchronization

/// Sends requests: a multi handle of libcurl on a thread of its own, shared by all runs of the process, so that they
/// share connections. Knows no redirects; see `HTTPExchange`.
///
/// Requests that must not be repeated have a client of their own: they take only fresh connections, and libcurl drops
/// all others of a handle when one of its transfers wants that.
final class HTTPClient: Sendable {
  typealias Answer = Result<HTTPResponse, HTTPFailure>

  /// What the thread is told.
  enum Command: Sendable {
    case start(Int, HTTPRequest, CheckedContinuation<Answer, Never>)
    /// Of a transfer that may have ended since.
    case cancel(Int)
  }

  private struct Inbox {
    var commands: [Command] = []
    var lastNumber = 0
  }

  private static let repeatable: Result<HTTPClient, NodeFailure> = Result { () throws(NodeFailure) in try HTTPClient() }
  private static let unrepeatable: Result<HTTPClient, NodeFailure> = Result { () throws(NodeFailure) in
    try HTTPClient()
  }

  private let multi: CurlMulti
  private let inbox = Mutex(Inbox())

  /// The client of the process, started when it is first asked for. Throws `unavailable` when libcurl is missing.
  /// - repeating: whether a request may be sent once more when its connection turns out to be dead
  static func shared(repeating: Bool) throws(NodeFailure) -> HTTPClient {
    try (repeating ? repeatable : unrepeatable).get()
  }

  private init() throws(NodeFailure) {
    try CurlLibrary.load()
    guard let multi = CurlMulti() else { throw NodeFailure("unavailable", "there is no memory left") }
    self.multi = multi
    let isStarted = DetachedThread.start { [self] in
      var worker = HTTPWorker(multi: multi)
      while true { worker.turn(inbox.withLock { Self.take(&$0) }) }
    }
    guard isStarted else { throw NodeFailure("unavailable", "the system refuses another thread") }
  }

  /// One exchange. When the task is cancelled, the transfer ends at once and the failure is `cancelled`.
  func send(_ request: HTTPRequest) async throws(HTTPFailure) -> HTTPResponse {
    if Task.isCancelled { throw HTTPFailure(reason: .cancelled, wasSent: false) }
    let number = inbox.withLock { inbox in
      inbox.lastNumber += 1
      return inbox.lastNumber
    }
    let answer: Answer = await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        post(.start(number, request, continuation))
        // The handler may have run before there was anything to cancel.
        if Task.isCancelled { post(.cancel(number)) }
      }
    } onCancel: {
      post(.cancel(number))
    }
    return try answer.get()
  }

  private func post(_ command: Command) {
    let isFirst = inbox.withLock { inbox in
      inbox.commands.append(command)
      return inbox.commands.count == 1
    }
    if isFirst { multi.wakeUp() }
  }

  private static func take(_ inbox: inout Inbox) -> [Command] {
    defer { inbox.commands = [] }
    return inbox.commands
  }
}
