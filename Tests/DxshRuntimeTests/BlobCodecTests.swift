import DxshExpressions
import DxshPlan
import DxshTestSupport
import DxshTime
import Testing

@testable import DxshRuntime

/// Large values in parts.
struct BlobCodecTests {
  private static let now = Timestamp(seconds: 1_767_225_600, nanoseconds: 0) ?? .epoch
  private static let shape = RecordShape(["name", "content"])

  private static func batch(_ values: [Value]) -> JournalBatch {
    JournalBatch(number: 0, values.map { RecordedEvent(path: "a", kind: .succeeded($0), at: now) })
  }

  private static func values(_ batch: JournalBatch) throws -> [Value] {
    try JournalCodec.decode(batch).map { event in
      if case .succeeded(let value) = event.kind { value } else { .none }
    }
  }

  private static func text(_ letter: String, _ count: Int = 10_000) -> Value {
    .text(String(repeating: letter, count: count))
  }

  private static func page(_ letter: String) -> Value { .record(RecordValue(shape, [.text(letter), text(letter)])) }

  @Test func largePartsAreKeptOnce() throws {
    let rows = Value.list((0..<1000).map { .record(RecordValue(Self.shape, [.int($0), .text("row \($0)")])) })
    for (values, blobs) in [
      ([Self.text("a", 8_192)], 0), ([Self.text("a", 8_193)], 1), ([Self.text("a"), Self.text("a")], 1),
      // Each page's content, and what is left of the list is small.
      ([.list([Self.page("a"), Self.page("b"), Self.page("a")]), Self.page("b")], 2),
      // A table, alone and as a part.
      ([rows, .list([rows, .int(1)]), .boxed(.init(.optional(rows)))], 1),
      // The texts, and the list of references to them.
      ([.list((0..<300).map { Self.text("\($0)") })], 301),
      (
        [.bytes([UInt8](repeating: 7, count: 9_000)), .map(MapValue(distinct: [.init(key: .text("k"), value: rows)]))],
        2
      ),
    ] as [([Value], Int)] {
      let batch = Self.batch(values)
      #expect(batch.blobs.count == blobs)
      let copies = try Self.values(batch)
      #expect(copies.count == values.count && zip(copies, values).allSatisfy { $0.isIdentical(to: $1) })
      #expect(JournalCodec.references(in: batch.bytes) == batch.blobs.map(\.digest))
      #expect(blobs == 0 || batch.bytes.count < 256 + 80 * blobs)
      // All in one, as messages are kept, it is the same.
      let whole = JournalCodec.encode(try JournalCodec.decode(batch))
      #expect(try Self.values(JournalBatch(number: 0, bytes: whole)) == values)
      #expect(JournalCodec.references(in: whole) == [])
    }
  }

  @Test(arguments: 0..<100)
  func everyLargeValueReadsBack(_ seed: UInt64) throws {
    var random = SeededGenerator(seed)
    let value = Self.value(&random, depth: 0)
    let batch = Self.batch([value, .list([value, value])])
    let copies = try Self.values(batch)
    #expect(copies[0].isIdentical(to: value) && copies[1].isIdentical(to: .list([value, value])))
    // Cut alike wherever it stands.
    let alone = Set(Self.batch([value]).blobs)
    #expect(alone.isSubset(of: batch.blobs))
  }

  private static func value(_ random: inout SeededGenerator, depth: Int) -> Value {
    let count = Int.random(in: 0...6, using: &random)
    switch depth < 4 ? Int.random(in: 0...6, using: &random) : 6 {
    case 0, 1: return .list((0..<count).map { _ in value(&random, depth: depth + 1) })
    case 2: return .record(RecordValue(shape, [value(&random, depth: depth + 1), value(&random, depth: depth + 1)]))
    case 3:
      return .map(
        MapValue(distinct: (0..<count).map { .init(key: .int(Int64($0)), value: value(&random, depth: depth + 1)) }))
    case 4: return .boxed(.init(.optional(value(&random, depth: depth + 1))))
    case 5: return .list((0..<Int64.random(in: 0...3000, using: &random)).map { .int($0) })
    default: return text("\(count)", Int.random(in: 0...20_000, using: &random))
    }
  }

  @Test func deepLargeValuesReadBack() throws {
    var value = Self.text("a")
    for depth in 0..<500 { value = .list([value, depth % 50 == 0 ? Self.text("\(depth)", 8_000) : .int(1)]) }
    #expect(try Self.values(Self.batch([value])) == [value])
  }

  /// In parts that have each the names of their fields it would only grow.
  @Test func namesAreNotRepeated() throws {
    let shape = RecordShape((0..<1000).map { "\($0)" + String(repeating: "n", count: 100) })
    let rows = Value.list(
      (0..<20).map { row in .record(RecordValue(shape, (0..<1000).map { .int(Int64(row * 1000 + $0)) })) })
    let batch = Self.batch([rows])
    #expect(batch.size < 200_000)
    #expect(try Self.values(batch) == [rows])
  }

  @Test func whatIsMissingOrDamagedIsSaid() throws {
    let batch = Self.batch([.list((0..<300).map { Self.text("\($0)") })])
    for index in [0, 150, 300] {
      var wrong = batch
      wrong.blobs.remove(at: index)
      let missing = #expect(throws: RunStoreError.self) { try JournalCodec.decode(wrong) }
      #expect(missing?.kind == .damaged && missing?.message.contains(", is missing; restore") == true)
      var bytes = batch.blobs[index].bytes
      bytes[bytes.count / 2] ^= 1
      wrong.blobs.insert(Blob(digest: batch.blobs[index].digest, bytes: bytes), at: index)
      let damaged = #expect(throws: RunStoreError.self) { try JournalCodec.decode(wrong) }
      #expect(damaged?.kind == .damaged && damaged?.message.contains(", is damaged; restore") == true)
    }
  }

  // MARK: - What no encoder gives

  /// A batch of blobs, and of one value for each of some of them.
  private static func batch(_ blobs: [Blob], _ references: [(digest: SHA256Digest, whole: Int)]) -> JournalBatch {
    var writer = ValueWriter()
    writer.byte(JournalCodec.version)
    writer.moment(now)
    writer.number(references.count)
    for reference in references {
      writer.byte(3)
      writer.text("a")
      writer.signed(0)
      writer.refer(to: reference.digest, whole: reference.whole)
    }
    for blob in blobs { writer.raw(blob.digest.bytes) }
    writer.fourBytes(blobs.count)
    writer.bits(JournalCodec.checksum(writer.bytes[...]))
    return JournalBatch(number: 0, bytes: writer.bytes, blobs: blobs)
  }

  /// A few bytes that stand for more than any memory holds: each list has the one before a thousand times.
  @Test func referencesToReferencesAreBounded() throws {
    var leaf = ValueWriter()
    leaf.value(Self.text("a", 60_000))
    var blobs = [Blob(leaf.bytes)]
    var wholes = [leaf.bytes.count]
    for level in 0..<4 {
      var list = ValueWriter()
      list.tag(.list)
      list.number(1000)
      for _ in 0..<1000 { list.refer(to: blobs[level].digest, whole: wholes[level]) }
      blobs.append(Blob(list.bytes))
      wholes.append(list.bytes.count + list.referred)
    }
    func read(_ level: Int) throws -> Value {
      try Self.values(Self.batch(Array(blobs[...level]), [(blobs[level].digest, wholes[level])]))[0]
    }
    #expect(try read(1) == .list(Array(repeating: Self.text("a", 60_000), count: 1000)))
    for level in 2...4 { #expect(throws: RunStoreError.self) { try read(level) } }
    // What a reference says of the size is compared.
    #expect(throws: RunStoreError.self) { try Self.values(Self.batch([blobs[0]], [(blobs[0].digest, 7)])) }
    #expect(throws: RunStoreError.self) { try Self.values(Self.batch([], [(blobs[0].digest, wholes[0])])) }
  }

  /// A value that was read before is as deep where it stands again.
  @Test func depthIsCountedThroughReferences() throws {
    var blobs: [Blob] = []
    var wholes: [Int] = []
    for level in 0..<3 {
      var writer = ValueWriter()
      for _ in 0..<1500 {
        writer.tag(.list)
        writer.number(1)
      }
      if level == 0 {
        writer.value(.int(1))
      } else {
        writer.refer(to: blobs[level - 1].digest, whole: wholes[level - 1])
      }
      blobs.append(Blob(writer.bytes))
      wholes.append(writer.bytes.count + writer.referred)
    }
    let references = zip(blobs, wholes).map { ($0.digest, $1) }
    #expect(try Self.values(Self.batch(Array(blobs[..<2]), Array(references[..<2]))).count == 2)
    #expect(throws: RunStoreError.self) { try Self.values(Self.batch(blobs, references)) }
  }
}
