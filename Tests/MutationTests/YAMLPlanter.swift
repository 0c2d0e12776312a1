import DxshSyntax

/// Plants mistakes that only the YAML form has into one such file that has none.
struct YAMLPlanter {
  private let name: String
  private let bytes: [UInt8]
  private var mutants: [Mutant] = []

  /// The keys whose loss or misspelling is a mistake wherever they stand.
  private static let keys: Set<String> = [
    "step", "call", "args", "let", "for", "in", "do", "if", "then", "else", "match", "arms", "assert", "message",
    "output",
    "workflows", "params", "returns", "types", "functions", "fail", "try", "catch", "repeat", "sequence", "with",
    "after",
  ]

  static func mutants(of file: SourceFile) -> [Mutant] {
    var planter = YAMLPlanter(name: file.name, bytes: file.bytes)
    var start = 0
    for line in file.bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
      planter.plant(start, String(decoding: line, as: UTF8.self))
      start += line.count + 1
    }
    return planter.mutants
  }

  private init(name: String, bytes: [UInt8]) {
    (self.name, self.bytes) = (name, bytes)
  }

  private mutating func plant(_ start: Int, _ line: String) {
    let indentation = line.prefix { $0 == " " }.count
    var content = line.dropFirst(indentation)
    var keyStart = start + indentation
    if content.hasPrefix("- ") {
      content = content.dropFirst(2)
      keyStart += 2
    }
    guard let colon = content.firstIndex(of: ":") else { return }
    let key = String(content[..<colon])
    guard Self.keys.contains(key) else { return }
    var letters = Array(key)
    letters.append("x")
    add(.misspeltKey, keyStart, keyStart + key.utf8.count, String(letters))
    let value = content[colon...].dropFirst(2)
    if !value.isEmpty, !["message", "value", "after", "with"].contains(key) {
      add(.droppedKey, keyStart, keyStart + key.utf8.count + 2, "")
    }
    if value.hasPrefix("\""), value.hasSuffix("\""), value.count > 2 {
      add(.unclosedQuote, start + line.utf8.count - 1, start + line.utf8.count, "")
    }
    if indentation > 0 { add(.tab, start, start + indentation, "\t") }
  }

  private mutating func add(_ mistake: Mistake, _ start: Int, _ end: Int, _ text: String) {
    var mutated = bytes
    mutated.replaceSubrange(start..<end, with: Array(text.utf8))
    mutants.append(
      Mutant(mistake: mistake, name: name, text: String(decoding: mutated, as: UTF8.self), place: .bytes(start, start)))
  }
}
