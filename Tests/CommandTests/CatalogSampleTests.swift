import DxshTestServer
import DxshTestSupport
import Synchronization
import Testing

/// The sample `http`: it gets everything, tries again what failed for a moment, and asks as many at once as it says.
struct CatalogSampleTests {
  private static let count = 40

  /// Answers of the server; the first eight requests for items are answered only when `width` of them have come.
  private final class Catalog: Sendable {
    private struct State {
      var asked: [String: Int] = [:]
      var items = 0
    }

    private let width: Int
    private let isFull = Gate()
    private let state = Mutex(State())

    init(width: Int) {
      self.width = width
    }

    /// How often each was asked for.
    var asked: [String: Int] { state.withLock { $0.asked } }

    func answer(_ request: HTTPServerRequest) -> HTTPServerAnswer {
      let path = request.target
      let (times, items) = state.withLock { state in
        state.asked[path, default: 0] += 1
        if path != "/items.json" { state.items += 1 }
        return (state.asked[path] ?? 0, state.items)
      }
      if path == "/items.json" {
        let entries = (0..<count).map { #"{"id": \#($0), "name": "item \#($0)", "shelf": 1}"# }
        return .text("[\(entries.joined(separator: ", "))]")
      }
      if items >= width { isFull.open() }
      isFull.wait()
      switch path {
      case "/items/17.json" where times == 1: return .text("not now", status: 503)
      case "/items/23.json": return .text(#"{"id": 23, "cents": "many"}"#)
      default:
        let id = path.split(separator: "/")[1].prefix { $0 != "." }
        return .text(#"{"id": \#(id), "cents": 1\#(id), "weight": 2.5}"#)
      }
    }
  }

  @Test(arguments: [1, 8], [true, false])
  func itGetsEverything(_ width: Int, isEphemeral: Bool) {
    let catalog = Catalog(width: width)
    let server = HTTPServer(remembers: false) { catalog.answer($0) }
    let folder = Program.temporaryFolder()
    defer { _ = Program.shell("rm -rf '\(folder)'") }
    let kept = isEphemeral ? "--ephemeral" : "--state '\(folder)'"
    let result = Program.shell(
      "dxsh exec samples/http/catalog.dxsh -p server=http://\(server.authority) -p width=\(width) \(kept)")
    #expect(result.exitCode == 0, "\(result.errors)")

    let ids = (0..<Self.count).filter { $0 != 23 }
    let cents = ids.map { $0 < 10 ? 10 + $0 : 100 + $0 }.reduce(0, +)
    #expect(
      result.output.filter { !$0.isNewline } == #"{  "items": 39,  "cents": \#(cents),  "failed": [    "item 23"  ]}"#)
    #expect(result.errors.contains("retry item[17] "), "\(result.errors)")
    #expect(result.errors.contains("503 Service Unavailable"), "\(result.errors)")
    // Only the item that was not to be had for a moment was asked for again.
    #expect(catalog.asked.filter { $0.value > 1 } == ["/items/17.json": 2])
    #expect(server.counts.requests == Self.count + 2)
    #expect(server.counts.mostOpen == width)
  }
}
