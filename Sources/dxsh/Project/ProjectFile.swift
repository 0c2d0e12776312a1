import DxshStores
import DxshSyntax
import DxshTime

/// `dxsh.toml`: what holds for the files of a folder and of those below it. docs/checking.md and docs/store.md describe
/// it.
struct ProjectFile: Sendable {
  static let name = "dxsh.toml"
  private static let sizeLimit = 1 << 20
  private static let keys = ["tier", "deny", "allow", "baseline", "exclude"]
  private static let retentionKeys = ["keep", "keep_last"]

  /// From the root of the file system, without a slash at the end; empty for the root itself.
  let folder: String
  private(set) var levels = Levels()
  /// From the root of the file system.
  private(set) var baseline: String?
  private(set) var exclude: [PathPattern] = []
  /// Of the runs in the folder and below.
  private(set) var retention = Retention()

  /// - folder: from the root of the file system
  init(in folder: String) throws(CallFailure) {
    self.folder = folder
    let path = "\(folder)/\(Self.name)"
    let shown = RelativePath.shown(path)
    let bytes = try SourceLoader.read(path, limit: Self.sizeLimit)
    do throws(TOMLDocument.Mistake) {
      for entry in try TOMLDocument(bytes).entries {
        guard entry.key == "check" || entry.key == "retention" else {
          throw Self.mistake(
            "there is no key `\(entry.key)` here; a project file has the tables `[check]` and `[retention]`", entry)
        }
        guard case .table(let settings) = entry.value else {
          throw Self.mistake("`\(entry.key)` is a table: write `[\(entry.key)]`, and its keys below", entry)
        }
        for setting in settings {
          if entry.key == "check" { try take(setting) } else { try takeRetention(setting) }
        }
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
    default: throw Self.unknown(entry, in: "check", Self.keys)
    }
  }

  private mutating func takeRetention(_ entry: TOMLDocument.Entry) throws(TOMLDocument.Mistake) {
    switch entry.key {
    case "keep":
      guard let span = TimeSpan(text: try Self.text(entry)), !span.isNegative else {
        throw Self.mistake("`keep` is a duration such as \"30d\"", entry, atValue: true)
      }
      retention.keep = span
    case "keep_last":
      guard case .integer(let count) = entry.value, count >= 0 else {
        throw Self.mistake("`keep_last` is a number of runs, 0 or more", entry, atValue: true)
      }
      retention.keepLast = Int(count)
    default: throw Self.unknown(entry, in: "retention", Self.retentionKeys)
    }
  }

  private static func unknown(_ entry: TOMLDocument.Entry, in table: String, _ keys: [String]) -> TOMLDocument.Mistake {
    let meant = Spelling.nearest(to: entry.key, among: keys)
    let remedy = meant.map { "did you mean `\($0)`?" } ?? "it has \(keys.map { "`\($0)`" }.joined(separator: ", "))"
    return mistake("`[\(table)]` has no key `\(entry.key)`; \(remedy)", entry)
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
