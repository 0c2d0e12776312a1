import CDxshCurl
import DxshRuntime

/// A request under way: a handle of libcurl, and what has been received. Lives on the client's thread alone.
final class HTTPTransfer {
  /// How much is read of a body that nobody wants, so that its connection can be used again.
  private static let unwantedBodyLimit = 64 << 10

  /// How long a connection may have been idle, in seconds, to be used for a request that must not be repeated. One that
  /// the server is about to close would leave it unknown what came of the request; servers wait longer than this.
  private static let freshness = 1

  /// What a transfer was ended for by its own callbacks.
  private enum Stop { case headersTooLarge, bodyTooLarge, hasEnough, wouldRepeat }

  let easy: UnsafeMutableRawPointer
  private let request: HTTPRequest
  private let body: UnsafeMutableRawBufferPointer
  private let errorText: UnsafeMutablePointer<CChar>
  private var headers: UnsafeMutablePointer<curl_slist>?
  private var head = HTTPHead()
  private var received: [UInt8] = []
  private var stop: Stop?
  private(set) var wasSent = false
  private var firstError = CURLE_OK

  /// Throws `impossible`.
  init(_ request: HTTPRequest) throws(HTTPFailure) {
    guard let easy = dxsh_curl_easy_init() else {
      throw HTTPFailure(reason: .impossible("there is no memory left"), wasSent: false)
    }
    self.easy = easy
    self.request = request
    self.body = UnsafeMutableRawBufferPointer.allocate(byteCount: max(request.body.count, 1), alignment: 1)
    self.errorText = UnsafeMutablePointer<CChar>.allocate(capacity: Int(CURL_ERROR_SIZE))
    errorText.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
    body.copyBytes(from: request.body)
    configure()
    if firstError != CURLE_OK {
      throw HTTPFailure(reason: .impossible(String(cString: dxsh_curl_easy_strerror(firstError))), wasSent: false)
    }
  }

  /// The handle must have been removed from its multi handle.
  deinit {
    dxsh_curl_easy_cleanup(easy)
    dxsh_curl_slist_free_all(headers)
    body.deallocate()
    errorText.deallocate()
  }

  // MARK: - The request

  private func configure() {
    check(dxsh_curl_confine(easy))
    set(CURLOPT_NOSIGNAL, 1)
    set(CURLOPT_TCP_KEEPALIVE, 1)
    // A search for a host's address goes on by itself when its transfer is cancelled; otherwise the thread would wait
    // for its end. A library older than 7.87 always waits.
    dxsh_curl_set_long(easy, CURLOPT_QUICK_EXIT, 1)
    set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)
    set(CURLOPT_FOLLOWLOCATION, 0)
    set(CURLOPT_SSL_VERIFYPEER, 1)
    set(CURLOPT_SSL_VERIFYHOST, 2)
    set(CURLOPT_ACCEPT_ENCODING, "")
    set(CURLOPT_URL, request.url.text)
    set(CURLOPT_PROXY, request.surroundings.proxy(for: request.url.scheme))
    set(CURLOPT_NOPROXY, request.surroundings.withoutProxy)
    if let certificates = request.surroundings.certificates { set(CURLOPT_CAINFO, certificates) }
    if !request.isIdempotent { set(CURLOPT_MAXAGE_CONN, Self.freshness) }
    check(dxsh_curl_set_pointer(easy, CURLOPT_ERRORBUFFER, errorText))
    configureMethod()
    for field in request.fields { append(header: field.line) }
    // Nothing is asked for before a body is sent, and a body gets no type that nobody gave it.
    append(header: "Expect:")
    if !request.fields.contains(where: { $0.has(name: "content-type") }) { append(header: "Content-Type:") }
    check(dxsh_curl_set_pointer(easy, CURLOPT_HTTPHEADER, headers))
    check(
      dxsh_curl_set_callbacks(
        easy, Unmanaged.passUnretained(self).toOpaque(),
        { bytes, size, count, context in HTTPTransfer.of(context).receiveHeader(bytes, size * count) },
        { bytes, size, count, context in HTTPTransfer.of(context).receiveBody(bytes, size * count) },
        { context, _, _, _, _ in HTTPTransfer.of(context).begin() ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT }))
  }

  private func configureMethod() {
    switch request.method {
    case "HEAD": set(CURLOPT_NOBODY, 1)
    case "GET" where request.body.isEmpty: set(CURLOPT_HTTPGET, 1)
    case let method:
      // Without a body, POST, PUT and PATCH still say that its length is 0 (RFC 9110, section 8.6).
      if !request.body.isEmpty || ["POST", "PUT", "PATCH"].contains(method) {
        set(CURLOPT_POST, 1)
        check(dxsh_curl_set_offset(easy, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(request.body.count)))
        check(dxsh_curl_set_pointer(easy, CURLOPT_POSTFIELDS, body.baseAddress))
      }
      set(CURLOPT_CUSTOMREQUEST, method)
    }
  }

  private func set(_ option: CURLoption, _ value: Int) { check(dxsh_curl_set_long(easy, option, value)) }

  private func set(_ option: CURLoption, _ text: String) { check(dxsh_curl_set_text(easy, option, text)) }

  private func append(header: String) {
    guard let list = dxsh_curl_slist_append(headers, header) else { return check(CURLE_OUT_OF_MEMORY) }
    headers = list
  }

  private func check(_ code: CURLcode) {
    if firstError == CURLE_OK { firstError = code }
  }

  // MARK: - The answer

  /// `context` is what `configure` gave to libcurl, which calls back only while the transfer is under way.
  private static func of(_ context: UnsafeMutableRawPointer?) -> HTTPTransfer {
    guard let context else { preconditionFailure("every callback has a context") }
    return Unmanaged<HTTPTransfer>.fromOpaque(context).takeUnretainedValue()
  }

  /// The request is about to be sent; whether it may be. When a connection from the pool turns out to be dead, libcurl
  /// would send any request once more, although the server may have seen it.
  private func begin() -> Bool {
    if wasSent, !request.isIdempotent {
      stop = .wouldRepeat
      return false
    }
    wasSent = true
    return true
  }

  /// Another number than `count` ends the transfer.
  private func receiveHeader(_ bytes: UnsafeMutablePointer<CChar>?, _ count: Int) -> Int {
    request.life?.note()
    guard head.append(UnsafeRawBufferPointer(start: bytes, count: count)) else {
      stop = .headersTooLarge
      return 0
    }
    return count
  }

  /// Another number than `count` ends the transfer.
  private func receiveBody(_ bytes: UnsafeMutablePointer<CChar>?, _ count: Int) -> Int {
    request.life?.note()
    let limit = isBodyUnwanted ? min(Self.unwantedBodyLimit, request.bodyLimit) : request.bodyLimit
    guard count <= limit - received.count else {
      stop = isBodyUnwanted ? .hasEnough : .bodyTooLarge
      if isBodyUnwanted {
        received.append(contentsOf: UnsafeRawBufferPointer(start: bytes, count: limit - received.count))
      }
      return 0
    }
    received.append(contentsOf: UnsafeRawBufferPointer(start: bytes, count: count))
    return count
  }

  private var isBodyUnwanted: Bool {
    head.redirect != nil || (head.status.map { $0 >= 400 } ?? false) && !request.wantsErrorBody
  }

  /// What came of the transfer, as libcurl ended it.
  func end(_ code: CURLcode) -> Result<HTTPResponse, HTTPFailure> {
    if head.isComplete, let status = head.status, code == CURLE_OK || isBodyUnwanted {
      return .success(
        HTTPResponse(status: status, fields: head.joinedFields, body: received, redirect: head.redirect))
    }
    return .failure(HTTPFailure(reason: reason(code), wasSent: wasSent))
  }

  private func reason(_ code: CURLcode) -> HTTPFailure.Reason {
    switch stop {
    case .headersTooLarge: return .headersTooLarge
    case .bodyTooLarge: return .bodyTooLarge
    case .wouldRepeat: return .interrupted("the connection was closed before anything came back")
    case .hasEnough, nil: break
    }
    switch code {
    case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY, CURLE_COULDNT_CONNECT, CURLE_PROXY:
      return .unreachable(words(code))
    case CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CACERT_BADFILE, CURLE_SSL_CERTPROBLEM,
      CURLE_SSL_CIPHER, CURLE_SSL_ISSUER_ERROR, CURLE_SSL_INVALIDCERTSTATUS, CURLE_SSL_CRL_BADFILE:
      return .insecure(words(code))
    case CURLE_OPERATION_TIMEDOUT: return .slow(words(code))
    case CURLE_BAD_CONTENT_ENCODING: return .badCompression
    case CURLE_OUT_OF_MEMORY, CURLE_FAILED_INIT, CURLE_NOT_BUILT_IN, CURLE_UNKNOWN_OPTION, CURLE_URL_MALFORMAT:
      return .impossible(words(code))
    default: return wasSent ? .interrupted(words(code)) : .unreachable(words(code))
    }
  }

  /// libcurl's own words; they name hosts, but neither paths nor what is sent.
  private func words(_ code: CURLcode) -> String {
    let own = MessageText.plain(String(cString: errorText), limit: 200)
    // A proxy's address may hold a password.
    return own.isEmpty || own.hasPrefix("Unsupported proxy") ? String(cString: dxsh_curl_easy_strerror(code)) : own
  }
}
