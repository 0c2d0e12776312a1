import DxshTime

/// The header `Retry-After` (RFC 9110, section 10.2.3): seconds, or a date.
enum RetryAfter {
  /// How long to wait before another request; nil where the answer does not say, or says nothing that makes sense. A
  /// date counts from the answer's own `Date`, so that it does not matter how the clocks of both sides differ.
  static func pause(_ response: HTTPResponse, at now: Timestamp) -> TimeSpan? {
    guard let text = response.value(of: "retry-after") else { return nil }
    if text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) {
      // The grammar knows no limit: what does not fit is as long as can be.
      let seconds = Int64(text) ?? TimeSpan.maximumSeconds
      return text.isEmpty ? nil : TimeSpan(seconds: min(seconds, TimeSpan.maximumSeconds), nanoseconds: 0)
    }
    let start = response.value(of: "date").flatMap { HTTPDate.instant($0, at: now) } ?? now
    return HTTPDate.instant(text, at: now)?.since(start)
  }
}

extension HTTPResponse {
  /// The first value of a header that may be there once; `name` in lower case.
  fileprivate func value(of name: String) -> String? { fields.first { $0.name == name }?.value }
}
