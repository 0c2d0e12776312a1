import DxshExpressions
import DxshPlan
import DxshSyntax
import DxshTime

/// What one check of one module has learnt so far: its declarations, the library's as far as they were asked for, and
/// the diagnostics. The only mutable state of the checker; it lives for one call of `check`.
final class CheckSession {
  private(set) var diagnostics: [Diagnostic] = []
  private(set) var libraryFiles: [SourceFile] = []
  var types: TypeTable
  /// The module's own nodes.
  let nodes = NameTable<NodeSignature>()
  /// The module's own kinds of connections.
  var connectionKinds: [String: ConnectionKind] = [:]
  let workflows = NameTable<Name>()
  /// How deep workflows may call workflows. Checking them is nested as deep, each as deep as its blocks.
  static let callDepthLimit = 32
  /// Of the workflows that are being checked, each called by the one before: how deep their calls are so far.
  private var callDepths: [Int] = []
  /// How far the check of each workflow of the module has come.
  private var workflowProgress: [String: WorkflowProgress] = [:]
  /// The names that imports bring, and where.
  let importNames = NameTable<SourceRange>()
  /// Those of the names of imports, and of what is private to the file, that something mentions.
  private let usedNames = NameIndex()
  /// Those of which the names are among them.
  private var usedNodes: Set<ObjectIdentifier> = []
  /// Whether a step of the file, or of one that it imports, brings what others wrote.
  var bringsUntrusted = false
  /// The names of imports that could not be followed, of which nothing more is said.
  var lostNames: Set<String> = []
  /// The file's name; empty for the file that is compiled.
  let module: String
  /// What of the text is not as it was meant; nil for none.
  let damage: Damage?
  /// Whether the file is in the YAML form, where removing an item's range does not remove the item.
  let isYAML: Bool
  /// Whether a part of the text could not be read, so that names may be declared there.
  var mayMissNames = false
  var globals = Globals()
  /// The policies that hold for steps and loops of the workflow that is checked, where they have none of that name.
  var defaults: [Call] = []
  /// What an attempt of one of the module's nodes can end with, and of one of the library's, once that was asked.
  private var attemptErrorsOfOwn: [String]?
  private var attemptErrorsOfAll: [String]?
  /// Of schedules without a mistake whose runs may pile up, by the range of their names.
  var intervals: [SourceRange: FiringInterval] = [:]
  /// By the names of their steps, the verifications that say only whether a step took place.
  var verifiedWithoutResult: [SourceRange: SourceRange] = [:]
  /// What the workflow that is checked declares that it throws.
  var errors = DeclaredErrors(workflow: "", kinds: [])
  /// The module's constants and functions.
  var definitions = Definitions()
  /// With which numbers a pool, a rate or a breaker was first named, by its kind and name, and where.
  var sharedLimits: [String: (numbers: String, range: SourceRange)] = [:]
  private var guesses = Guesses()
  private let library: NodeLibrary
  private var loaded: [String: Family] = [:]
  /// The library's nodes that were asked for.
  private let libraryNodes = NameTable<NodeSignature>()

  struct DeclaredErrors {
    /// The workflow's name.
    var workflow: String
    /// What a `fail` in it may give.
    var kinds: Set<String>
  }

  private enum WorkflowProgress {
    case declared(WorkflowDeclaration, fileDefaults: [Call])
    case underWay
    case done(CheckedWorkflow)
  }

  /// What one file of the library declares.
  private struct Family {
    var nodes = NameTable<NodeSignature>()
    var connectionKinds: [String: ConnectionKind] = [:]
  }

  init(library: NodeLibrary, module: String = "", damage: Damage? = nil, isYAML: Bool = false) {
    self.library = library
    self.module = module
    self.damage = damage
    self.isYAML = isYAML
    self.types = TypeTable()
  }

  /// What something comes to, without what it reports, but for numbers that disagree with those of others: of a rate of
  /// `defaults` it is known only at the steps whose it is.
  func probing<Result>(_ body: () -> Result) -> Result {
    let saved = diagnostics
    let result = body()
    let disagreeing = diagnostics.dropFirst(saved.count).filter { $0.code == .limitsDisagree }
    diagnostics = saved
    for diagnostic in disagreeing where !saved.contains(where: { $0.range == diagnostic.range }) {
      diagnostics.append(diagnostic)
    }
    return result
  }

  /// Whether a name, or the file that it is of, comes from an import that could not be followed.
  func isLost(_ path: String) -> Bool {
    !lostNames.isEmpty && lostNames.contains(String(path.prefix { $0 != "." }))
  }

  /// Notes that something mentions a declaration, by its name or as `file.name`.
  func noteUse(of path: String) {
    if path.utf8.first == UInt8(ascii: "_") { usedNames.add(path) }
    if importNames.isEmpty { return }
    let name = path.utf8.firstIndex(of: UInt8(ascii: ".")).map { String(path[..<$0]) } ?? path
    if importNames.has(name) { usedNames.add(name) }
  }

  /// Notes that a step calls a node.
  func noteUse(of node: NodeSignature) {
    if usedNodes.insert(ObjectIdentifier(node)).inserted { noteUse(of: node.path) }
  }

  /// Whether `noteUse` was told of a name that an import brings, or that is private to the file.
  func isUsed(_ name: String) -> Bool { usedNames.number(of: name) != nil }

  /// What the slot of a secret is called.
  func label(_ name: Name) -> String { module.isEmpty ? name.text : "\(module)#\(name.text)" }

  /// What an imported file declares that stands in expressions.
  func definitionNames(in file: String) -> [String] {
    let names = Array(definitions.constants.keys) + Array(definitions.functions.keys)
    return names.filter { $0.hasPrefix(file + ".") }.map { String($0.dropFirst(file.count + 1)) }.sorted()
  }

  /// What the file itself declares for others.
  var ownNames: Set<String> {
    var names = Set(types.names.keys)
    names.formUnion(definitions.constants.keys)
    names.formUnion(definitions.functions.keys)
    names.formUnion(nodes.keys)
    names.formUnion(workflows.keys)
    return names.filter { importNames[$0] == nil && importNames[String($0.prefix { $0 != "." })] == nil }
  }

  /// Makes a workflow of another file known.
  func enter(_ other: CheckSession, workflow name: String, as own: String, at place: Name) {
    guard case .done(let workflow)? = other.workflowProgress[name] else { return }
    workflows[own] = place
    workflowProgress[own] = .done(workflow)
  }

  /// Makes a workflow known, to be checked when it is asked for.
  func enter(_ declaration: WorkflowDeclaration, fileDefaults: [Call]) {
    guard workflows[declaration.name.text]?.range == declaration.name.range else { return }
    workflowProgress[declaration.name.text] = .declared(declaration, fileDefaults: fileDefaults)
  }

  /// Whether the workflow is being checked.
  func isUnderWay(_ path: Path) -> Bool {
    if case .underWay = workflowProgress[path.text] { true } else { false }
  }

  /// A workflow of the module that a step calls, checked; nil when there is none, when it is being checked, so that it
  /// would call itself, and when calls nest too deeply; the last two are reported.
  func workflow(_ path: Path) -> CheckedWorkflow? {
    guard let progress = workflowProgress[path.text] else { return nil }
    if case .underWay = progress {
      report(.recursiveWorkflow(path))
      return nil
    }
    guard let workflow = checked(path), workflow.callDepth < Self.callDepthLimit else {
      report(.callsNestTooDeeply(at: path.range))
      return nil
    }
    if let caller = callDepths.indices.last { callDepths[caller] = max(callDepths[caller], workflow.callDepth + 1) }
    return workflow
  }

  /// A workflow of the module, checked; nil where `workflow` reports why it is not.
  func checked(_ path: Path) -> CheckedWorkflow? {
    switch workflowProgress[path.text] {
    case .done(let workflow): return workflow
    case .declared(let declaration, let fileDefaults):
      guard callDepths.count <= Self.callDepthLimit else { return nil }
      workflowProgress[path.text] = .underWay
      callDepths.append(0)
      let saved = (defaults, errors)
      var workflow = WorkflowChecker(session: self, fileDefaults: fileDefaults).check(declaration)
      (defaults, errors) = saved
      workflow.callDepth = callDepths.removeLast()
      workflowProgress[path.text] = .done(workflow)
      return workflow
    case .underWay, nil: return nil
    }
  }

  func report(_ diagnostic: Diagnostic) {
    if isSaid(diagnostic) { diagnostics.append(diagnostic) }
  }

  func report(_ misspelling: Misspelling) {
    if isSaid(misspelling.diagnostic) { diagnostics.append(misspelling.guessed(&guesses)) }
  }

  private func isSaid(_ diagnostic: Diagnostic) -> Bool {
    if isDamaged(diagnostic.range) { return false }
    return !mayMissNames || diagnostic.code != .unknownName && diagnostic.code != .unknownType
  }

  /// Whether a range is in what could not be read as it was meant.
  func isDamaged(_ range: SourceRange) -> Bool { damage?.contains(range) ?? false }

  var hasErrors: Bool { diagnostics.contains { $0.severity == .error } }

  func hasErrors(besides code: DiagnosticCode) -> Bool {
    diagnostics.contains { $0.severity == .error && $0.code != code }
  }

  /// Whether an error is reported inside one of the ranges.
  func hasError(in ranges: [SourceRange]) -> Bool {
    // With very many of them it does not matter how many are the consequence of another.
    guard !ranges.isEmpty, diagnostics.count < 1_000 else { return false }
    return diagnostics.contains { diagnostic in
      diagnostic.severity == .error && ranges.contains { $0.contains(diagnostic.range) }
    }
  }

  /// The node of a dotted name: the module's own before the library's.
  func node(_ path: String) -> NodeSignature? {
    if let known = nodes[path] ?? libraryNodes[path] { return known }
    guard let dot = path.firstIndex(of: "."), let node = family(String(path[..<dot])).nodes[path] else { return nil }
    libraryNodes[path] = node
    return node
  }

  /// What an attempt of some node can end with: of those of the module, and of the library's where one of the names is
  /// none of theirs. Sorted.
  func attemptErrors(naming names: Set<String>) -> [String] {
    let own = attemptErrorsOfOwn ?? Self.attemptErrors(of: [nodes])
    attemptErrorsOfOwn = own
    if names.isSubset(of: own) { return own }
    let all = attemptErrorsOfAll ?? Self.attemptErrors(of: [nodes] + library.families.map { family($0).nodes })
    attemptErrorsOfAll = all
    return all
  }

  private static func attemptErrors(of nodes: [NameTable<NodeSignature>]) -> [String] {
    Set(nodes.flatMap { $0.dictionary.values.flatMap(\.attemptErrors) }).union(NodeSignature.errorsOfAttempts).sorted()
  }

  /// The dotted names of the nodes that a mistyped path may have meant.
  func candidates(for path: Path) -> [String] {
    let own = Array(nodes.keys)
    let families =
      library.families.contains(path.names[0].text)
      ? [path.names[0].text]
      : library.families.filter { Spelling.nearest(to: path.names[0].text, among: [$0]) != nil }
    return (own + families.flatMap { family($0).nodes.keys }).sorted()
  }

  /// The kind of connection of a name, which is that of its family: the module's own before the library's.
  func connectionKind(_ name: String) -> ConnectionKind? {
    connectionKinds[name] ?? family(String(name.prefix { $0 != "." })).connectionKinds[name]
  }

  /// The kinds that a mistyped name may have meant.
  func connectionKinds(near name: String) -> [String] {
    let families = library.families.filter { Spelling.nearest(to: name, among: [$0]) != nil }
    return (Array(connectionKinds.keys) + families.flatMap { family($0).connectionKinds.keys }).sorted()
  }

  /// What one family of the library declares; nothing when there is none of that name.
  private func family(_ name: String) -> Family {
    if let known = loaded[name] { return known }
    guard let file = library.file(of: name) else {
      loaded[name] = Family()
      return Family()
    }
    libraryFiles.append(file)
    let parsed = parse(file)
    let session = CheckSession(library: NodeLibrary([:]))
    parsed.diagnostics.forEach(session.report)
    DeclarationChecker(session: session).declare(parsed.tree)
    session.diagnostics.forEach(report)
    let family = Family(nodes: session.nodes, connectionKinds: session.connectionKinds)
    loaded[name] = family
    return family
  }
}
