package import DxshSyntax

/// Where imported files come from: given the path as it is written and the file that imports it.
///
/// An argument of `compile`, never ambient; a checker's test has none.
package struct ImportSource: Sendable {
  /// A file that was found: its canonical name, by which it is known to be the same, and its bytes.
  package struct Found: Sendable {
    package var name: String
    package var bytes: [UInt8]

    package init(name: String, bytes: [UInt8]) {
      self.name = name
      self.bytes = bytes
    }
  }

  /// Why there is no such file, for people.
  package struct Failure: Error, Sendable {
    package var message: String

    package init(_ message: String) {
      self.message = message
    }
  }

  private let find: @Sendable (_ path: String, _ importer: SourceFile) -> Result<Found, Failure>

  package init(_ find: @escaping @Sendable (_ path: String, _ importer: SourceFile) -> Result<Found, Failure>) {
    self.find = find
  }

  /// Nothing can be imported.
  package static let none = ImportSource { _, _ in .failure(Failure("nothing can be imported here")) }

  func file(_ path: String, from importer: SourceFile) -> Result<Found, Failure> { find(path, importer) }
}

/// A file with all that it imports: read, and in the order in which they are checked.
struct Modules {
  struct Loaded {
    let file: SourceFile
    /// What it is called in plans: its path from the folder of the file that is compiled; empty for that file.
    let label: String
    let tree: Module
    let damage: Damage
    /// For each import the number of the module; nil when it could not be followed.
    var imports: [(declaration: ImportDeclaration, module: Int?)] = []
  }

  /// How many files one file may import, directly or through others.
  static let limit = 1_000
  /// Imported files have ids from here on.
  static let firstFileID = 1 << 19

  /// Each after those that it imports; the file itself is the last.
  private(set) var all: [Loaded] = []
  private(set) var diagnostics: [Diagnostic] = []
  private let source: ImportSource
  private let folder: String
  private var numbers: [String: Int] = [:]
  private var underWay: [String] = []
  private var count = 0

  init(_ file: SourceFile, source: ImportSource) {
    self.source = source
    folder = file.name.lastIndex(of: "/").map { String(file.name[...$0]) } ?? ""
    underWay = [file.name]
    load(file, label: "")
  }

  /// Returns the number of the module.
  @discardableResult
  private mutating func load(_ file: SourceFile, label: String) -> Int {
    let parsed = parse(file)
    diagnostics += Damage.withoutConsequences(parsed.diagnostics, in: parsed.tree, of: file)
    var loaded = Loaded(
      file: file, label: label, tree: parsed.tree, damage: Damage(parsed.tree, parsed.diagnostics))
    for case .importing(let declaration) in parsed.tree.declarations {
      let number = declaration.pathRange.isEmpty ? nil : follow(declaration, from: file)
      loaded.imports.append((declaration, number))
    }
    all.append(loaded)
    return all.count - 1
  }

  private mutating func follow(_ declaration: ImportDeclaration, from file: SourceFile) -> Int? {
    guard declaration.path.hasPrefix("./") || declaration.path.hasPrefix("../") else {
      diagnostics.append(.badImportPath(declaration))
      return nil
    }
    let found: ImportSource.Found
    switch source.file(declaration.path, from: file) {
    case .success(let result): found = result
    case .failure(let failure):
      diagnostics.append(.importFailed(declaration, failure.message))
      return nil
    }
    if let start = underWay.firstIndex(of: found.name) {
      diagnostics.append(.circularImport(declaration, Array(underWay[start...])))
      return nil
    }
    if let known = numbers[found.name] { return known }
    guard count < Self.limit else {
      diagnostics.append(.importFailed(declaration, "more than \(Self.limit) files are imported"))
      return nil
    }
    count += 1
    underWay.append(found.name)
    defer { underWay.removeLast() }
    let file = SourceFile(id: FileID(Self.firstFileID + count), name: found.name, bytes: found.bytes)
    let label = found.name.hasPrefix(folder) ? String(found.name.dropFirst(folder.count)) : found.name
    let number = load(file, label: label)
    numbers[found.name] = number
    return number
  }
}

extension Diagnostic {
  fileprivate static func badImportPath(_ declaration: ImportDeclaration) -> Diagnostic {
    Diagnostic(
      .importFailed, "the path of an imported file is relative to this file", at: declaration.pathRange,
      help: "it begins with `./` or `../`, as in `\"./shared.dxsh\"`")
  }

  fileprivate static func importFailed(_ declaration: ImportDeclaration, _ message: String) -> Diagnostic {
    Diagnostic(.importFailed, "`\(declaration.path)` cannot be imported: \(message)", at: declaration.pathRange)
  }

  fileprivate static func circularImport(_ declaration: ImportDeclaration, _ files: [String]) -> Diagnostic {
    Diagnostic(
      .recursion, "this file is imported in a circle: \((files + [files[0]]).joined(separator: ", then "))",
      at: declaration.pathRange, help: "move what both need into a file of its own")
  }
}
