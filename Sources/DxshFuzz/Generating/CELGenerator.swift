import DxshExpressions

/// Makes expressions of plain CEL.
enum CELGenerator {
  static func expression(_ bytes: [UInt8], isWild: Bool) -> String {
    var generator = ExpressionGenerator(
      bytes, .cel, names: Variables.cel.map { ($0.name, $0.type) }, isWild: isWild)
    let type = Universe.type(&generator.choices, .cel)
    return generator.expression(type)
  }
}
