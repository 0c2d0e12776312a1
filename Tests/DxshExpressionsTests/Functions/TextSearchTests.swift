import DxshExpressions
import Testing

@Suite struct TextSearchTests {
  @Test(arguments: [
    FunctionCase("string_index_of_string", .text("tacocat"), .text(""), gives: .int(0)),
    FunctionCase("string_index_of_string", .text(""), .text(""), gives: .int(0)),
    FunctionCase("string_index_of_string", .text(""), .text("a"), gives: .int(-1)),
    FunctionCase("string_index_of_string", .text("tacocat"), .text("ac"), gives: .int(1)),
    FunctionCase("string_index_of_string", .text("tacocat"), .text("tacocats"), gives: .int(-1)),
    FunctionCase("string_index_of_string", .text("ta©o©αT"), .text("©α"), gives: .int(4)),
    FunctionCase("string_index_of_string", .text("😀é"), .text("é"), gives: .int(1)),
    FunctionCase("string_index_of_string_int", .text("tacocat"), .text("a"), .int(3), gives: .int(5)),
    FunctionCase("string_index_of_string_int", .text("ta©o©αT"), .text("©"), .int(3), gives: .int(4)),
    FunctionCase("string_index_of_string_int", .text("tacocat"), .text("a"), .int(6), gives: .int(-1)),
    FunctionCase("string_index_of_string_int", .text("tacocat"), .text("a"), .int(7), gives: .int(-1)),
    FunctionCase("string_index_of_string_int", .text("tacocat"), .text("a"), .int(.max), gives: .int(-1)),
    FunctionCase("string_index_of_string_int", .text("é"), .text(""), .int(1), gives: .int(1)),
    FunctionCase("string_index_of_string_int", .text("é"), .text(""), .int(9), gives: .int(1)),
    FunctionCase("string_index_of_string_int", .text("a"), .text("a"), .int(-1), fails: "no position -1"),
    FunctionCase("string_index_of_string_int", .text("a"), .text(""), .int(.min), fails: "no position"),
    FunctionCase("string_index_of_string_int", .text("a"), .text("a"), .uint(1), fails: "`indexOf` does not take"),
    FunctionCase("string_index_of_string", .int(24), .text("2"), fails: "`indexOf` does not take 24, \"2\""),
  ])
  func first(call: FunctionCase) throws { try call.check() }

  @Test(arguments: [
    FunctionCase("string_last_index_of_string", .text("tacocat"), .text(""), gives: .int(7)),
    FunctionCase("string_last_index_of_string", .text("ta©o©αT"), .text("©"), gives: .int(4)),
    FunctionCase("string_last_index_of_string", .text(""), .text("a"), gives: .int(-1)),
    FunctionCase("string_last_index_of_string", .text("hello wello"), .text("hello wello"), gives: .int(0)),
    FunctionCase("string_last_index_of_string", .text("hello wello"), .text("low"), gives: .int(-1)),
    FunctionCase("string_last_index_of_string_int", .text("tacocat"), .text("a"), .int(3), gives: .int(1)),
    FunctionCase("string_last_index_of_string_int", .text("bananananana"), .text("nana"), .int(8), gives: .int(8)),
    FunctionCase("string_last_index_of_string_int", .text("bananananana"), .text("nana"), .int(7), gives: .int(6)),
    FunctionCase("string_last_index_of_string_int", .text("ta©o©αT"), .text("©α"), .int(4), gives: .int(4)),
    FunctionCase("string_last_index_of_string_int", .text("ta©o©αT"), .text("©α"), .int(3), gives: .int(-1)),
    FunctionCase("string_last_index_of_string_int", .text("abc"), .text("a"), .int(0), gives: .int(0)),
    FunctionCase("string_last_index_of_string_int", .text("abc"), .text("b"), .int(0), gives: .int(-1)),
    FunctionCase("string_last_index_of_string_int", .text("abc"), .text("a"), .int(3), gives: .int(-1)),
    FunctionCase("string_last_index_of_string_int", .text("abc"), .text("a"), .int(.max), gives: .int(-1)),
    FunctionCase("string_last_index_of_string_int", .text("abc"), .text(""), .int(2), gives: .int(2)),
    FunctionCase("string_last_index_of_string_int", .text("abc"), .text(""), .int(9), gives: .int(3)),
    FunctionCase("string_last_index_of_string_int", .text("abc"), .text("a"), .int(-1), fails: "no position -1"),
  ])
  func last(call: FunctionCase) throws { try call.check() }

  @Test(arguments: [
    FunctionCase("contains_string", .text("abababc"), .text("ababc"), gives: .bool(true)),
    FunctionCase("contains_string", .text("aabaabaaab"), .text("aabaaab"), gives: .bool(true)),
    FunctionCase("contains_string", .text(""), .text(""), gives: .bool(true)),
    FunctionCase("contains_string", .text("a"), .text("ab"), gives: .bool(false)),
    FunctionCase("starts_with_string", .text("😀a"), .text("😀"), gives: .bool(true)),
    FunctionCase("ends_with_string", .text("forté"), .text("té"), gives: .bool(true)),
    FunctionCase("ends_with_string", .text("a"), .null, fails: "`endsWith` does not take"),
  ])
  func parts(call: FunctionCase) throws { try call.check() }

  /// Against a search that tries every place; parts of many letters are searched otherwise than those of a few.
  @Test(arguments: [1, 20]) func everySmallText(repeatingEachLetter times: Int) throws {
    let first = try #require(FunctionLibrary.function(withID: "string_index_of_string"))
    let last = try #require(FunctionLibrary.function(withID: "string_last_index_of_string"))
    let texts = (0..<7).flatMap { length in
      (0..<(1 << length)).map { number in
        (0..<length).flatMap { [Character](repeating: number >> $0 & 1 == 0 ? "a" : "b", count: times) }
      }
    }
    for text in texts {
      for part in texts where part.count <= 4 * times {
        let places = text.indices.filter { text[$0...].starts(with: part) } + (part.isEmpty ? [text.count] : [])
        let arguments = [Value.text(String(text)), .text(String(part))]
        let found = (try first.apply(arguments), try last.apply(arguments))
        if found.0 != .int(Int64(places.first ?? -1)) || found.1 != .int(Int64(places.last ?? -1)) {
          Issue.record("\(text) \(part): \(found)")
        }
      }
    }
  }

  /// Each would take hours if every place were tried.
  @Test(.timeLimit(.minutes(1))) func timeIsLinear() throws {
    let text = Value.string(Text(validUTF8: [UInt8](repeating: 0x61, count: 300_000)))
    let half = [UInt8](repeating: 0x61, count: 150_000)
    for part in [half + [0x62], [0x62] + half, half + [0x62] + half] {
      let part = Value.string(Text(validUTF8: part))
      for id in ["string_index_of_string", "string_last_index_of_string", "string_split_string", "contains_string"] {
        _ = try #require(FunctionLibrary.function(withID: id)).apply([text, part])
      }
      let replace = try #require(FunctionLibrary.function(withID: "string_replace_string_string"))
      #expect(try replace.apply([text, part, text]) == text)
    }
  }
}
