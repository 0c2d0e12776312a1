import DxshExpressions
import DxshPlan

/// Takes the large parts out of the values that a batch is made of.
///
/// A text, or bytes, above the limit is a blob. A list, map or record is one when what is left of it without the parts
/// that are blobs is above the limit. So a list of large results refers to what the events of the steps refer to, a
/// large table of small rows is one blob, and equal values are cut alike wherever they are: what a value is cut into
/// depends on it alone. A list that grows by small elements is another blob each time: cutting texts or lists at places
/// that their content chooses would save that, and cost every large value more blobs, more look-ups and a format that
/// is harder to check.
struct BlobCollector {
  /// In bytes, roughly as they are written: without the names of fields.
  static let limit = 8 << 10
  /// The most bytes that the values of a batch may have together and still be cut, as SQLite takes them in one row
  /// (sqlite.org/limits.html): of more, stores refuse the batch.
  static let wholeLimit = 1_000_000_000
  /// Of a reference, roughly.
  private static let referenceSize = 40

  /// Those that others refer to before them.
  private(set) var blobs: [Blob] = []
  private var known: Set<SHA256Digest> = []
  /// Of the value that is being cut: for each list, map and record, in the order in which they begin, whether it is a
  /// blob.
  private var cuts: [Bool] = []
  private var nextCut = 0

  /// Writes a value anew, in parts, that was written as a whole from a mark on.
  mutating func cut(_ value: Value, from mark: ValueWriter.Mark, in writer: inout ValueWriter) {
    guard writer.bytes.count + writer.referred <= Self.wholeLimit else { return }
    let (size, before) = (writer.bytes.count - mark.position, blobs.count)
    cuts = []
    nextCut = 0
    _ = left(of: value)
    writer.undo(to: mark)
    writer.part(value, &self)
    guard writer.bytes.count - mark.position + writer.referred - mark.referred > 2 * size else { return }
    // Each blob has the names of its fields: where those are most of the value, it would only grow.
    for blob in blobs[before...] { known.remove(blob.digest) }
    blobs.removeSubrange(before...)
    writer.undo(to: mark)
    writer.value(value)
  }

  mutating func keep(_ bytes: [UInt8]) -> SHA256Digest {
    let blob = Blob(bytes)
    if known.insert(blob.digest).inserted { blobs.append(blob) }
    return blob.digest
  }

  /// Whether the next list, map or record is a blob.
  mutating func takeCut() -> Bool {
    nextCut += 1
    return cuts[nextCut - 1]
  }

  /// How many bytes a value has, roughly, without those of its parts that are blobs.
  private mutating func left(of value: Value) -> Int {
    switch value {
    case .none, .null, .bool: return 1
    case .int, .uint, .double, .size: return 9
    case .timestamp, .duration: return 16
    case .string(let text): return text.utf8.count > Self.limit ? Self.referenceSize : text.utf8.count + 2
    case .bytes(let content): return content.count > Self.limit ? Self.referenceSize : content.count + 2
    case .list(let elements): return left(of: elements)
    case .record(let record): return left(of: record.fields)
    case .map(let map):
      let place = cuts.count
      cuts.append(false)
      var sum = 2
      for entry in map.entries { sum += left(of: entry.key) + left(of: entry.value) }
      return close(place, sum)
    case .boxed(let box):
      if case .optional(let content) = box.content { return left(of: content) + 1 }
      return 32
    }
  }

  private mutating func left(of parts: [Value]) -> Int {
    let place = cuts.count
    cuts.append(false)
    var sum = 2
    for part in parts { sum += left(of: part) }
    return close(place, sum)
  }

  private mutating func close(_ place: Int, _ sum: Int) -> Int {
    guard sum > Self.limit else { return sum }
    cuts[place] = true
    return Self.referenceSize
  }
}

extension ValueWriter {
  /// Writes a value, or a reference to the blob that it is.
  fileprivate mutating func part(_ value: Value, _ blobs: inout BlobCollector) {
    switch value {
    case .string(let text) where text.utf8.count > BlobCollector.limit: refer(to: value, &blobs)
    case .bytes(let content) where content.count > BlobCollector.limit: refer(to: value, &blobs)
    case .list, .map, .record:
      guard blobs.takeCut() else { return parts(of: value, &blobs) }
      var inner = ValueWriter()
      inner.parts(of: value, &blobs)
      refer(to: blobs.keep(inner.bytes), whole: inner.bytes.count + inner.referred)
    case .boxed(let box):
      guard case .optional(let content) = box.content else { return self.value(value) }
      tag(.optional)
      part(content, &blobs)
    case .none, .null, .bool, .int, .uint, .double, .string, .bytes, .timestamp, .duration, .size: self.value(value)
    }
  }

  private mutating func refer(to leaf: Value, _ blobs: inout BlobCollector) {
    var inner = ValueWriter()
    inner.value(leaf)
    refer(to: blobs.keep(inner.bytes), whole: inner.bytes.count)
  }

  private mutating func parts(of value: Value, _ blobs: inout BlobCollector) {
    switch value {
    case .list(let elements):
      tag(.list)
      number(elements.count)
      for element in elements { part(element, &blobs) }
    case .map(let map):
      tag(.map)
      number(map.entries.count)
      for entry in map.entries {
        part(entry.key, &blobs)
        part(entry.value, &blobs)
      }
    case .record(let record):
      tag(.record)
      shape(record.shape)
      for field in record.fields { part(field, &blobs) }
    case .none, .null, .bool, .int, .uint, .double, .string, .bytes, .timestamp, .duration, .size, .boxed:
      self.value(value)
    }
  }
}
