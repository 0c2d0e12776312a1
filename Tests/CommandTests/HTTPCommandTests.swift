import DxshTestServer
import DxshTestSupport
import Glibc
import Testing

/// The nodes of `http` in the built program.
struct HTTPCommandTests {
  @Test func aWorkflowAsksAServer() throws {
    let server = HTTPServer { request in
      request.method == "POST"
        ? .text(#"{"received": "\#(request.text)"}"#) : .text(#"{"items": [{"id": 3}, {"id": 4}]}"#)
    }
    let result = Self.run(
      """
      type Listing = { items: list<{ id: int }> }
      workflow w(url: string) -> { total: int, status: int, received: string } {
        step listing = http.get(url: url, hosts: ["127.0.0.1"]) as { body: Listing }
        let total = listing.body.items.map(x, x.id).sum()
        step sent = http.post(url: url, hosts: ["127.0.0.1"], body: "total ${total}") as { body: { received: string } }
        output { total: total, status: sent.status, received: sent.body.received }
      }
      """, url: server.url())
    #expect(result.exitCode == 0, "\(result.errors)")
    #expect(result.output.filter { !$0.isWhitespace } == #"{"total":7,"status":200,"received":"total7"}"#)
    #expect(server.requests.map(\.method) == ["GET", "POST"])
    #expect(server.requests.last?["idempotency-key"]?.hasSuffix("/sent") == true)
  }

  @Test func aBodyOfAnotherTypeFailsTheRun() {
    let server = HTTPServer { _ in .text(#"{"items": "none"}"#) }
    let result = Self.run(
      """
      workflow w(url: string) -> int {
        step a = http.get(url: url, hosts: ["127.0.0.1"]) as { body: { items: list<int> } }
        output a.body.items.size()
      }
      """, url: server.url())
    #expect(result.exitCode == 1)
    #expect(result.errors.contains("body.items: expected list<int>, found \"none\""), "\(result.errors)")
  }

  @Test func aServerThatNeverAnswersTimesOut() {
    let server = HTTPServer { _ in .silence }
    let result = Self.run(
      """
      workflow w(url: string) -> int {
        step a = http.get(url: url, hosts: ["127.0.0.1"]) as { body: int } with timeout(100ms)
        output a.body
      }
      """, url: server.url())
    #expect(result.exitCode == 1)
    #expect(result.errors.contains("timeout"), "\(result.errors)")
  }

  @Test func theProgramDoesNotLinkTheLibrary() {
    let linked = Program.shell("ldd '\(Program.path)'")
    #expect(linked.exitCode == 0)
    #expect(!linked.output.contains("libcurl"))
  }

  @Test func aMissingLibraryIsToldWithItsRemedy() {
    let result = Self.run(
      """
      workflow w(url: string) -> int {
        step a = http.get(url: url, hosts: ["127.0.0.1"]) as { body: int }
        output a.body
      }
      """, url: "http://127.0.0.1:1/", before: ": > libcurl.so.4; export LD_LIBRARY_PATH=.")
    #expect(result.exitCode == 1)
    #expect(result.errors.contains("unavailable: libcurl.so.4 could not be loaded: "), "\(result.errors)")
    #expect(result.errors.contains("; install libcurl4"), "\(result.errors)")
  }

  private static func run(_ workflow: String, url: String, before: String = ":") -> Program.Result {
    let folder = Program.temporaryFolder()
    defer { _ = system("rm -rf '\(folder)'") }
    Repository.write(workflow + "\n", to: folder + "/w.dxsh")
    return Program.shell("\(before); dxsh exec w.dxsh --quiet -p url='\(url)'", in: folder)
  }
}
