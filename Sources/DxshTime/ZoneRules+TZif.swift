extension ZoneRules {
  /// The content of a TZif file of version 2 or later: RFC 9636, section 3. Nil when it is not one, when it breaks a
  /// rule that the arithmetic relies on, and when it counts leap seconds, which `Timestamp` does not.
  init?(tzif bytes: [UInt8]) {
    var reader = TZifReader(bytes: bytes[...])
    // The first block is for readers that know only 32 bits.
    guard let old = reader.takeHeader(), reader.skip(old.length(timeSize: 4)),
      let header = reader.takeHeader(), header.leapCount == 0, header.typeCount > 0,
      header.length(timeSize: 8) <= reader.bytes.count,
      let times = reader.takeTimes(header.timeCount), let indexes = reader.take(header.timeCount),
      let offsets = reader.takeOffsets(header.typeCount),
      reader.skip(header.nameLength + header.standardCount + header.universalCount),
      let footer = reader.takeFooter()
    else { return nil }
    var changes: [(time: Int, offset: Int)] = []
    for (time, index) in zip(times, indexes) {
      guard Int(index) < offsets.count, time > changes.last?.time ?? .min else { return nil }
      changes.append((time, offsets[Int(index)]))
    }
    var rule: YearlyRule?
    if !footer.isEmpty {
      rule = YearlyRule(text: footer)
      if rule == nil { return nil }
    }
    self.init(firstOffset: offsets[0], changes: changes, rule: rule)
  }
}

/// What is left of a TZif file that is being read. Numbers are big-endian.
private struct TZifReader {
  var bytes: ArraySlice<UInt8>

  /// The counts of one header, section 3.1; each below 2^32.
  struct Header {
    let universalCount: Int
    let standardCount: Int
    let leapCount: Int
    let timeCount: Int
    let typeCount: Int
    let nameLength: Int

    /// The bytes of the block that follows, section 3.2.
    func length(timeSize: Int) -> Int {
      timeCount * (timeSize + 1) + typeCount * 6 + nameLength + leapCount * (timeSize + 4) + standardCount
        + universalCount
    }
  }

  mutating func take(_ count: Int) -> ArraySlice<UInt8>? {
    guard count <= bytes.count else { return nil }
    defer { bytes = bytes.dropFirst(count) }
    return bytes.prefix(count)
  }

  mutating func skip(_ count: Int) -> Bool {
    take(count) != nil
  }

  mutating func takeHeader() -> Header? {
    guard let header = take(44), header.starts(with: "TZif".utf8), header[header.startIndex + 4] >= 0x32 else {
      return nil
    }
    let counts = stride(from: header.startIndex + 20, to: header.endIndex, by: 4).map { start in
      Int(truncatingIfNeeded: Self.number(header[start..<start + 4]))
    }
    return Header(
      universalCount: counts[0], standardCount: counts[1], leapCount: counts[2], timeCount: counts[3],
      typeCount: counts[4], nameLength: counts[5])
  }

  mutating func takeTimes(_ count: Int) -> [Int]? {
    guard let block = take(count * 8) else { return nil }
    return stride(from: block.startIndex, to: block.endIndex, by: 8).map { start in
      Int(truncatingIfNeeded: Self.number(block[start..<start + 8]))
    }
  }

  /// The offsets of the local time types, in seconds east of UTC. Nil when one is not between -25 and 26 hours, the
  /// range of section 3.2.
  mutating func takeOffsets(_ count: Int) -> [Int]? {
    guard let block = take(count * 6) else { return nil }
    let offsets = stride(from: block.startIndex, to: block.endIndex, by: 6).map { start in
      Int(Int32(truncatingIfNeeded: Self.number(block[start..<start + 4])))
    }
    return offsets.allSatisfy(TimeZone.offsets.contains) ? offsets : nil
  }

  /// The text between two line feeds, section 3.3.
  mutating func takeFooter() -> String? {
    guard take(1)?.first == 0x0A, let end = bytes.firstIndex(of: 0x0A) else { return nil }
    return String(decoding: bytes[..<end], as: UTF8.self)
  }

  private static func number(_ bytes: ArraySlice<UInt8>) -> UInt64 {
    bytes.reduce(0) { $0 << 8 | UInt64($1) }
  }
}
