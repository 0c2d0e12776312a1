import DxshExpressions
import DxshNodes
import DxshRuntime
import DxshSyntax
import DxshTestSupport
import Testing

@Suite struct StandardLibraryTests {
  @Test func whatIsEmbeddedIsTheFolder() throws {
    // `stdlib/functions/` declares what the program itself implements; only documentation is made of it.
    let files = Repository.files(below: "stdlib", withEnding: ".dxsh").filter { !$0.hasPrefix("stdlib/functions/") }
    #expect(StandardLibrary.families.map { "stdlib/\($0).dxsh" } == files)
    for family in StandardLibrary.families {
      #expect(StandardLibrary.source(of: family) == Repository.bytes(of: "\(Repository.root)/stdlib/\(family).dxsh"))
    }
    #expect(StandardLibrary.source(of: "nothing") == nil)
  }

  @Test(arguments: StandardLibrary.families)
  func everyFileReads(family: String) throws {
    #expect(try parsed(family).diagnostics.isEmpty)
  }

  @Test func everyDeclarationHasItsImplementationAndTheOtherWayRound() throws {
    let declared = try StandardLibrary.families.flatMap { try declarations(of: $0).map(\.name) }
    #expect(declared.sorted() == AllNodes.list.map(\.name).sorted())
    #expect(Set(declared).count == declared.count)
  }

  @Test(arguments: StandardLibrary.families)
  func everyDeclarationIsCompleteAndDocumented(family: String) throws {
    for (name, node) in try declarations(of: family) {
      #expect(name.hasPrefix("\(family)."))
      #expect(node.effect != nil && node.timeout != nil, "\(name) lacks an effect or a timeout")
      let documentation = node.documentation ?? ""
      #expect(!documentation.isEmpty, "\(name) lacks documentation")
      for parameter in node.parameters {
        #expect(
          documentation.contains("- \(parameter.name.text): "), "\(name) does not document \(parameter.name.text)")
      }
    }
  }

  @Test(arguments: StandardLibrary.families)
  func everyKindOfConnectionHasTheNameOfItsFamilyAndIsDocumented(family: String) throws {
    for case .connectionKind(let kind) in try parsed(family).tree.declarations {
      #expect(kind.path.text == family)
      for parameter in kind.parameters {
        #expect(kind.documentation?.contains("- \(parameter.name.text): ") == true, "\(parameter.name.text)")
      }
    }
  }

  private func parsed(_ family: String) throws -> Parsed<Module> {
    let source = try #require(StandardLibrary.source(of: family))
    return parse(SourceFile(id: FileID(0), name: "\(family).dxsh", bytes: source))
  }

  private func declarations(of family: String) throws -> [(name: String, node: NodeDeclaration)] {
    try parsed(family).tree.declarations.compactMap { declaration in
      guard case .node(let node) = declaration else { return nil }
      return (node.path.names.map(\.text).joined(separator: "."), node)
    }
  }
}
