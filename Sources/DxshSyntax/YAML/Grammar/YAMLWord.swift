/// The keys of the YAML form that have a meaning of their own.
enum YAMLWord: String, Sendable, Hashable, CaseIterable {
  // Of a file.
  case imports, secrets, consts, types, enums, connections, funcs, nodes, defaults, workflows, tests
  // Of declarations.
  case from, `as`, names, type, value, `where`, generics, params, returns, effect, `throws`, uses, timeout, run
  case `default`, sink, annotations, was
  case schedules, triggers, limits, `do`, finally
  // Of items.
  case `let`, step, wait, approval, `if`, match, `for`, `repeat`, sequence, `try`, assert, fail, output
  case call, args, after, requires, with, collect, any, form, then, `else`, cases, when, index, `in`, next, `while`
  case `catch`, message, kind
  // Of tests.
  case mock, decide, send, clock, fire, crash, expect, at

  private static let table: [UInt64: YAMLWord] = {
    var table: [UInt64: YAMLWord] = [:]
    for word in allCases { table[key(Array(word.rawValue.utf8)[...])] = word }
    return table
  }()

  /// The first eight bytes and the length.
  private static func key(_ bytes: some Collection<UInt8>) -> UInt64 {
    var key = UInt64(bytes.count)
    for byte in bytes.prefix(8) { key = key &* 0x100_0000_01B3 ^ UInt64(byte) }
    return key
  }

  /// The word that is written so.
  init?(_ bytes: UnsafeBufferPointer<UInt8>) {
    guard bytes.count <= 11, let word = YAMLWord.table[YAMLWord.key(bytes)] else { return nil }
    guard word.rawValue.utf8.elementsEqual(bytes) else { return nil }
    self = word
  }
}
