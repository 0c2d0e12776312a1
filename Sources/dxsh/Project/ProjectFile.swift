import DxshSyntax

/// `dxsh.toml`: what holds for the files of a folder and of those below it. docs/checking.md describes it.
struct ProjectFile: Sendable {
  static let name = "dxsh.toml"
  private static let sizeLimit = 1 << 20
  private static let keys = ["tier", "deny", "allow", "baseline", "exclude"]

  /// From the root of the file system, without a slash at the end; empty for the root itself.
  let folder: String
  private(set) var levels = Levels()
  /// From the root of the file system.
  private(set) var baseline: String?
  private(set) var exclude: [PathPattern] = []

  /// - folder: from the root of the file system
  init(in folder: String) throws(CallFailure) {
    self.folder = folder
    let path = "\(folder)/\(Self.name)"
    let shown = RelativePath.shown(path)
    let bytes = try SourceLoader.read(path, limit: Self.sizeLimit)
    do throws(TOMLDocument.Mistake) {
      for entry in try TOMLDocument(bytes).entries {
        guard entry.key == "check" else {
          throw Self.mistake("there is no key `\(entry.key)` here; a project file has the table `[check]`", entry)
        }
        guard case .table(let settings) = entry.value else {
          throw Self.mistake("`check` is a table: write `[check]`, and its keys below", entry)
        }
        for setting in settings { try take(setting) }
      }
    } catch {
      throw CallFailure("\(shown):\(error.place.line):\(error.place.column): \(error.message)")
    }
  }

  private mutating func take(_ entry: TOMLDocument.Entry) throws(TOMLDocument.Mistake) {
    switch entry.key {
    case "tier":
      let word = try Self.text(entry)
      guard let tier = DiagnosticTier(rawValue: word) else {
        throw Self.mistake("`tier` is `default`, `pedantic` or `audit`, not `\(word)`", entry, atValue: true)
      }
      levels.tier = tier
    case "deny", "allow":
      for item in try Self.texts(entry) {
        let word = try Self.text(item)
        do throws(Levels.Mistake) {
          if entry.key == "deny" { try levels.deny(word) } else { try levels.allow(word) }
        } catch {
          throw Self.mistake(error.message, item)
        }
      }
    case "baseline":
      let path = try Self.text(entry)
      if path.isEmpty { throw Self.mistake("`baseline` is the path of a file", entry, atValue: true) }
      baseline = path.hasPrefix("/") ? path : "\(folder)/\(path)"
    case "exclude":
      for item in try Self.texts(entry) {
        guard let pattern = PathPattern(try Self.text(item)) else {
          throw Self.mistake("a pattern of `exclude` is a path below the folder of this file", item)
        }
        exclude.append(pattern)
      }
    default:
      let meant = Spelling.nearest(to: entry.key, among: Self.keys)
      let remedy =
        meant.map { "did you mean `\($0)`?" } ?? "it has \(Self.keys.map { "`\($0)`" }.joined(separator: ", "))"
      throw Self.mistake("`[check]` has no key `\(entry.key)`; \(remedy)", entry)
    }
  }

  private static func text(_ entry: TOMLDocument.Entry) throws(TOMLDocument.Mistake) -> String {
    if case .text(let text) = entry.value { return text }
    let what = entry.key.isEmpty ? "every element" : "`\(entry.key)`"
    throw mistake("\(what) is a text, in quotes", entry, atValue: true)
  }

  private static func texts(_ entry: TOMLDocument.Entry) throws(TOMLDocument.Mistake) -> [TOMLDocument.Entry] {
    if case .array(let items) = entry.value { return items }
    throw mistake("`\(entry.key)` is a list of texts, such as [\"…\"]", entry, atValue: true)
  }

  private static func mistake(
    _ message: String, _ entry: TOMLDocument.Entry, atValue: Bool = false
  ) -> TOMLDocument.Mistake {
    TOMLDocument.Mistake(message: message, place: atValue ? entry.valuePlace : entry.place)
  }
}
