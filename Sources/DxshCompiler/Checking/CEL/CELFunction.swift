import DxshExpressions

/// A function of plain CEL with the overloads that it has in the library and those that an environment declares.
struct CELFunction {
  struct Candidate {
    let isMember: Bool
    let parameters: [Type]
    let result: Type
    /// Whether its types have parameters.
    let isGeneric: Bool
    /// Nil when it is only declared.
    let function: Function?

    init(_ overload: Overload) {
      isMember = overload.style == .member
      parameters = overload.parameters
      result = overload.result
      isGeneric = (parameters + [result]).contains(where: \.hasParameters)
      function = overload.function
    }

    init(_ declared: CELEnvironment.DeclaredOverload) {
      isMember = declared.isMember
      parameters = declared.parameters
      result = declared.result
      isGeneric = (parameters + [result]).contains(where: \.hasParameters)
      function = nil
    }
  }

  let name: String
  var candidates: [Candidate]

  /// Nil when there is none of that name.
  init?(_ name: String, _ environment: CELEnvironment) {
    let library = FunctionLibrary.overloads(named: name, in: .cel)
    candidates = library.map(Candidate.init) + (environment.functions[name] ?? []).map(Candidate.init)
    if candidates.isEmpty { return nil }
    self.name = name
  }
}
