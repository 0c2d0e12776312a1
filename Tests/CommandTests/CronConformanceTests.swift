import DxshExpressions
import DxshTestSupport
import Glibc
import Testing

/// Where the cases lie; nil when nobody said so.
private let conformanceFolder = getenv("DXSH_CONFORMANCE").map { String(cString: $0) + "/cron" }

/// Scores `dxsh schedules next --batch` on conformance cases of cron, where there are any: `make conformance` says
/// where. All have to pass; in `disagreements.jsonl` the ruling counts.
struct CronConformanceTests {
  @Test(.enabled(if: conformanceFolder != nil))
  func everyCasePasses() throws {
    let folder = try #require(conformanceFolder)
    let files = Program.shell("ls '\(folder)' | grep '\\.jsonl$'").output.split(separator: "\n").map(String.init)
    try #require(!files.isEmpty)
    var total = (passed: 0, count: 0)
    for file in files {
      let cases = try Self.objects(in: Repository.bytes(of: "\(folder)/\(file)") ?? []).map(CronCase.init)
      let answers = try Self.answers(to: cases)
      var passed = 0
      for (wanted, answer) in zip(cases, answers) {
        let isPassed = wanted.accepts(answer)
        if isPassed { passed += 1 }
        #expect(isPassed, "\(file): \(wanted.expression) in \(wanted.zone) after \(wanted.start)")
      }
      #expect(answers.count == cases.count)
      print("conformance: cron/\(file.dropLast(".jsonl".count)): \(passed)/\(cases.count)")
      total = (total.passed + passed, total.count + cases.count)
    }
    print("conformance: cron in all: \(total.passed)/\(total.count)")
  }

  private static func objects(in bytes: [UInt8]) throws -> [MapValue] {
    try bytes.split(separator: 10).compactMap { line in
      guard case .map(let fields) = try JSONReader.read(Array(line)) else { return nil }
      return fields
    }
  }

  private static func answers(to cases: [CronCase]) throws -> [MapValue] {
    let folder = TemporaryFolder()
    var requests: [UInt8] = []
    for wanted in cases { requests += try JSONWriter.write(wanted.request) + [10] }
    folder.write(requests, to: "requests")
    let output = Program.shell("dxsh schedules next --batch < requests", in: folder.path).output
    return try objects(in: Array(output.utf8))
  }
}

/// One case: an expression and when it has to fire.
private struct CronCase {
  let expression: String
  let zone: String
  let start: String
  private let count: Int
  /// Nil where the expression has to be refused.
  private let next: [Value]?
  /// Whether it may be refused too.
  private let isOptional: Bool

  init(_ fields: MapValue) {
    func text(_ name: String) -> String? {
      if case .string(let text)? = fields[name] { text.string } else { nil }
    }
    expression = text("expr") ?? ""
    zone = text("tz") ?? "UTC"
    start = text("start") ?? "2026-01-01T00:00:00Z"
    if case .list(let next)? = fields["ruling"] ?? fields["next"] { self.next = next } else { next = nil }
    count = max(1, next?.count ?? 1)
    isOptional = fields["optional"] == .bool(true)
  }

  var request: Value {
    .map(
      MapValue(distinct: [
        .init(key: .text("expr"), value: .text(expression)), .init(key: .text("tz"), value: .text(zone)),
        .init(key: .text("start"), value: .text(start)), .init(key: .text("count"), value: .int(Int64(count))),
      ]))
  }

  func accepts(_ answer: MapValue) -> Bool {
    guard let next else { return answer["error"] != nil }
    if isOptional, answer["error"] != nil { return true }
    return answer["next"] == .list(next)
  }
}
