import DxshTestServer
import Glibc

/// Requests side by side: the sample `http` and a server that takes its time.
extension Bench {
  /// What the server waits before each answer, in microseconds.
  private static let pause: UInt32 = 50_000

  static func http(_ program: String, _ count: Int, _ folder: String) {
    let list = "[" + (0..<count).map { "{\"id\": \($0), \"name\": \"item \($0)\"}" }.joined(separator: ",") + "]"
    let server = HTTPServer(remembers: false) { request in
      usleep(pause)
      return .text(request.target == "/items.json" ? list : "{\"id\": 0, \"cents\": 1}")
    }
    func fetch(_ width: Int) -> Process {
      let state = folder + "/http"
      defer { Files.remove(state) }
      // The run before has ended, but perhaps the server has not seen it yet.
      while server.counts.open > 0 { usleep(1000) }
      return Process.run([
        program, "exec", "--quiet", "--state", state, "samples/http/catalog.dxsh",
        "-p", "server=http://\(server.authority)", "-p", "width=\(width)",
      ])
    }
    // The narrow one is last, since the server counts over all runs.
    let wide = [fetch(8), fetch(8), fetch(8)].map(\.wall).min() ?? 0
    let most = server.counts.mostOpen
    let narrow = fetch(1).wall
    let ratio = narrow / wide
    print("http: \(count) items of \(pause / 1000) ms, parallel(8) \(wide.seconds), parallel(1) ", terminator: "")
    print("\(narrow.seconds): 1/\(ratio.twoDigits) of it (goal: between 1/9 and 1/7), ", terminator: "")
    print("\(most) connections at once (at most 8)")
    guard most <= 8 else {
      print("more connections than parallel(8) allows")
      exit(1)
    }
  }
}
