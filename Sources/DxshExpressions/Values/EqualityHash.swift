import DxshTime

/// A hash that equal values share, whatever their kinds: CEL's equality compares numbers across kinds, maps without
/// regard to order, and records with maps.
///
/// The whole value is visited and charged for, a unit for each part. Throws beyond the budget and beyond
/// `depthLimit`.
struct EqualityHash {
  /// How deeply a value may nest.
  static let depthLimit = 500

  let hash: Int
  /// Whether NaN is part of the value, so that it equals nothing, not even itself.
  let hasNaN: Bool

  init(_ value: Value, _ meter: inout Meter) throws(EvaluationError) {
    var visitor = Visitor(meter: meter)
    defer { meter = visitor.meter }
    var hasher = Hasher()
    try visitor.visit(value, &hasher, depth: 0)
    self.hash = hasher.finalize()
    self.hasNaN = visitor.hasNaN
  }

  /// What tells kinds apart that are never equal.
  private enum Tag: UInt8, Hashable {
    case none, null, bool, int, largeUInt, fraction, string, bytes, timestamp, duration, size, list, map, optional, type
    case decimal, money, ip, cidr, file
  }

  private struct Visitor {
    var meter: Meter
    var hasNaN = false

    mutating func visit(_ value: Value, _ hasher: inout Hasher, depth: Int) throws(EvaluationError) {
      guard depth <= EqualityHash.depthLimit else {
        throw EvaluationError(.limit, "a value nests more than \(EqualityHash.depthLimit) deep")
      }
      try meter.charge(1)
      switch value {
      case .none: hasher.combine(Tag.none)
      case .null: hasher.combine(Tag.null)
      case .bool(let value): combine(.bool, value, &hasher)
      case .int(let value): combine(.int, value, &hasher)
      case .uint(let value): combine(value, &hasher)
      case .double(let value): combine(value, &hasher)
      case .string(let text):
        try meter.charge(text.utf8.count >> 5)
        combine(.string, text, &hasher)
      case .bytes(let bytes):
        try meter.charge(bytes.count >> 5)
        combine(.bytes, bytes, &hasher)
      case .timestamp(let value): combine(.timestamp, value, &hasher)
      case .duration(let value): combine(.duration, value, &hasher)
      case .size(let value): combine(.size, value, &hasher)
      case .list(let elements):
        combine(.list, elements.count, &hasher)
        for element in elements { try visit(element, &hasher, depth: depth + 1) }
      case .map(let map):
        try visit(map.entries.lazy.map { ($0.key, $0.value) }, &hasher, depth)
      case .record(let record):
        let present = zip(record.shape.names, record.fields).lazy.filter { !$0.1.isNone }
        try visit(present.map { (Value.text($0.0), $0.1) }, &hasher, depth)
      case .boxed(let box): try visit(box, &hasher, depth)
      }
    }

    /// Entries in any order.
    private mutating func visit(
      _ entries: some Sequence<(Value, Value)>, _ hasher: inout Hasher, _ depth: Int
    ) throws(EvaluationError) {
      var sum = 0
      var count = 0
      for (key, value) in entries {
        var entry = Hasher()
        try visit(key, &entry, depth: depth + 1)
        try visit(value, &entry, depth: depth + 1)
        sum &+= entry.finalize()
        count += 1
      }
      combine(.map, count, &hasher)
      hasher.combine(sum)
    }

    private mutating func visit(
      _ box: BoxedValue, _ hasher: inout Hasher, _ depth: Int
    ) throws(EvaluationError) {
      switch box.content {
      case .optional(let value):
        hasher.combine(Tag.optional)
        try visit(value, &hasher, depth: depth + 1)
      case .type(let type): combine(.type, type, &hasher)
      case .decimal(let number): combine(.decimal, number, &hasher)
      case .money(let money):
        combine(.money, money.currency, &hasher)
        combine(.decimal, money.amount, &hasher)
      case .ip(let address): combine(.ip, address, &hasher)
      case .cidr(let block): combine(.cidr, block, &hasher)
      case .file(let artifact): combine(.file, artifact, &hasher)
      case .failure(let failure): combine(.type, failure, &hasher)
      }
    }

    private func combine(_ tag: Tag, _ content: some Hashable, _ hasher: inout Hasher) {
      hasher.combine(tag)
      hasher.combine(content)
    }

    private func combine(_ number: UInt64, _ hasher: inout Hasher) {
      if let whole = Int64(exactly: number) {
        combine(.int, whole, &hasher)
      } else {
        combine(.largeUInt, number, &hasher)
      }
    }

    private mutating func combine(_ number: Double, _ hasher: inout Hasher) {
      if let whole = Int64(exactly: number) {
        combine(.int, whole, &hasher)
      } else if let whole = UInt64(exactly: number) {
        combine(.largeUInt, whole, &hasher)
      } else {
        if number.isNaN { hasNaN = true }
        combine(.fraction, number.bitPattern, &hasher)
      }
    }
  }
}
