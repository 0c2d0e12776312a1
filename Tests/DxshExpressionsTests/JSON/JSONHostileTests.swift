import DxshExpressions
import Glibc
import Testing

/// Texts made to do harm: each ends in a value or an error, in time and memory proportional to its size.
@Suite struct JSONHostileTests {
  @Test(arguments: ["[", #"{"a":"#, #"[{"":"#, " [ "])
  func endlessNesting(part: String) {
    let error = #expect(throws: JSONError.self) {
      try JSONReader.read(Array(String(repeating: part, count: 100_000).utf8))
    }
    #expect(error?.message == "nested more than \(JSONReader.depthLimit) deep")
  }

  private static let nestings = [("[", "]"), (#"{"a":"#, "}"), (#"{"a":["#, "]}")]

  private static func nested(_ depth: Int, _ opening: String, _ closing: String) -> [UInt8] {
    let count = depth / opening.utf8.count(where: { $0 == 0x5B || $0 == 0x7B })
    return Array((String(repeating: opening, count: count) + "1" + String(repeating: closing, count: count)).utf8)
  }

  /// The deepest values are read and freed on a small stack.
  @Test(arguments: [(JSONReader.depthLimit, 256 << 10), (JSONReader.Options.deepest, 512 << 10)])
  func deepValuesOnASmallStack(depth: Int, stackSize: Int) {
    let isDone = onThread(stackSize: stackSize) {
      var options = JSONReader.Options()
      options.depth = depth
      return Self.nestings.allSatisfy { opening, closing in
        (try? JSONReader.read(Self.nested(depth, opening, closing), options)) != nil
      }
    }
    #expect(isDone)
  }

  /// The deepest values are compared and written on an ordinary stack.
  @Test func deepValuesOnAnOrdinaryStack() {
    let isDone = onThread(stackSize: 8 << 20) {
      var reading = JSONReader.Options()
      reading.depth = .max
      var writing = JSONWriter.Options()
      writing.depth = .max
      return Self.nestings.allSatisfy { opening, closing in
        let text = Self.nested(JSONReader.Options.deepest, opening, closing)
        guard let value = try? JSONReader.read(text, reading) else { return false }
        return (try? JSONReader.read(text, reading)) == value && (try? JSONWriter.write(value, writing)) == text
      }
    }
    #expect(isDone)
  }

  @Test func longTexts() throws {
    let text = String(repeating: "0123456789é\\n", count: 100_000)
    guard case .string(let read) = try JSONReader.read(Array("\"\(text)\"".utf8)) else { return }
    #expect(read.utf8.count == 13 * 100_000)
    let error = #expect(throws: JSONError.self) { try JSONReader.read(Array("\"\(text)".utf8)) }
    #expect(error?.offset == 0)
  }

  /// More than one segment of the stack holds, below and above other values.
  @Test func longLists() throws {
    for count in [31, 32, 33, 95, 96, 97, 70_000, 140_000] {
      let list = "[\(String(repeating: "1,", count: count - 1))1]"
      let elements = Value.list([Value](repeating: .int(1), count: count))
      #expect(
        try JSONReader.read(Array("[\"a\",\(list),\(list),[2]]".utf8))
          == .list([.text("a"), elements, elements, .list([.int(2)])]))
    }
    #expect(throws: JSONError.self) {
      try JSONReader.read(Array("[\(String(repeating: "[\"a text\"],", count: 70_000))".utf8))
    }
  }

  /// Keys whose marks and small hashes are all equal: the same length, the same three bytes first and four last.
  @Test func keysMadeToCollide() throws {
    let keys = (0..<20_000).map { "key\(String(100_000 + $0))tail" }
    let fields = keys.map { "\"\($0)\":0" }.joined(separator: ",")
    guard case .map(let map) = try JSONReader.read(Array("{\(fields)}".utf8)) else { return }
    #expect(map.keys.count == keys.count)
    #expect(map["key119999tail"] == .int(0) && map["key120000tail"] == nil)
    let error = #expect(throws: JSONError.self) { try JSONReader.read(Array("{\(fields),\"key100777tail\":1}".utf8)) }
    #expect(error?.message == "the object that begins here has the key \"key100777tail\" twice")
  }

  @Test func oneKeyAgainAndAgain() throws {
    let text = Array("{\(String(repeating: "\"a\":1,", count: 20_000))\"b\":2,\"a\":3}".utf8)
    #expect(throws: JSONError.self) { try JSONReader.read(text) }
    var options = JSONReader.Options()
    options.repeatedKeys = .lastWins
    guard case .map(let map) = try JSONReader.read(text, options) else { return }
    #expect(map.keys.all.map(\.value) == [.text("a"), .text("b")] && map.values == [.int(3), .int(2)])
  }

  /// Objects that each have other keys, and those of one set in other orders.
  @Test func manyShapes() throws {
    let objects = (0..<5_000).map { "{\"k\($0 % 3_000)\":1,\"a\":2,\"l\($0 % 7)\":{}}" }
    guard case .list(let maps) = try JSONReader.read(Array("[\(objects.joined(separator: ","))]".utf8)) else { return }
    for (index, value) in maps.enumerated() {
      guard case .map(let map) = value else { continue }
      #expect(map.keys.all.map(\.value) == [.text("k\(index % 3_000)"), .text("a"), .text("l\(index % 7)")])
    }
  }

  private func onThread(stackSize: Int, _ work: @escaping @Sendable () -> Bool) -> Bool {
    final class Work: Sendable {
      let body: @Sendable () -> Bool
      init(_ body: @escaping @Sendable () -> Bool) { self.body = body }
    }
    var attributes = pthread_attr_t()
    pthread_attr_init(&attributes)
    pthread_attr_setstacksize(&attributes, stackSize)
    defer { pthread_attr_destroy(&attributes) }
    var thread = pthread_t()
    let argument = Unmanaged.passRetained(Work(work)).toOpaque()
    let result = pthread_create(
      &thread, &attributes,
      { argument in
        guard let argument else { return nil }
        return Unmanaged<Work>.fromOpaque(argument).takeRetainedValue().body()
          ? UnsafeMutableRawPointer(bitPattern: 1) : nil
      }, argument)
    guard result == 0 else { return false }
    var answer: UnsafeMutableRawPointer?
    pthread_join(thread, &answer)
    return answer != nil
  }
}
