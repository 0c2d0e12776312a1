import DxshExpressions
import DxshSyntax

/// A file's constants and functions. Each is checked when it is first used, after those that it uses itself.
struct Definitions {
  /// How far the check of a definition has come.
  enum Progress<Checked> {
    case declared
    /// Meeting it in this state is a circle.
    case underWay
    case done(Checked)
    /// It has a mistake, which is reported.
    case mistaken
  }

  struct Constant {
    let declaration: ConstantDeclaration
    /// The value as an expression without names.
    var progress = Progress<TypedExpression>.declared
  }

  struct Function {
    let declaration: FunctionDeclaration
    var progress = Progress<CheckedFunction>.declared
  }

  let constants = NameTable<Constant>()
  let functions = NameTable<Function>()
}

/// A function of a file, with its body over its parameters as the first locals.
struct CheckedFunction {
  let name: Name
  let typeParameters: [String]
  let parameters: [ParameterSignature]
  let result: Type
  let body: Expression
  /// How many expressions the body is, and how deep.
  let size: Int
  let depth: Int
}
