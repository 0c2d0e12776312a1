import DxshExpressions

/// Makes files with one workflow of some bindings.
enum WorkflowGenerator {
  static func file(_ bytes: [UInt8]) -> String {
    var generator = ExpressionGenerator(
      bytes, .dxsh, names: Variables.files.map { ($0.name, $0.type) }, isWild: (bytes.first ?? 0) & 3 == 3)
    _ = generator.choices.byte()
    let parameters = Variables.files.map { "\($0.name): \($0.type)" }.joined(separator: ", ")
    var lines = ["workflow w(\(parameters)) {"]
    for number in 0...generator.choices.below(4) {
      let type = Universe.type(&generator.choices, .dxsh)
      lines.append(item(number, type, &generator))
    }
    return (lines + ["}", ""]).joined(separator: "\n")
  }

  private static func item(_ number: Int, _ type: Type, _ generator: inout ExpressionGenerator) -> String {
    switch generator.choices.below(10) {
    case 0: return "  assert \(generator.another(.bool)), \(generator.another(.string))"
    case 1: return "  if \(generator.another(.bool)) { let y\(number) = \(generator.another(type)) }"
    case 2:
      let list = generator.another(.list(type))
      let body = generator.with([("e", type)]) { $0.another(.string) }
      return "  for e in \(list) { let z\(number) = \(body) }"
    default:
      let text = "  let a\(number): \(type) = \(generator.another(type))"
      generator.names.append(("a\(number)", type))
      return text
    }
  }
}
