import DxshSyntax
import DxshTestSupport
import Testing

/// No document makes the reader crash, take long, or point outside of its file.
@Suite struct YAMLRobustnessTests {
  private func survives(_ bytes: [UInt8]) -> [Diagnostic] {
    let file = SourceFile(id: FileID(0), name: "test.yaml", bytes: bytes)
    let diagnostics = parse(file).diagnostics
    for diagnostic in diagnostics {
      let ranges =
        [diagnostic.range] + diagnostic.related.map(\.range) + (diagnostic.fix?.edits.map(\.range) ?? [])
      #expect(ranges.allSatisfy { $0.start <= $0.end && $0.end <= bytes.count })
    }
    return diagnostics
  }

  private func codes(_ text: String) -> Set<String> { Set(survives(Array(text.utf8)).map(\.code.rawValue)) }

  @Test func deepDocumentsAreRefused() {
    let depth = 100_000
    for (open, close) in [("[", "]"), ("{ a: ", "}"), ("- ", ""), ("? ", "")] {
      let text = String(repeating: open, count: depth) + String(repeating: close, count: depth)
      #expect(codes("consts:\n  c: " + text).count <= 3)
      #expect(codes("consts:\n  c:\n    " + text).contains("E0005"), "\(open)")
    }
    let block = (0..<2_000).map { String(repeating: " ", count: $0) + "a:\n" }.joined()
    #expect(codes(block).contains("E0005"))
    let items = String(repeating: "[{ sequence: ", count: 150) + "[]" + String(repeating: "}]", count: 150)
    #expect(codes("workflows:\n  w:\n    do: \(items)\n") == [])
    let more = String(repeating: "[{ sequence: ", count: 203) + "[]" + String(repeating: "}]", count: 203)
    #expect(codes("workflows:\n  w:\n    do: \(more)\n") == ["E0005"])
  }

  @Test func aliasesCannotExplode() {
    var text = "consts:\n  a0: &a0 [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]\n"
    for level in 1...40 {
      text += "  a\(level): &a\(level) [\(Array(repeating: "*a\(level - 1)", count: 10).joined(separator: ", "))]\n"
    }
    #expect(codes(text) == ["E0015"])
    var merges = "consts:\n  m0: &m0 { x: 1 }\n"
    for level in 1...30 { merges += "  m\(level): &m\(level) { <<: [*m\(level - 1), *m\(level - 1)], y\(level): 1 }\n" }
    #expect(codes(merges) == ["E0015"])
  }

  @Test func badBytesAreSaidOnce() {
    for bytes in [[0xFF], [0xC3], [0xE2, 0x82], [0], [0xFE, 0xFF, 0, 0x61]] as [[UInt8]] {
      let text = Array("consts:\n  c: a".utf8) + bytes + Array("b\n  d: 1\n".utf8)
      #expect(Set(survives(text).map(\.code)) == [.badEncoding])
    }
    #expect(codes("consts:\n  c: \"a\u{202E}b\"\n") == ["E0006"])
  }

  @Test(arguments: documents)
  func everyPrefixAndEveryMissingLineSurvives(_ text: String) {
    let bytes = Array(text.utf8)
    for end in 0..<bytes.count { _ = survives(Array(bytes[..<end])) }
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    for index in lines.indices {
      var rest = lines
      rest.remove(at: index)
      _ = survives(Array(rest.joined(separator: "\n").utf8))
    }
  }

  @Test(arguments: documents)
  func changedBytesSurvive(_ text: String) {
    var random = SeededGenerator(1)
    for _ in 0..<500 {
      var bytes = Array(text.utf8)
      for _ in 0..<3 {
        bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
      }
      _ = survives(bytes)
    }
    let marks = Array("{}[]:,&*#|>-?!%@`\"'\t\n $<~".utf8)
    for _ in 0..<500 {
      var bytes = Array(text.utf8)
      for _ in 0..<2 {
        bytes.insert(marks.randomElement(using: &random) ?? 0, at: Int.random(in: 0..<bytes.count, using: &random))
      }
      _ = survives(bytes)
    }
  }

  @Test func longFilesAreRead() {
    let step = "      - step: s\n        call: x.y\n        args: { a: \"é ${1 + 2}\", b: [1, 2] } # why\n"
    let text = "workflows:\n  w:\n    do:\n" + String(repeating: step, count: 8_000)
    #expect(survives(Array(text.utf8)).isEmpty)
  }

  static let documents = [
    """
    # nightly
    secrets:
      ## For it.
      token: { type: string, from: env("TOKEN") }
    types:
      Order: { id: string, note: "string?" }
    workflows:
      w:
        params: { a: { type: int, default: 1 } }
        do:
          - step: s
            call: http.get # why
            args: &args { url: "https://${a}/é", hosts: ['it''s', "\\u00e9"] }
            with: { timeout: 60s, retry: { attempts: 5, only: [timeout] } }
          - let: t
            value: |
              one ${a}
                two
          - if: "${a > 1 && m["k"]}"
            then: [{ output: *args }]
          - match: ${c ? 1 : 2}
            cases:
              - when: 1 | 2
                do: []
    """,
    "consts: { a: [${x}, map<string, int>, *, yes], <<: *b, ? c : d }\n%\n--- !x\n",
  ]
}
