import DxshExpressions
import DxshNodes
import DxshRuntime
import DxshTestServer
import DxshTestSupport
import DxshTime
import Testing

/// What answers say of another attempt. The clock of the tests stands at 2026-01-01T00:00:00Z, a Thursday.
@Suite struct RetryAfterTests {
  private func pause(_ fields: [String: String], status: Int = 429) async -> TimeSpan? {
    let server = HTTPServer { _ in .text("busy", status: status, fields) }
    let failure = await HTTPCall.get(server.url()).failure()
    #expect(failure?.kind == "status" && failure?.isOutcomeUnknown == false)
    return failure?.retryAfter
  }

  @Test(arguments: [
    ("0", nil), ("1", 1), ("120", 120), ("007", 7), (" 5 ", 5), ("86401", 86_401),
    ("99999999999999999999999999999999", TimeSpan.maximumSeconds), ("9223372036854775807", TimeSpan.maximumSeconds),
    ("", nil), ("-1", nil), ("+1", nil), ("1.5", nil), ("1e3", nil), ("soon", nil), ("1, 2", nil), ("٣", nil),
    (String(repeating: "9", count: 10_000), TimeSpan.maximumSeconds),
    (String(repeating: "Thu, ", count: 1000), nil),
    ("Thu, 01 Jan 2026 00:02:00 GMT", 120), ("Thursday, 01-Jan-26 00:02:00 GMT", 120),
    ("Thu Jan  1 00:02:00 2026", 120), ("Thu Jan 11 00:00:00 2026", 864_000),
    ("Sat, 31 Dec 2016 23:59:60 GMT", nil), ("Wed, 31 Dec 2025 23:59:59 GMT", nil),
    ("Sunday, 06-Nov-94 08:49:37 GMT", nil), ("Fri, 31 Dec 9999 23:59:59 GMT", 251_635_075_199),
    ("Thu, 01 Jan 2026 00:02:00 CET", nil), ("Thu, 32 Jan 2026 00:02:00 GMT", nil),
    ("Thu, 01 Jan 2026 24:02:00 GMT", nil), ("Thu, 01 Jän 2026 00:02:00 GMT", nil),
    ("Thu, 01 Jan 02026 00:02:00 GMT", nil), ("Thu, 01 Jan 2026 00:2:00 GMT", nil),
  ])
  func whatIsAskedFor(_ text: String, _ seconds: Int64?) async {
    #expect(await pause(["Retry-After": text]) == seconds.flatMap { TimeSpan(seconds: $0, nanoseconds: 0) })
  }

  @Test func aDateCountsFromTheAnswersOwn() async {
    let later = "Tue, 05 Mar 2030 10:00:30 GMT"
    #expect(await pause(["Date": "Tue, 05 Mar 2030 10:00:00 GMT", "Retry-After": later])?.seconds == 30)
    #expect(await pause(["Date": "Tue, 05 Mar 2030 10:01:00 GMT", "Retry-After": later]) == nil)
    #expect(await pause(["Date": "yesterday", "Retry-After": "Thu, 01 Jan 2026 00:00:09 GMT"])?.seconds == 9)
  }

  @Test(arguments: [400, 403, 413, 429, 500, 503]) func everyFailedAnswerMayAsk(_ status: Int) async {
    #expect(await pause(["Retry-After": "3"], status: status)?.seconds == 3)
    #expect(await pause([:], status: status) == nil)
  }
}
