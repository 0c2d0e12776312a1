import DxshCompiler
import DxshSyntax
import DxshTime

/// `dxsh check --fix`: makes the fixes of the files that were asked for, one file after the other, until none changes.
struct FixRun {
  /// What was made of a file.
  struct Change {
    let name: String
    let old: [UInt8]
    var new: [UInt8]
    var fixes: Int
  }

  /// A file that imports another may need another round.
  private static let roundLimit = 10

  private(set) var texts = SourceTexts()
  /// By the identity of the file.
  private var changes: [String: Change] = [:]

  /// - selection: whose diagnostics are fixed
  init(_ workspace: Workspace, _ selection: CheckSelection, now: Timestamp) throws(CallFailure) {
    let files = workspace.files.filter { file in
      file.isAsked && file.identity.hasPrefix("/") && selection.only?.contains(file.identity) ?? true
    }
    for _ in 0..<Self.roundLimit {
      var isChanged = false
      for file in files where try fix(file, selection, now) { isChanged = true }
      if !isChanged { break }
    }
  }

  /// What is to be written, sorted by name.
  var changedFiles: [Change] { changes.values.filter { $0.old != $0.new }.sorted { $0.name < $1.name } }

  private mutating func fix(
    _ file: Workspace.File, _ selection: CheckSelection, _ now: Timestamp
  ) throws(CallFailure) -> Bool {
    let before = changes[file.identity]?.new ?? file.source.bytes
    let id = FileID(0)
    let texts = self.texts
    // A project file that cannot be read has been refused before.
    let fixed = FixedText(before, file: id) { bytes in
      let source = SourceFile(id: id, name: file.source.name, bytes: bytes)
      let found = Composition.compile(source, texts, now).diagnostics.filter { $0.range.file == id }
      var selection = selection
      var known = 0
      let place = Workspace.File(source: source, identity: file.identity, isAsked: true)
      return .init(all: found, wanted: (try? selection.chosen(found, of: place, &known)) ?? [])
    }
    guard fixed.bytes != before else { return false }
    var change = changes[file.identity] ?? Change(name: file.source.name, old: file.source.bytes, new: before, fixes: 0)
    change.new = fixed.bytes
    change.fixes += fixed.count
    changes[file.identity] = change
    self.texts.change(file.identity, to: fixed.bytes)
    return true
  }
}
