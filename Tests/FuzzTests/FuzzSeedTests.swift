import DxshFuzz
import DxshTestSupport
import Testing

/// What holds of every input holds of the seeds of `make fuzz`, and of what once broke it.
struct FuzzSeedTests {
  static let folder = "Tests/Fixtures/fuzz"
  static let inputs = Repository.files(below: folder)

  @Test(arguments: inputs)
  func holds(_ path: String) throws {
    let input = try #require(Repository.bytes(of: "\(Repository.root)/\(path)"))
    #expect(throws: Never.self, "\(Probe.description(of: input))") { try Probe.run(input) }
  }

  @Test func everyProbeHasSeeds() throws {
    var missing = Set(Probe.allCases.map(\.rawValue))
    for path in Self.inputs {
      let input = try #require(Repository.bytes(of: "\(Repository.root)/\(path)"))
      #expect(input.count < 1_000, "\(path)")
      if let first = input.first { missing.remove(first) }
    }
    #expect(missing == [])
    #expect(Self.inputs.count < 500)
  }
}
