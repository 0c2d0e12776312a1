import DxshExpressions
import DxshRuntime

/// A request and the redirects that follow it.
///
/// libcurl could follow redirects too, but not check each against `hosts`, nor keep an author's headers from another
/// origin beyond the few that it knows by name.
struct HTTPExchange: Sendable {
  private static let redirectLimit = 10

  /// The next request to send.
  private var request: HTTPRequest
  /// The only hosts that anything may be sent to; empty for any.
  private let hosts: Set<String>
  /// Whether it matters that something may have happened although the exchange failed.
  private let mustNotRepeat: Bool
  /// Whether a server has taken the request and sent its reader on to a result.
  private var wasTaken = false

  init(_ request: HTTPRequest, hosts: [String], mustNotRepeat: Bool) {
    self.request = request
    self.hosts = Set(hosts.map(HTTPURL.plain))
    self.mustNotRepeat = mustNotRepeat
  }

  /// The last answer and where it came from. Throws `NodeFailure`, and `CancellationError` when it was cancelled and
  /// nothing can have happened.
  mutating func run() async throws -> (response: HTTPResponse, url: HTTPURL) {
    guard allows(request.url) else {
      throw NodeFailure("url", "the url leads to \(request.url.shownHost), which `hosts` does not list")
    }
    for _ in 0...Self.redirectLimit {
      let response = try await send(by: try HTTPClient.shared(repeating: request.isIdempotent))
      guard let location = response.redirect else { return (response, request.url) }
      do throws(NodeFailure) {
        try follow(location, response.status)
      } catch {
        throw NodeFailure(error.kind, error.message, isOutcomeUnknown: mustNotRepeat && wasTaken)
      }
    }
    throw NodeFailure(
      "status", "there were more than \(Self.redirectLimit) redirects, the last of them to \(request.url.shown)",
      isOutcomeUnknown: mustNotRepeat && wasTaken)
  }

  private func send(by client: HTTPClient) async throws -> HTTPResponse {
    do throws(HTTPFailure) {
      return try await client.send(request)
    } catch {
      let isUnknown = mustNotRepeat && (wasTaken || error.wasSent)
      if error.reason == .cancelled, !isUnknown { throw CancellationError() }
      throw nodeFailure(error, isUnknown)
    }
  }

  private func allows(_ url: HTTPURL) -> Bool { hosts.isEmpty || hosts.contains(url.host) }

  /// Makes the next request (RFC 9110, section 15.4; for POST and 301 or 302 as everyone does it).
  private mutating func follow(_ location: String, _ status: Int) throws(NodeFailure) {
    let becomesGET = status == 303 ? request.method != "HEAD" : status < 303 && request.method == "POST"
    if becomesGET {
      wasTaken = wasTaken || request.method != "GET"
      request.method = "GET"
      request.body = []
      request.fields.removeAll(where: \.describesBody)
    }
    let from = request.url
    let target = try from.resolving(location)
    guard allows(target) else {
      throw NodeFailure("url", "\(from.shown) redirects to \(target.shownHost), which `hosts` does not list")
    }
    request.url = target
    // Once dropped they stay so, even when a later redirect leads back.
    if !target.hasSameOrigin(as: from) { request.fields.removeAll { !$0.isPortable } }
  }

  private func nodeFailure(_ failure: HTTPFailure, _ isUnknown: Bool) -> NodeFailure {
    let url = request.url.shown
    return switch failure.reason {
    case .cancelled: NodeFailure("cancelled", "the request to \(url) was cut off", isOutcomeUnknown: isUnknown)
    case .unreachable(let words):
      NodeFailure("unavailable", "cannot reach \(url): \(words)", isOutcomeUnknown: isUnknown)
    case .insecure(let words):
      NodeFailure("tls", "no secure connection to \(url): \(words)", isOutcomeUnknown: isUnknown)
    case .slow(let words): NodeFailure("timeout", "no answer from \(url): \(words)", isOutcomeUnknown: isUnknown)
    case .interrupted(let words):
      NodeFailure("unavailable", "no whole answer from \(url): \(words)", isOutcomeUnknown: isUnknown)
    case .headersTooLarge:
      NodeFailure(
        "too_large",
        "the headers of the answer from \(url) are larger than \(SizeText.format(Int64(HTTPHead.sizeLimit)))",
        isOutcomeUnknown: isUnknown)
    // The answer says that all went well, but not what came of it.
    case .bodyTooLarge:
      NodeFailure(
        "too_large", "the body from \(url) is larger than the limit of \(SizeText.format(Int64(request.bodyLimit)))")
    case .badCompression:
      NodeFailure("decode", "the body from \(url) is not compressed as its headers say")
    case .impossible(let words):
      NodeFailure("unavailable", "no request to \(url) could be made: \(words)", isOutcomeUnknown: isUnknown)
    }
  }
}

extension HTTPURL {
  fileprivate var shownHost: String { "the host \(MessageText.plain(host, limit: 100))" }
}
