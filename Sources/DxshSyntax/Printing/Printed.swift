/// The text of parts of the tree on one line, for notations that hold them as text. Documentation in a record type makes
/// lines of its own; nothing else does. Reading the text gives the same tree.
///
/// - source: the `.dxsh` file of the tree, whose spelling literals keep; without it they are written in one form
package func printed(_ expression: ExpressionSyntax, source: SourceFile? = nil) -> String {
  text(source) { $0.print(expression) }
}

package func printed(_ type: TypeSyntax, source: SourceFile? = nil) -> String {
  text(source) { $0.print(type) }
}

package func printed(_ call: Call, source: SourceFile? = nil) -> String {
  text(source) { $0.print(call) }
}

/// `a | Tier.b`
package func printed(_ patterns: [ExpressionSyntax.Pattern], source: SourceFile? = nil) -> String {
  text(source) { $0.print(patterns) }
}

/// `name: T @a(…) = e where c`
package func printed(_ parameter: Parameter, source: SourceFile? = nil) -> String {
  text(source) { $0.print(parameter) }
}

/// A whole file from its tree alone: literals in one form, an empty line between declarations, no comments. Reading the
/// text gives the same tree.
package func printed(_ module: Module, width: Int = 100) -> String {
  module.declarations.map { declaration in
    var printer = Printer()
    printer.print(declaration)
    return LayoutRenderer.text(of: printer.layout, width: width) + "\n"
  }.joined(separator: "\n")
}

private func text(_ source: SourceFile?, _ body: (inout Printer) -> Void) -> String {
  var printer = Printer(source: source)
  printer.keepsLines = false
  body(&printer)
  return LayoutRenderer.text(of: printer.layout, width: .max / 2)
}
