import DxshExpressions
import DxshTestSupport
import Testing

/// What `stdlib/functions/` declares is what expressions can call, and every example there is true.
struct FunctionDocumentationTests {
  /// Those that a person can call by name, neither operators nor what macros become.
  static let callable = FunctionLibrary.names.sorted()
    .filter { name in name.first?.isLetter == true && !name.contains("@") }
    .flatMap { FunctionLibrary.overloads(named: $0) }

  static let declared = FunctionTopic.all.flatMap(\.functions)

  /// The dialects of each signature: it may have an implementation in each.
  private static let library = callable.reduce(into: [DeclaredFunction.Signature: Overload.Dialects]()) {
    $0[DeclaredFunction.Signature($1), default: []].formUnion($1.dialects)
  }

  @Test func everyOverloadIsDeclaredOnceAndTheOtherWayRound() {
    var seen: [DeclaredFunction.Signature: Overload.Dialects] = [:]
    for function in Self.declared {
      #expect(seen[function.signature] == nil, "declared twice: \(function.signature)")
      seen[function.signature] = function.dialects
      guard let dialects = Self.library[function.signature] else {
        Issue.record("declared, but no overload: \(function.signature)")
        continue
      }
      #expect(dialects == function.dialects, "\(function.signature) is in \(dialects), not \(function.dialects)")
    }
    for signature in Self.library.keys.sorted(by: { $0.description < $1.description }) where seen[signature] == nil {
      Issue.record("not declared: \(signature)")
    }
  }

  @Test(arguments: FunctionTopic.all)
  func everyDeclarationIsDocumented(_ topic: FunctionTopic) {
    #expect(topic.diagnostics.isEmpty)
    #expect(!topic.title.isEmpty)
    for function in topic.functions {
      let summary = function.summary
      #expect(summary.hasSuffix("."), "\(function.text): a sentence first")
      #expect(summary.first?.isUppercase == true || summary.hasPrefix("`"), "\(function.text): \(summary)")
      #expect(Set(function.errors).isSubset(of: ["decode", "arithmetic"]), "\(function.text)")
    }
  }

  @Test(arguments: FunctionTopic.all)
  func examplesAreTrueAndCallEveryOverload(_ topic: FunctionTopic) {
    for group in topic.groups {
      var calls: Set<Example.Call> = []
      for block in group.functions.flatMap({ CodeBlock.all(in: $0.documentation) }) {
        for example in Example.all(in: block) {
          let outcome = example.evaluate()
          if let problem = outcome.problem {
            Issue.record("\(topic.name), \(group.name), \(block.language): \(example.expression): \(problem)")
          }
          calls.formUnion(outcome.calls)
        }
      }
      let signatures = Set(group.functions.map(\.signature))
      for overload in Self.callable where signatures.contains(.init(overload)) {
        #expect(
          calls.contains { $0.includes(overload) }, "\(topic.name): no example calls \(overload.function.id)")
      }
    }
  }

  @Test func theReferenceIsMadeOfTheDeclarations() {
    Golden.expect(FunctionReference.text(FunctionTopic.all), toMatch: "docs/functions.md")
  }
}
