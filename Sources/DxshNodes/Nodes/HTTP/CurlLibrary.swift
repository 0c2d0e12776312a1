import CDxshCurl
import DxshRuntime

/// The libcurl of the system, opened when a run first needs it.
enum CurlLibrary {
  /// Why it cannot be used.
  private static let problem: String? = dxsh_curl_load().map { String(cString: $0) }

  /// Must have succeeded before any other function of `CDxshCurl` is called.
  static func load() throws(NodeFailure) {
    if let problem {
      throw NodeFailure("unavailable", "libcurl.so.4 could not be loaded: \(problem); install libcurl4")
    }
  }
}
