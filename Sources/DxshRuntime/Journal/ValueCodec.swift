import DxshExpressions
import DxshPlan
import DxshTime

/// Values as bytes, exactly: what is read is identical to what was written, down to the bits of a double.
///
/// A tag of one byte, then the content: numbers are LEB128 (signed ones zigzag), doubles eight bytes little-endian,
/// texts and bytes a length and the bytes. A record names its shape by number; a shape's first use gives its field
/// names.
/// Written once and read many times, so tags never change their meaning (`JournalCodec.version`).
enum ValueTag: UInt8 {
  case none, null, no, yes, int, uint, double, string, bytes, timestamp, duration, size, list, map, record
  case decimal, money, ip, cidr, optional, type, file
  // Since version 6 of the journal. The digest of a `Blob` (32 bytes), then how many bytes it and all that it refers to
  // have.
  case blob
}

/// Appends numbers, texts and values to a growing buffer.
struct ValueWriter {
  private(set) var bytes: [UInt8] = []
  private var shapes: [ObjectIdentifier: Int] = [:]
  /// Keeps what `shapes` identifies alive.
  private var known: [RecordShape] = []
  /// How many bytes those values have, as wholes, to which there are references.
  private(set) var referred = 0

  /// A place to which what was written may be taken back.
  struct Mark {
    let position: Int
    let shapes: Int
    let referred: Int
  }

  var mark: Mark { Mark(position: bytes.count, shapes: known.count, referred: referred) }

  mutating func undo(to mark: Mark) {
    bytes.removeSubrange(mark.position...)
    for shape in known[mark.shapes...] { shapes[ObjectIdentifier(shape)] = nil }
    known.removeSubrange(mark.shapes...)
    referred = mark.referred
  }

  /// - whole: how many bytes the blob has, and all that it refers to
  mutating func refer(to digest: SHA256Digest, whole: Int) {
    tag(.blob)
    bytes += digest.bytes
    number(whole)
    referred += whole
  }

  mutating func raw(_ content: [UInt8]) { bytes += content }

  mutating func byte(_ byte: UInt8) { bytes.append(byte) }

  mutating func number(_ number: UInt64) {
    var rest = number
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }

  mutating func number(_ number: Int) { self.number(UInt64(number)) }

  mutating func signed(_ number: Int64) { self.number(UInt64(bitPattern: number << 1 ^ number >> 63)) }

  mutating func text(_ text: String) {
    var text = text
    text.withUTF8 { utf8 in
      number(utf8.count)
      bytes.append(contentsOf: utf8)
    }
  }

  mutating func moment(_ moment: Timestamp) {
    signed(moment.seconds)
    number(Int(moment.nanoseconds))
  }

  mutating func value(_ value: Value) {
    switch value {
    case .none: tag(.none)
    case .null: tag(.null)
    case .bool(let flag): tag(flag ? .yes : .no)
    case .int(let number):
      tag(.int)
      signed(number)
    case .uint(let number):
      tag(.uint)
      self.number(number)
    case .double(let number):
      tag(.double)
      bits(number.bitPattern)
    case .string(let text):
      tag(.string)
      number(text.utf8.count)
      bytes += text.utf8
    case .bytes(let content):
      tag(.bytes)
      number(content.count)
      bytes += content
    case .timestamp(let moment):
      tag(.timestamp)
      self.moment(moment)
    case .duration(let span):
      tag(.duration)
      signed(span.seconds)
      signed(Int64(span.nanoseconds))
    case .size(let size):
      tag(.size)
      signed(size)
    case .list(let elements):
      tag(.list)
      number(elements.count)
      for element in elements { self.value(element) }
    case .map(let map):
      tag(.map)
      number(map.entries.count)
      for entry in map.entries {
        self.value(entry.key)
        self.value(entry.value)
      }
    case .record(let record):
      tag(.record)
      shape(record.shape)
      for field in record.fields { self.value(field) }
    case .boxed(let box): self.box(box)
    }
  }

  private mutating func box(_ box: BoxedValue) {
    switch box.content {
    case .decimal(let number):
      tag(.decimal)
      text(number.text)
    case .money(let money):
      tag(.money)
      text(money.text)
    case .ip(let address):
      tag(.ip)
      text(address.text)
    case .cidr(let block):
      tag(.cidr)
      text(block.text)
    case .file(let artifact):
      tag(.file)
      text(artifact.text)
    case .optional(let content):
      tag(.optional)
      value(content)
    case .type(let type):
      tag(.type)
      let form = JSONForm.type(type)
      value(form)
    case .failure: preconditionFailure("a failure is no result of a step")
    }
  }

  /// Eight bytes, the lowest first.
  mutating func bits(_ bits: UInt64) {
    for shift in stride(from: 0, to: 64, by: 8) { bytes.append(UInt8(truncatingIfNeeded: bits >> shift)) }
  }

  /// The lowest first.
  mutating func fourBytes(_ number: Int) {
    for shift in stride(from: 0, to: 32, by: 8) { bytes.append(UInt8(truncatingIfNeeded: number >> shift)) }
  }

  mutating func tag(_ tag: ValueTag) { bytes.append(tag.rawValue) }

  mutating func shape(_ shape: RecordShape) {
    if let position = shapes[ObjectIdentifier(shape)] { return number(position) }
    number(known.count)
    shapes[ObjectIdentifier(shape)] = known.count
    known.append(shape)
    number(shape.names.count)
    for name in shape.names { text(name) }
  }
}

/// Reads what a `ValueWriter` wrote. Anything else throws, and never traps or takes memory that the input does not
/// have.
struct ValueReader {
  /// The bytes are not what a writer writes.
  struct Malformed: Error {}

  /// Far above what JSON input (`JSONReader.depthLimit`) can bring in.
  static let depthLimit = 4_096
  /// For how many levels a reference counts: following one takes more of the stack.
  private static let referenceDepth = 4

  private let bytes: [UInt8]
  private var position: Int
  private var shapes: [RecordShape] = []
  /// Where references lead to.
  var blobs = BlobValues()
  /// How many bytes those values have, as wholes, to which there were references.
  private(set) var referred = 0
  /// How deep the deepest value is nested.
  private(set) var deepest = 0

  init(_ bytes: [UInt8], from position: Int = 0) {
    self.bytes = bytes
    self.position = position
  }

  var isAtEnd: Bool { position == bytes.count }

  mutating func byte() throws(Malformed) -> UInt8 {
    guard position < bytes.count else { throw Malformed() }
    position += 1
    return bytes[position - 1]
  }

  mutating func number() throws(Malformed) -> UInt64 {
    var result: UInt64 = 0
    for shift in stride(from: UInt64(0), to: 70, by: 7) {
      let next = try byte()
      if shift == 63, next > 1 { throw Malformed() }
      result |= UInt64(next & 0x7F) << shift
      if next < 0x80 { return result }
    }
    throw Malformed()
  }

  /// A number that fits `Int`.
  mutating func int() throws(Malformed) -> Int {
    guard let number = Int(exactly: try number()) else { throw Malformed() }
    return number
  }

  /// A count of things that take at least one byte each.
  mutating func count() throws(Malformed) -> Int {
    let count = try int()
    guard count <= bytes.count - position else { throw Malformed() }
    return count
  }

  mutating func signed() throws(Malformed) -> Int64 {
    let number = try number()
    return Int64(bitPattern: number >> 1) ^ -Int64(bitPattern: number & 1)
  }

  mutating func text() throws(Malformed) -> String {
    guard let text = String(validating: try raw(try count()), as: UTF8.self) else { throw Malformed() }
    return text
  }

  mutating func moment() throws(Malformed) -> Timestamp {
    guard let moment = Timestamp(seconds: try signed(), nanoseconds: Int64(try int())) else { throw Malformed() }
    return moment
  }

  mutating func value(depth: Int = 0) throws(Malformed) -> Value {
    guard depth < Self.depthLimit, let tag = ValueTag(rawValue: try byte()) else { throw Malformed() }
    switch tag {
    case .none: return .none
    case .null: return .null
    case .no: return .bool(false)
    case .yes: return .bool(true)
    case .int: return .int(try signed())
    case .uint: return .uint(try number())
    case .double:
      var pattern: UInt64 = 0
      for shift in stride(from: UInt64(0), to: 64, by: 8) { pattern |= UInt64(try byte()) << shift }
      return .double(Double(bitPattern: pattern))
    case .string:
      let text = try raw(try count())
      guard String(validating: text, as: UTF8.self) != nil else { throw Malformed() }
      return .string(Text(validUTF8: Array(text)))
    case .bytes: return .bytes(Array(try raw(try count())))
    case .timestamp: return .timestamp(try moment())
    case .duration:
      guard let span = TimeSpan(seconds: try signed(), nanoseconds: try signed()) else { throw Malformed() }
      return .duration(span)
    case .size: return .size(try signed())
    case .list: return .list(try values(try count(), depth + 1))
    case .map:
      let parts = try values(try doubled(try count()), depth + 1)
      let entries = stride(from: 0, to: parts.count, by: 2).map {
        MapValue.Entry(key: parts[$0], value: parts[$0 + 1])
      }
      guard let map = MapValue(entries) else { throw Malformed() }
      return .map(map)
    case .record:
      let shape = try shape()
      return .record(RecordValue(shape, try values(shape.names.count, depth + 1)))
    case .decimal: return .box(.decimal(try parsed(Decimal.init(text:))))
    case .money: return .box(.money(try parsed(Money.init(text:))))
    case .ip: return .box(.ip(try parsed(IPAddress.init(text:))))
    case .cidr: return .box(.cidr(try parsed(CIDRBlock.init(text:))))
    case .file: return .box(.file(try parsed(Artifact.init(text:))))
    case .optional: return .box(.optional(try value(depth: depth + 1)))
    case .type:
      let form = try value(depth: depth + 1)
      guard let type = try? JSONForm.type(form) else { throw Malformed() }
      return .box(.type(type))
    case .blob: return try blob(depth)
    }
  }

  private mutating func blob(_ depth: Int) throws(Malformed) -> Value {
    guard let digest = SHA256Digest(try raw(32)) else { throw Malformed() }
    let inner = depth + Self.referenceDepth
    let known = try blobs.value(of: digest, depth: inner)
    guard try int() == known.whole else { throw Malformed() }
    deepest = max(deepest, inner + known.height)
    referred += known.whole
    // A few references can stand for more than any memory holds; nothing that is cut has so much.
    guard referred <= 4 * BlobCollector.wholeLimit else { throw Malformed() }
    return known.value
  }

  private mutating func parsed<Content>(_ read: (String) -> Content?) throws(Malformed) -> Content {
    guard let content = read(try text()) else { throw Malformed() }
    return content
  }

  private mutating func values(_ count: Int, _ depth: Int) throws(Malformed) -> [Value] {
    guard count <= bytes.count - position else { throw Malformed() }
    deepest = max(deepest, depth)
    var values: [Value] = []
    values.reserveCapacity(count)
    for _ in 0..<count { values.append(try value(depth: depth)) }
    return values
  }

  private func doubled(_ count: Int) throws(Malformed) -> Int {
    let (result, overflows) = count.multipliedReportingOverflow(by: 2)
    if overflows { throw Malformed() }
    return result
  }

  private mutating func raw(_ count: Int) throws(Malformed) -> ArraySlice<UInt8> {
    guard count <= bytes.count - position else { throw Malformed() }
    position += count
    return bytes[position - count..<position]
  }

  private mutating func shape() throws(Malformed) -> RecordShape {
    let number = try int()
    if number < shapes.count { return shapes[number] }
    guard number == shapes.count else { throw Malformed() }
    var names: [String] = []
    for _ in 0..<(try count()) { names.append(try text()) }
    let shape = RecordShape(names)
    shapes.append(shape)
    return shape
  }
}
