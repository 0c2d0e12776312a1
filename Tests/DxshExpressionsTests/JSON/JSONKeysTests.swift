import DxshExpressions
import Testing

/// Objects of a text that have the same keys share them, whatever is between.
@Suite struct JSONKeysTests {
  private func read(_ text: String) throws -> [MapValue] {
    guard case .list(let values) = try JSONReader.read(Array(text.utf8)) else { return [] }
    return values.compactMap { if case .map(let map) = $0 { map } else { nil } }
  }

  private func texts(_ map: MapValue) -> [String] {
    map.entries.map { if case .string(let text) = $0.key { text.string } else { "" } }
  }

  @Test(arguments: [
    ["a", "b", "c"], ["a", "b"], ["a", "b", "c", "d"], ["a", "c", "b"], ["b"], ["a"], [],
    ["the first key of many bytes", "the second key of many bytes"], ["the first key of many bytes", "the third"],
    ["é", "日本"], ["", "x"], ["1234567", "12345678", "123456789"], ["12345678901234567", "1234567890123456"],
  ])
  func keysAreThoseOfTheText(keys: [String]) throws {
    let others = [["a", "b", "c"], ["the first key of many bytes", "the second key of many bytes"], ["1234567"]]
    let order = [keys, others[0], keys, others[1], others[0], keys, others[2], keys, keys, others[1], keys]
    let text = order.map { "{\($0.enumerated().map { "\"\($1)\" : \($0)" }.joined(separator: ", "))}" }
    // Behind the objects there is room for whole words, or there is none.
    for end in ["", ", null, \"some text\""] {
      let maps = try read("[\(text.joined(separator: ","))\(end)]")
      #expect(maps.map(texts) == order)
      for map in maps {
        #expect(map.values == map.values.indices.map { .int(Int64($0)) })
      }
    }
  }

  /// A key with escapes is the key that it stands for, and its text is no key of that name.
  @Test func keysWithEscapes() throws {
    let objects = #"{"a\"b":1},{"a\\b":2},{"a\nb":3},{"\u0061":4},{"a":5},{"a\u0022b":6}"#
    let maps = try read("[\(objects),\(objects),\(objects), \"some text\"]")
    #expect(
      maps.map(texts)
        == Array(repeating: [["a\"b"], ["a\\b"], ["a\nb"], ["a"], ["a"], ["a\"b"]], count: 3).flatMap { $0 })
    #expect(throws: JSONError.self) {
      try read(#"[{"a\"b":1},{"a\"b":1},{"a\"b":1},{"a"b":1}, "some text"]"#)
    }
  }

  @Test func repeatedKeysInObjectsLikeEarlierOnes() throws {
    let object = #"{"id":1,"name":2}"#
    for wrong in [#"{"id":1,"id":2}"#, #"{"id":1,"name":2,"id":3}"#, #"{"id":1,"name":2,"name":3}"#] {
      let error = #expect(throws: JSONError.self) { try read("[\(object),\(object),\(object),\n\(wrong), 1234567890]") }
      #expect(error?.line == 2 && error?.column == 1)
    }
  }

  @Test func objectsInsideObjects() throws {
    let object = #"{"id":1,"in":{"id":{"id":2,"in":{}},"in":[{"id":3}]},"x":{"id":4}}"#
    let maps = try read("[\(Array(repeating: object, count: 5).joined(separator: ", "))]")
    #expect(maps.count == 5)
    for map in maps {
      #expect(try JSONWriter.write(.map(map)) == Array(object.utf8))
    }
  }
}
