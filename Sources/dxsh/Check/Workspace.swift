import DxshCompiler
import DxshSyntax
import DxshTime
import Glibc

/// Files that are checked together with what they import: what is said of each, once, however many import it.
struct Workspace {
  /// A file and what is said of it.
  struct File {
    /// Its number is its place in `files`.
    let source: SourceFile
    let identity: String
    /// Whether it was asked for, and not only imported.
    let isAsked: Bool
    var imports: Set<String> = []
    var diagnostics: [Diagnostic] = []
    /// What was inferred of its workflows, a text for each; kept of files that were asked for, where it is wanted.
    var types: [String] = []
  }

  /// Sorted by name; files of the library, into which diagnostics may point, are last.
  private(set) var files: [File] = []
  /// What could not be read.
  private(set) var failures: [CallFailure] = []

  /// Checks files side by side.
  /// - names: each once
  /// - keepsTypes: whether what was inferred is wanted
  /// - isLast: whether the process ends after it, so that nothing has to be freed
  init(
    checking names: [String], _ texts: SourceTexts, now: Timestamp, keepsTypes: Bool = false, isLast: Bool = false
  ) {
    // Of many files only what is said of them is kept, so that memory does not grow with their number.
    let isKept = isLast && names.count == 1
    let results = WorkerThreads.map(names) { name in
      do throws(CallFailure) {
        let bytes = try texts.read(name)
        let file = SourceFile(id: FileID(0), name: name == "-" ? SourceTexts.standardInput : name, bytes: bytes)
        let compilation = Composition.compile(file, texts, now, keepsTrees: isKept)
        if isKept { KeptUntilExit.keep(compilation) }
        return Result<Checked, CallFailure>.success(Checked(compilation, keepsTypes: keepsTypes))
      } catch {
        return .failure(error)
      }
    }
    var checked: [Checked] = []
    for result in results {
      switch result {
      case .success(let value): checked.append(value)
      case .failure(let failure): failures.append(failure)
      }
    }
    collect(checked)
  }

  /// What is kept of a compilation.
  private struct Checked: Sendable {
    let modules: [CompiledModule]
    let library: [SourceFile]
    let diagnostics: [Diagnostic]
    /// Of each file of the compilation.
    let identities: [FileID: String]
    let types: [String]

    init(_ compilation: Compilation, keepsTypes: Bool) {
      types = keepsTypes ? compilation.types() : []
      modules = compilation.modules
      diagnostics = compilation.diagnostics
      let own = Set(modules.map(\.file.id))
      library = compilation.files.filter { !own.contains($0.id) }
      identities = Dictionary(
        modules.map { ($0.file.id, SourceTexts.identity(of: $0.file.name)) }
          + library.map { ($0.id, "library:" + $0.name) }
      ) { first, _ in first }
    }

    /// The file that was asked for comes after all that it imports.
    var main: FileID? { modules.last?.file.id }
  }

  private mutating func collect(_ checked: [Checked]) {
    var sources: [String: (file: SourceFile, isAsked: Bool, isLibrary: Bool)] = [:]
    for compilation in checked {
      for (file, isLibrary) in compilation.modules.map({ ($0.file, false) }) + compilation.library.map({ ($0, true) }) {
        let identity = compilation.identities[file.id] ?? ""
        let isAsked = file.id == compilation.main
        // The name in the call goes before those by which others import it, of which the least is taken.
        if let known = sources[identity], (known.isAsked ? 0 : 1, known.file.name) <= (isAsked ? 0 : 1, file.name) {
          continue
        }
        sources[identity] = (file, isAsked, isLibrary)
      }
    }
    let sorted = sources.sorted { left, right in
      (left.value.isLibrary ? 1 : 0, left.value.file.name, left.key)
        < (right.value.isLibrary ? 1 : 0, right.value.file.name, right.key)
    }
    var numbers: [String: Int] = [:]
    for (number, (identity, source)) in sorted.enumerated() {
      numbers[identity] = number
      let file = SourceFile(id: FileID(number), name: source.file.name, bytes: source.file.bytes)
      files.append(File(source: file, identity: identity, isAsked: source.isAsked))
    }
    for compilation in checked { add(compilation, numbers) }
  }

  private mutating func add(_ checked: Checked, _ numbers: [String: Int]) {
    func number(_ id: FileID) -> FileID { FileID(checked.identities[id].flatMap { numbers[$0] } ?? 0) }
    for module in checked.modules {
      let imports = module.imports.compactMap { checked.identities[$0] }
      files[Int(number(module.file.id).index)].imports.formUnion(imports)
    }
    if let main = checked.main { files[Int(number(main).index)].types = checked.types }
    for diagnostic in checked.diagnostics {
      let moved = diagnostic.inFiles(number)
      files[Int(moved.range.file.index)].diagnostics.append(moved)
    }
  }

  /// What is said of a file, each once, by its place.
  func diagnostics(of file: File) -> [Diagnostic] {
    struct Key: Hashable {
      var code: DiagnosticCode
      var range: SourceRange
      var message: String
    }
    var seen: Set<Key> = []
    return file.diagnostics
      .filter { seen.insert(Key(code: $0.code, range: $0.range, message: $0.message)).inserted }
      .sorted { left, right in
        (left.range.start, left.range.end, left.code.rawValue, left.message)
          < (right.range.start, right.range.end, right.code.rawValue, right.message)
      }
  }

  /// The files that were changed and those that import them, directly or through others. Where one that was changed is
  /// gone, those that import what is not there are among them.
  func reached(from changed: Set<String>) -> Set<String> {
    var importers: [String: [String]] = [:]
    for file in files {
      for other in file.imports { importers[other, default: []].append(file.identity) }
    }
    var reached: Set<String> = []
    let isOneGone = changed.contains { access($0, F_OK) != 0 }
    var queue = files.filter { file in
      changed.contains(file.identity) || isOneGone && file.diagnostics.contains { $0.code == .importFailed }
    }.map(\.identity)
    while let next = queue.popLast() {
      if reached.insert(next).inserted { queue += importers[next] ?? [] }
    }
    return reached
  }
}
