import DxshExpressions
import DxshTestSupport
import Glibc
import Testing

/// Where the cases lie; nil when nobody said so.
private let conformanceFolder = getenv("DXSH_CONFORMANCE").map { String(cString: $0) + "/cel" }

/// Scores `dxsh eval --batch` on conformance cases of CEL, where there are any: `make conformance` says where.
///
/// A case that is known not to pass is named in `docs/cel-conformance.md`; any other failure, and a named case that
/// passes, fails the test.
struct CELConformanceTests {
  @Test(.enabled(if: conformanceFolder != nil))
  func everyCasePassesButThoseThatAreExplained() throws {
    let folder = try #require(conformanceFolder)
    let files = Program.shell("ls '\(folder)' | grep '\\.jsonl$'").output.split(separator: "\n").map(String.init)
    try #require(!files.isEmpty)
    let document = Repository.read("docs/cel-conformance.md") ?? ""
    var total = (passed: 0, count: 0)
    for file in files {
      let cases = try Self.cases("\(folder)/\(file)")
      let answers = try Self.answers("\(folder)/\(file)")
      var passed = 0
      for wanted in cases {
        let isPassed = wanted.accepts(answers[wanted.id])
        if isPassed { passed += 1 }
        let isExplained = document.contains("`\(wanted.id)`")
        #expect(isPassed != isExplained, "\(wanted.id): \(wanted.expression)")
      }
      print("conformance: cel/\(file.dropLast(".jsonl".count)): \(passed)/\(cases.count)")
      total = (total.passed + passed, total.count + cases.count)
    }
    print("conformance: cel in all: \(total.passed)/\(total.count)")
  }

  private static func cases(_ path: String) throws -> [ConformanceCase] {
    try lines(path).compactMap { line in try ConformanceCase(JSONReader.read(Array(line))) }
  }

  private static func answers(_ path: String) throws -> [String: MapValue] {
    let output = Program.shell("dxsh eval --batch < '\(path)'").output
    var answers: [String: MapValue] = [:]
    for line in output.utf8.split(separator: 10) {
      guard case .map(let answer) = try JSONReader.read(Array(line)), case .string(let id)? = answer["id"] else {
        continue
      }
      answers[id.string] = answer
    }
    return answers
  }

  private static func lines(_ path: String) -> [ArraySlice<UInt8>] {
    (Repository.bytes(of: path) ?? []).split(separator: 10)
  }
}

/// One case: an expression and what it has to come to.
private struct ConformanceCase {
  let id: String
  let expression: String
  private let expected: MapValue
  private let type: Value?

  /// Nil for texts on which implementations may differ.
  init?(_ form: Value) throws {
    guard case .map(let fields) = form, case .string(let id)? = fields["id"],
      case .string(let expression)? = fields["expr"], case .map(let expected)? = fields["expected"],
      fields["fringe"] != .bool(true)
    else { return nil }
    self.id = id.string
    self.expression = expression.string
    self.expected = expected
    self.type = fields["deduced_type"]
  }

  /// Any error passes for an error; values are compared by kind and content, and the type is the one stated.
  func accepts(_ answer: MapValue?) -> Bool {
    guard let answer else { return false }
    if expected["error"] != nil { return answer["error"] != nil }
    guard answer["error"] == nil, type == nil || answer["type"] == type else { return false }
    guard let value = expected["value"] else { return true }
    return answer["value"].map { isEqual(value, $0) } ?? false
  }

  private func isEqual(_ left: Value, _ right: Value) -> Bool {
    guard case .map(let a) = left, case .map(let b) = right, a.entries.count == 1, b.entries.count == 1,
      case .string(let kind) = a.entries[0].key, b.entries[0].key == .string(kind)
    else { return false }
    switch (kind.string, a.entries[0].value, b.entries[0].value) {
    case ("double", .string(let x), .string(let y)): return isEqual(number(x), number(y))
    case ("list", .list(let x), .list(let y)): return x.count == y.count && zip(x, y).allSatisfy(isEqual)
    case ("map", .list(let x), .list(let y)):
      return x.count == y.count
        && x.allSatisfy { entry in y.contains { isEqualPair(entry, $0) } }
    case ("optional", .map, .map): return isEqual(a.entries[0].value, b.entries[0].value)
    case ("duration", .string(let x), .string(let y)): return x == y || number(x) == number(y)
    case (_, let x, let y): return x == y
    }
  }

  private func isEqualPair(_ left: Value, _ right: Value) -> Bool {
    guard case .list(let a) = left, case .list(let b) = right, a.count == 2, b.count == 2 else { return false }
    return isEqual(a[0], b[0]) && isEqual(a[1], b[1])
  }

  /// NaN is NaN here, and `0.0` is `-0.0`.
  private func isEqual(_ left: Double?, _ right: Double?) -> Bool {
    guard let left, let right else { return false }
    return left == right || (left.isNaN && right.isNaN)
  }

  private func number(_ text: Text) -> Double? {
    let text = text.string
    return Double(text.hasSuffix("s") ? String(text.dropLast()) : text.replacing("Infinity", with: "inf"))
  }
}
