/// What is done with an input. The first byte of an input chooses the probe, the others are for it.
package enum Probe: UInt8, CaseIterable {
  /// The text of an expression of plain CEL, checked.
  case checked = 0x63  // c
  /// The same, unchecked.
  case unchecked = 0x75  // u
  /// The text of a file.
  case file = 0x66  // f
  /// The text of a file of the YAML form.
  case yaml = 0x79  // y
  /// JSON, and a byte that chooses a type to decode it as.
  case json = 0x6A  // j
  /// The JSON of a plan.
  case plan = 0x70  // p
  /// The text of a scalar.
  case scalar = 0x73  // s
  /// Choices that make an expression of plain CEL that is well typed.
  case typedExpression = 0x67  // g
  /// Choices that make an expression of plain CEL with mistakes in its types.
  case wildExpression = 0x77  // w
  /// Choices that make a file with one workflow.
  case workflow = 0x64  // d

  /// Throws when a property does not hold.
  package static func run(_ input: [UInt8]) throws(Finding) {
    guard let (probe, rest) = split(input) else { return }
    switch probe {
    case .checked: try CELProbe(isChecked: true).run(rest)
    case .unchecked: try CELProbe(isChecked: false).run(rest)
    case .file: try FileProbe.run(rest)
    case .yaml: try YAMLProbe.run(rest)
    case .json: try JSONProbe.run(rest)
    case .plan: try PlanProbe.run(bytes: rest)
    case .scalar: try ScalarProbe.run(rest)
    case .typedExpression: try CELProbe(isChecked: true, isWellTyped: true).run(text(probe, rest))
    case .wildExpression: try CELProbe(isChecked: rest.first.map { $0 & 1 == 0 } ?? true).run(text(probe, rest))
    case .workflow: try FileProbe.run(text(probe, rest))
    }
  }

  /// The input as people can read it.
  package static func description(of input: [UInt8]) -> String {
    guard let (probe, rest) = split(input) else { return "nothing" }
    return "\(probe)\n\(String(decoding: text(probe, rest), as: UTF8.self))"
  }

  private static func split(_ input: [UInt8]) -> (Probe, [UInt8])? {
    guard let first = input.first else { return nil }
    let probe = Probe(rawValue: first) ?? allCases[Int(first) % allCases.count]
    return (probe, Array(input.dropFirst()))
  }

  /// The text that the bytes are or make.
  private static func text(_ probe: Probe, _ rest: [UInt8]) -> [UInt8] {
    switch probe {
    case .checked, .unchecked, .file, .yaml, .json, .plan, .scalar: rest
    case .typedExpression: Array(CELGenerator.expression(rest, isWild: false).utf8)
    case .wildExpression: Array(CELGenerator.expression(Array(rest.dropFirst()), isWild: true).utf8)
    case .workflow: Array(WorkflowGenerator.file(rest).utf8)
    }
  }
}
