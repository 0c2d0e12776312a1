extension DiagnosticCode {
  /// Of mistakes that only the YAML form can have.
  var yamlExplanation: Explanation {
    switch self {
    case .badYAML:
      Explanation(
        "the text is no YAML",
        why: "YAML is indented with spaces; the keys of one mapping, and the `-` of one list, stand in one column.",
        wrong: "consts:\n  a: 1\n b: 2\n", right: "consts:\n  a: 1\n  b: 2\n", isYAML: true)
    case .unsupportedYAML:
      Explanation(
        "YAML has this, workflows do not",
        why:
          "Tags, directives, several documents in a file, and keys that are not texts have no meaning in a workflow.",
        wrong: "consts:\n  a: !!str 1\n", right: "consts:\n  a: \"1\"\n", isYAML: true)
    case .yamlTrap:
      Explanation(
        "other readers of YAML take this for something else",
        why:
          "YAML 1.1 reads `no` as false and `1:30` as 90, and brackets end a bare text. Quotes make it plain.",
        wrong: "types:\n  Order: { id: string, note: string? }\n",
        right: "types:\n  Order: { id: string, note: \"string?\" }\n", isYAML: true)
    case .unknownKey:
      Explanation(
        "there is no such key",
        why: "Every part of a file has its keys; `grammar/dxsh.schema.json` lists them, and editors complete them.",
        wrong: "workflows:\n  w:\n    do:\n      - let: x\n        valeu: 1\n",
        right: "workflows:\n  w:\n    do:\n      - let: x\n        value: 1\n", isYAML: true)
    case .duplicateKey:
      Explanation(
        "a key stands twice in one mapping",
        why: "Other readers of YAML would take the last and drop the first in silence.",
        wrong: "consts:\n  a: 1\n  a: 2\n", right: "consts:\n  a: 1\n  b: 2\n", isYAML: true)
    case .missingKey:
      Explanation(
        "a key is missing",
        why: "An item says what it is with its first key, and needs others to be whole.",
        wrong: "workflows:\n  w:\n    do:\n      - let: x\n",
        right: "workflows:\n  w:\n    do:\n      - let: x\n        value: 1\n", isYAML: true)
    case .misplacedValue:
      Explanation(
        "something else is expected at this key",
        why: "Some keys take a mapping, some a list, some a name or a type.",
        wrong: "enums:\n  Tier: free\n", right: "enums:\n  Tier: [free, pro]\n", isYAML: true)
    case .expansionLimit:
      Explanation(
        "aliases make the file too large",
        why:
          "An alias repeats what its anchor names. Aliases add 1,000,000 values at most, so no file is endless.",
        wrong: Self.bomb, right: "consts:\n  a: &a [1, 2, 3]\n  b: [*a, *a]\n", isYAML: true)
    default: preconditionFailure("\(rawValue) is explained elsewhere")
    }
  }

  /// Lists of ten of the list before.
  private static var bomb: String {
    var text = "consts:\n  a: &a [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]\n"
    for (name, before) in zip("bcdef", "abcde") {
      text += "  \(name): &\(name) [\(Array(repeating: "*\(before)", count: 10).joined(separator: ", "))]\n"
    }
    return text
  }
}
