import DxshExpressions
import DxshSyntax

/// The names of a scope and one more, that only a policy knows: `self` or `error` (rule 42).
final class NameInScope: NameScope {
  private let name: String
  private let value: TypedExpression
  private let around: any NameScope

  init(_ name: String, _ value: TypedExpression, in around: any NameScope) {
    self.name = name
    self.value = value
    self.around = around
  }

  func resolve(_ name: String) -> TypedExpression? { name == self.name ? value : around.resolve(name) }
  func origin(of name: String) -> Name? { name == self.name ? nil : around.origin(of: name) }
  func isVisible(_ name: String) -> Bool { name == self.name || around.isVisible(name) }
  func constant(depth: Int, slot: Int) -> Value? { around.constant(depth: depth, slot: slot) }
  func bindHidden(_ name: String, _ type: Type) -> Int? { around.bindHidden(name, type) }
  var visibleNames: [String] { around.visibleNames }
}
