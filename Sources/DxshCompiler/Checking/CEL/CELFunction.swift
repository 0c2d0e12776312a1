import DxshExpressions

/// A function of plain CEL with the overloads that it has in the library and those that an environment declares.
final class CELFunction {
  final class Candidate {
    let isMember: Bool
    let parameters: [Type]
    let result: Type
    /// The numbers of its types; nil when they have parameters, which are new for each call.
    let fixed: (parameters: [CELTypes.ID], result: CELTypes.ID)?
    /// Nil when it is only declared.
    let function: Function?

    init(isMember: Bool, _ parameters: [Type], _ result: Type, _ function: Function?, _ types: inout CELTypes) {
      self.isMember = isMember
      self.parameters = parameters
      self.result = result
      self.function = function
      let isGeneric = result.hasParameters || parameters.contains(where: \.hasParameters)
      fixed = isGeneric ? nil : (parameters.map { types.intern($0) }, types.intern(result))
    }
  }

  /// What a call of certain types comes to.
  struct Resolution {
    /// Nil when several overloads take the arguments, or one does only if they are of its kinds.
    let only: Candidate?
    let result: CELTypes.ID
    let isCertain: Bool
  }

  let name: String
  let candidates: [Candidate]
  /// The resolutions of the first calls with one or two arguments whose types hold no variables.
  private var known: [(key: UInt64, resolution: Resolution)] = []
  /// How many of them it keeps, since they are gone through.
  private static let limit = 32

  /// Nil when there is none of that name.
  init?(_ name: String, _ environment: CELEnvironment, _ types: inout CELTypes) {
    var candidates: [Candidate] = []
    for overload in FunctionLibrary.overloads(named: name, in: .cel) {
      candidates.append(
        Candidate(
          isMember: overload.style == .member, overload.parameters, overload.result, overload.function, &types))
    }
    for declared in environment.functions[name] ?? [] {
      candidates.append(Candidate(isMember: declared.isMember, declared.parameters, declared.result, nil, &types))
    }
    if candidates.isEmpty { return nil }
    self.name = name
    self.candidates = candidates
  }

  func remember(_ resolution: Resolution, for key: UInt64) {
    if known.count < Self.limit { known.append((key, resolution)) }
  }

  subscript(key: UInt64) -> Resolution? {
    for entry in known where entry.key == key { return entry.resolution }
    return nil
  }
}
