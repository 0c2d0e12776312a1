import DxshCompiler
import DxshExpressions
import DxshNodes
import DxshPlan
import DxshRuntime
import DxshSyntax
import DxshTestSupport
import DxshTime

/// What `check` says of a mutant in one notation.
struct Trial {
  let mutant: Mutant
  let isYAML: Bool
  /// The text that was checked.
  let text: String
  /// The first line and the last on which the mistake is, from 1.
  let lines: ClosedRange<Int>
  let compilation: Compilation

  /// What `dxsh check` says unasked, without what this version does not run.
  var diagnostics: [Diagnostic] {
    compilation.diagnostics.filter { $0.code != .notSupported && $0.code.tier == .default }
  }

  var isCaught: Bool { !diagnostics.isEmpty }

  var isOnItsLine: Bool {
    let index = LineIndex(compilation.files[0])
    return diagnostics.contains { lines.contains(index.position(of: Int($0.range.start)).line) }
  }

  /// Nil where the text cannot be written as YAML, because it has a mistake of the text itself.
  init?(_ mutant: Mutant, asYAML: Bool) {
    let file = SourceFile(id: FileID(0), name: mutant.name, text: mutant.text)
    if mutant.name.hasSuffix(".yaml") {
      if !asYAML { return nil }
      self.init(mutant, file, isYAML: true)
      return
    }
    guard asYAML else {
      self.init(mutant, file, isYAML: false)
      return
    }
    let parsed = parse(file)
    guard parsed.diagnostics.isEmpty else { return nil }
    let text = printYAML(parsed.tree, of: file).text
    self.init(mutant, SourceFile(id: FileID(0), name: mutant.name + ".yaml", text: text), isYAML: true)
  }

  /// A mutant whose text is of the notation.
  init(_ mutant: Mutant, _ file: SourceFile, isYAML: Bool) {
    self.mutant = mutant
    self.isYAML = isYAML
    text = String(decoding: file.bytes, as: UTF8.self)
    compilation = compile(file, library: Library.nodes, time: Library.time)
    let index = LineIndex(file)
    func line(_ offset: Int) -> Int { index.position(of: min(offset, file.bytes.count)).line }
    switch mutant.place {
    case .bytes(let start, let end): lines = line(start)...max(line(start), line(end))
    case .site(let number):
      let sites = SiteFinder.sites(of: parse(file).tree)
      guard number < sites.count else {
        lines = 1...1
        return
      }
      let range = sites[number].range
      lines = line(Int(range.start))...line(Int(range.end))
    case .line(let marker):
      let before = text.components(before: marker)
      lines = line(before)...line(before)
    }
  }

  /// Whether the mutant runs to success where every node answers with some value of its type.
  func runs() async -> Bool {
    guard let plan = compilation.plans.first else { return false }
    let nodes = Library.nodeNames.map { name in
      ScriptedNode(name) { call throws(NodeFailure) in
        .value(Value.some(of: call.resultType, number: name == "sqlite.query" ? 150_000 : 3))
      }
    }
    let clock = ManualClock()
    let store = InMemoryRunStore()
    do {
      let input = try plan.parameters.map { parameter in
        try parameter.defaultValue.map { try Evaluator.evaluate($0, in: .empty) } ?? .some(of: parameter.type)
      }
      let history = RunHistory(input: input, startedAt: clock.now())
      let encoded = plan.encoded()
      let creation = try await store.create(
        NewRun(
          id: "r", workflow: plan.workflow, key: nil, plan: encoded, planHash: SHA256Digest(of: encoded).hexadecimal,
          directory: "/", startedAt: clock.now(), firstBatch: history.firstBatch))
      guard case .created(let claim) = creation else { return false }
      defer { withExtendedLifetime(claim) {} }
      let engine = Engine(
        try BoundPlan(plan.validated(), registry: NodeRegistry(nodes)), history: history, runID: "r",
        context: NodeContext(clock: clock, directory: "/", environment: [:], artifacts: store.artifacts, log: { _ in }),
        store: store, options: RunOptions(maxParallel: 64), observer: nil)
      if case .ended(.succeeded) = try await engine.run() { return true }
      return false
    } catch {
      return false
    }
  }
}

extension String {
  /// How many bytes stand before the first occurrence of a text; 0 where there is none.
  fileprivate func components(before marker: String) -> Int {
    let bytes = Array(utf8)
    let wanted = Array(marker.utf8)
    guard !wanted.isEmpty, bytes.count >= wanted.count else { return 0 }
    return (0...(bytes.count - wanted.count)).first { bytes[$0..<($0 + wanted.count)].elementsEqual(wanted) } ?? 0
  }
}

extension Value {
  /// Some value of a type, the same each time, with at least one element in what has elements.
  static func some(of type: Type, number: Int64 = 3) -> Value {
    switch type {
    case .bool: .bool(true)
    case .int: .int(number)
    case .uint: .uint(3)
    case .double: .double(3)
    case .string, .secret, .enumeration, .parameter, .dyn, .unknown: .text("text")
    case .json: .map(.empty)
    case .list(let element): .list([some(of: element, number: number)])
    case .optional(let wrapped): wrapped == .never ? .none : some(of: wrapped, number: number)
    case .record(let record):
      .record(
        RecordValue(RecordShape(record.fields.map(\.name)), record.fields.map { some(of: $0.type, number: number) }))
    case .duration: .duration(TimeSpan(milliseconds: 1000) ?? .zero)
    case .size: .size(1000)
    case .map: .map(.empty)
    default: .none
    }
  }
}
