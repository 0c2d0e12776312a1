import CDxshCurl

/// A multi handle of libcurl: transfers side by side, and the connections that they share. It is never freed.
///
/// Only `wakeUp` may be called by any thread; the rest belongs to the thread that polls.
struct CurlMulti: Sendable {
  /// Of connections to one host at once; further transfers wait for one of these. The engine decides how much runs
  /// side by side, so this only guards against a mistake there.
  private static let connectionsPerHost = 64
  /// Of connections that are kept for later, all hosts together.
  private static let keptConnections = 256

  /// The address of the handle: a pointer may not be shared between threads, but this handle may.
  private let address: UInt

  /// Nil when there is no memory.
  init?() {
    guard let handle = dxsh_curl_multi_init() else { return nil }
    self.address = UInt(bitPattern: handle)
    dxsh_curl_multi_set_long(handle, CURLMOPT_MAX_HOST_CONNECTIONS, Self.connectionsPerHost)
    dxsh_curl_multi_set_long(handle, CURLMOPT_MAXCONNECTS, Self.keptConnections)
  }

  private var handle: UnsafeMutableRawPointer {
    guard let handle = UnsafeMutableRawPointer(bitPattern: address) else { preconditionFailure("never null") }
    return handle
  }

  /// Ends the wait of the thread that polls, or its next one.
  func wakeUp() { _ = dxsh_curl_multi_wakeup(handle) }

  /// False when the transfer cannot be started.
  func add(_ easy: UnsafeMutableRawPointer) -> Bool { dxsh_curl_multi_add_handle(handle, easy) == CURLM_OK }

  /// Ends a transfer at once; its connection is closed if it is in the middle of something.
  func remove(_ easy: UnsafeMutableRawPointer) { _ = dxsh_curl_multi_remove_handle(handle, easy) }

  /// Does what can be done without waiting. False when nothing can be done any more.
  func perform() -> Bool { dxsh_curl_multi_perform(handle) == CURLM_OK }

  /// Waits until there is something to do or `wakeUp` is called. False when waiting is impossible.
  func poll() -> Bool { dxsh_curl_multi_poll(handle, 60_000) == CURLM_OK }

  /// A transfer that has ended since the last question.
  func nextDone() -> (easy: UnsafeMutableRawPointer, code: CURLcode)? {
    var code = CURLE_OK
    return dxsh_curl_multi_next_done(handle, &code).map { ($0, code) }
  }
}
