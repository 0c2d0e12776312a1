import DxshExpressions
import Foundation

/// Reading JSON beside Foundation's `JSONSerialization`, which this target alone links.
extension Bench {
  static func json() {
    let text = records(bytes: 20_000_000)
    let data = Data(text)
    let own = Clock.best(of: 5) { _ = try? JSONReader.read(text) }
    let peer = Clock.best(of: 3) { _ = try? JSONSerialization.jsonObject(with: data) }
    let size = Double(text.count) / 1e6
    print("read \(Int(size)) MB of JSON: \((size / own).oneDigit) MB/s, ", terminator: "")
    print("\((peer / own).oneDigit) times as fast as JSONSerialization (goal 3)")
    guard let value = try? JSONReader.read(text), let object = try? JSONSerialization.jsonObject(with: data) else {
      return
    }
    let ownWrite = Clock.best(of: 3) { _ = try? JSONWriter.write(value) }
    let peerWrite = Clock.best(of: 2) { _ = try? JSONSerialization.data(withJSONObject: object) }
    print("write it: \((peerWrite / ownWrite).oneDigit) times as fast")
  }

  private static func records(bytes: Int) -> [UInt8] {
    let names = ["Ada Lovelace", "Grace Hopper", "Jürgen Groß", "Edsger W. Dijkstra", "李小龍"]
    var text: [UInt8] = Array("[".utf8)
    var id = 0
    while text.count < bytes {
      if id > 0 { text += Array(",\n".utf8) }
      let tags = (0..<(id % 4)).map { "\"tag\($0 * 37 + id % 50)\"" }.joined(separator: ", ")
      text += Array(
        """
        {"id": \(id * 7 + 100), "name": "\(names[id % names.count])", "email": "user\(id)@example.com", \
        "active": \(id % 2 == 0), "score": \(Double(id % 100_000) / 100), "tags": [\(tags)], \
        "address": {"city": "San Francisco", "zip": "\(10_000 + id % 89_999)"}, "note": "a note of some length\\n"}
        """.utf8)
      id += 1
    }
    return text + Array("]".utf8)
  }
}
