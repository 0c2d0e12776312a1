internal import CDxshRE2

/// A pattern in RE2's syntax (github.com/google/re2/wiki/Syntax), which the CEL specification prescribes, compiled.
///
/// Searching takes time in proportion to the text, whatever the pattern. `\C`, a single byte, is refused, as Go does,
/// because it would take code points apart.
package final class RegularExpression: Sendable {
  /// Bytes of a pattern.
  package static let lengthLimit = 10_000
  /// Bytes of a compiled pattern with what searching caches.
  private static let memoryLimit: Int64 = 4 << 20

  private let compiled: dxsh_re2
  /// How many groups capture.
  package let groupCount: Int
  /// The number of instructions that the pattern became.
  package let size: Int

  /// Fails when the pattern is malformed or too large.
  package init(_ pattern: Text) throws(EvaluationError) {
    guard pattern.utf8.count <= Self.lengthLimit else {
      throw EvaluationError(
        .limit, "a pattern has at most \(Self.lengthLimit) bytes, this one has \(pattern.utf8.count)")
    }
    guard !Self.takesBytes(pattern.utf8) else { throw Self.malformed(pattern, "`\\C` is not supported") }
    var compiled = dxsh_re2(object: nil)
    var message = [CChar](repeating: 0, count: 200)
    let result = pattern.utf8.withUnsafeBytes { bytes in
      dxsh_re2_compile(
        bytes.bindMemory(to: CChar.self).baseAddress, bytes.count, Self.memoryLimit, &compiled, &message, message.count)
    }
    switch result {
    case .found: break
    case .malformed:
      let text = message.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
      throw Self.malformed(pattern, String(decoding: text, as: UTF8.self))
    case .tooLarge, .nothing, .failed:
      throw EvaluationError(.limit, "the pattern \(Value.string(pattern).summary) needs more memory than a pattern may")
    }
    self.compiled = compiled
    self.groupCount = dxsh_re2_group_count(compiled)
    self.size = dxsh_re2_size(compiled)
  }

  deinit {
    dxsh_re2_free(compiled)
  }

  private static func malformed(_ pattern: Text, _ reason: String) -> EvaluationError {
    EvaluationError(.decode, "\(Value.string(pattern).summary) is no regular expression: \(reason)")
  }

  /// Whether `\C` stands in the pattern outside `\Q…\E`.
  private static func takesBytes(_ pattern: [UInt8]) -> Bool {
    var position = 0
    var isQuoted = false
    while position + 1 < pattern.count {
      guard pattern[position] == 0x5C else {
        position += 1
        continue
      }
      let escaped = pattern[position + 1]
      if isQuoted {
        guard escaped == 0x45 else {
          position += 1
          continue
        }
        isQuoted = false
      } else if escaped == 0x51 {
        isQuoted = true
      } else if escaped == 0x43 {
        return true
      }
      position += 2
    }
    return false
  }
}

extension RegularExpression {
  /// The offsets of a match in the bytes of a text.
  package struct Match: Sendable, Hashable {
    package let range: Range<Int>
    /// Of the groups that were asked for; nil for one that took no part.
    package let groups: [Range<Int>?]
  }

  /// Whether the pattern matches some part of the text, which is valid UTF-8.
  package func matches(_ text: [UInt8]) throws(EvaluationError) -> Bool {
    try search(text, from: 0, groups: 0) != nil
  }

  /// The leftmost match that begins at `start` or later; what stands before `start` counts as context. Its ends are
  /// between code points. Charges for searching again from `start`, not for the pass over the text.
  package func firstMatch(
    in text: [UInt8], from start: Int = 0, groups: Int = 0, _ meter: inout Meter
  ) throws(EvaluationError) -> Match? {
    var start = start
    while true {
      // RE2 may look far ahead of where a match ends, and nothing tells how far it did.
      try meter.charge(1 + (text.count - start) >> 11)
      guard let offsets = try search(text, from: start, groups: groups + 1), let range = Self.range(in: offsets, 0)
      else { return nil }
      // RE2 looks at bytes: `\B` alone also matches inside a code point.
      guard range.lowerBound < text.count, text[range.lowerBound] & 0xC0 == 0x80 else {
        return Match(range: range, groups: (0..<groups).map { Self.range(in: offsets, $0 + 1) })
      }
      start = range.lowerBound + 1
      while start < text.count, text[start] & 0xC0 == 0x80 { start += 1 }
    }
  }

  /// Pairs of offsets; nil when there is no match.
  private func search(_ text: [UInt8], from start: Int, groups: Int) throws(EvaluationError) -> [Int]? {
    var offsets = [Int](repeating: -1, count: 2 * groups)
    let result = text.withUnsafeBytes { bytes in
      dxsh_re2_find(
        compiled, bytes.bindMemory(to: CChar.self).baseAddress, bytes.count, start, &offsets, groups)
    }
    switch result {
    case .found: return offsets
    case .nothing: return nil
    case .malformed, .tooLarge, .failed: throw EvaluationError(.limit, "there is no memory to search with a pattern")
    }
  }

  private static func range(in offsets: [Int], _ index: Int) -> Range<Int>? {
    offsets[2 * index] < 0 ? nil : offsets[2 * index]..<offsets[2 * index + 1]
  }
}
