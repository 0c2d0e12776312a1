import DxshNodes
import DxshSyntax

/// Plants mistakes into one `.dxsh` file that has none.
struct Planter {
  let file: SourceFile
  let module: Module
  let sites: [Site]
  private(set) var mutants: [Mutant] = []
  /// The operands of conversions that were met.
  var converted: Set<SourceRange> = []

  static func mutants(of file: SourceFile) -> [Mutant] {
    let module = parse(file).tree
    var planter = Planter(file: file, module: module, sites: SiteFinder.sites(of: module))
    for index in planter.sites.indices { planter.plant(at: index) }
    return planter.mutants
  }

  private init(file: SourceFile, module: Module, sites: [Site]) {
    (self.file, self.module, self.sites) = (file, module, sites)
  }

  mutating func add(_ mistake: Mistake, _ edits: Edits, at place: Mutant.Place) {
    mutants.append(Mutant(mistake: mistake, name: file.name, text: edits.result, place: place))
  }

  mutating func add(_ mistake: Mistake, replacing range: SourceRange, with text: String, at site: Int) {
    add(mistake, Edits(file).replacing(range, with: text), at: .site(site))
  }

  var edits: Edits { Edits(file) }

  func text(_ range: SourceRange) -> String { file.text(range) }

  /// The name with two of its letters exchanged, or one more.
  func misspelt(_ name: String) -> String {
    var letters = Array(name)
    guard letters.count > 3, letters[1] != letters[2] else { return name + "x" }
    letters.swapAt(1, 2)
    return String(letters)
  }

  private mutating func plant(at index: Int) {
    let site = sites[index]
    switch site.kind {
    case .declaration(let declaration): plant(declaration, at: index)
    case .item(let item, let place, let block): plant(item, place, block, at: index)
    case .expression(let expression): plant(expression, at: index)
    case .condition(let condition):
      add(.conditionWithoutBool, replacing: condition.range, with: "\"yes\"", at: index)
    case .sequence(let sequence): add(.loopOverNumber, replacing: sequence.range, with: "3", at: index)
    case .field(let field, let base, let optional): plant(field, of: base, optional, at: index)
    case .function(let name): add(.misspeltFunction, replacing: name.range, with: misspelt(name.text), at: index)
    case .type(let type): plant(type, at: index)
    case .parameter(let parameter): if parameter.defaultValue != nil { swap(parameter.type, at: index) }
    case .target(let step): plant(step, at: index)
    case .policy(let policy): plant(policy, at: index)
    case .argument(let argument, let callee): plant(argument, of: callee, at: index)
    case .pattern(let pattern): plant(pattern, at: index)
    case .arm(let range, let patterns, let count): plant(arm: range, patterns, count: count, at: index)
    case .recordField(let field): plant(field, at: index)
    case .message(let message):
      add(
        .secretInLog,
        edits.replacing(message.range, with: "\"it is ${planted}\"")
          .appending("secret planted: string = env(\"PLANTED\")"),
        at: .site(index))
    }
  }
}
