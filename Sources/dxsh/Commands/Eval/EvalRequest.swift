import DxshCompiler
import DxshExpressions
import DxshSyntax

/// One line of `dxsh eval --batch`.
struct EvalRequest {
  struct Answer {
    var value: Value?
    var type: Type?
  }

  private let expression: String
  private var environment = CELEnvironment()
  private var values: [Value] = []
  private let isOnlyChecked: Bool

  /// Throws a sentence that names the field with a mistake.
  init(_ fields: MapValue) throws(CallFailure) {
    guard case .string(let text)? = fields["expr"] else { throw CallFailure("\"expr\" is the text of an expression") }
    expression = text.string
    isOnlyChecked = try Self.flag("check_only", fields)
    environment.isChecked = try !Self.flag("disable_check", fields)
    environment.hasMacros = try !Self.flag("disable_macros", fields)
    if let container = fields["container"] {
      guard case .string(let name) = container else { throw CallFailure("\"container\" is a name") }
      environment.container = name.string
    }
    try declare(fields["type_env"])
    try bind(fields["bindings"])
  }

  private static func flag(_ name: String, _ fields: MapValue) throws(CallFailure) -> Bool {
    switch fields[name] {
    case nil, .bool(false)?: return false
    case .bool(true)?: return true
    default: throw CallFailure("\"\(name)\" is true or false")
    }
  }

  private mutating func declare(_ form: Value?) throws(CallFailure) {
    guard let form else { return }
    guard case .list(let declarations) = form else { throw CallFailure("\"type_env\" is a list") }
    for declaration in declarations {
      guard case .map(let fields) = declaration, case .string(let name)? = fields["name"] else {
        throw CallFailure("a declaration of \"type_env\" has a \"name\"")
      }
      if case .list(let overloads)? = fields["overloads"] {
        environment.functions[name.string] = try overloads.map { form throws(CallFailure) in try Self.overload(form) }
      } else {
        environment.variables[name.string] = .init(try Self.type(fields["type"]), slot: nil)
      }
    }
  }

  private static func overload(_ form: Value) throws(CallFailure) -> CELEnvironment.DeclaredOverload {
    guard case .map(let fields) = form, case .list(let parameters)? = fields["params"] else {
      throw CallFailure("an overload has \"params\", \"result\" and \"member\"")
    }
    return .init(
      isMember: try flag("member", fields),
      parameters: try parameters.map { parameter throws(CallFailure) in try type(parameter) },
      result: try type(fields["result"]))
  }

  private static func type(_ form: Value?) throws(CallFailure) -> Type {
    guard case .string(let text)? = form, let type = CELTypeText.parse(text.string) else {
      throw CallFailure("\(form?.summary ?? "nothing") is no type")
    }
    return type
  }

  private mutating func bind(_ form: Value?) throws(CallFailure) {
    guard let form else { return }
    guard case .map(let bindings) = form else { throw CallFailure("\"bindings\" is an object") }
    for binding in bindings.entries {
      guard case .string(let name) = binding.key else { continue }
      let type = environment.variables[name.string]?.type ?? .dyn
      environment.variables[name.string] = .init(type, slot: values.count)
      values.append(try TypedForm.value(binding.value))
    }
  }

  func answer(budget: Int) throws -> Answer {
    let file = SourceFile(id: FileID(0), name: "<expression>", text: expression)
    let compiled = compileCEL(file, environment)
    if let mistake = compiled.diagnostics.first(where: { $0.severity == .error }) {
      let place = LineIndex(file).position(of: Int(mistake.range.start))
      throw CallFailure("\(place.line):\(place.column): \(mistake.message)")
    }
    let type = environment.isChecked ? compiled.type : nil
    if isOnlyChecked { return Answer(value: nil, type: type) }
    let frame = Frame(slots: values.count, parent: nil)
    frame.values = values
    return Answer(
      value: try Program(compiled.expression, dialect: .cel).evaluate(in: frame, budget: budget), type: type)
  }
}
