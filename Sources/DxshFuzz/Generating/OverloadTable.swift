import DxshExpressions

/// The overloads of one dialect by what they give.
struct OverloadTable {
  typealias Candidate = (overload: Overload, known: TypePattern)

  private let all: [Overload]
  private var byType: [Type: [Candidate]] = [:]

  private static let cel = sorted(.cel)
  private static let files = sorted(.dxsh)

  init(_ dialect: Overload.Dialects) {
    all = dialect == .cel ? Self.cel : Self.files
  }

  /// Names come in no order. Plain CEL has overloads of types that it cannot name.
  private static func sorted(_ dialect: Overload.Dialects) -> [Overload] {
    let all = FunctionLibrary.names.sorted().flatMap { FunctionLibrary.overloads(named: $0, in: dialect) }
    if dialect == .dxsh { return all }
    return all.filter { overload in
      !(overload.parameters + [overload.result]).contains { [.size, .list(.size), .decimal, .money].contains($0) }
    }
  }

  /// Those whose result is exactly of the type, which may be `dyn`; where no mistakes are to be, without those whose
  /// result can be of any type, such as `optional.none()`.
  mutating func overloads(giving type: Type, isWild: Bool) -> [Candidate] {
    if let known = byType[type] { return known }
    let found = all.compactMap { overload -> Candidate? in
      var pattern = TypePattern()
      guard pattern.match(overload.result, type), isWild || !overload.parameters.isEmpty else { return nil }
      return (overload, pattern)
    }
    byType[type] = found
    return found
  }
}

/// How calls are written.
enum OverloadText {
  static func call(_ overload: Overload, _ arguments: [String]) -> String {
    switch (overload.name, arguments.count) {
    case ("!_", 1): return "!(\(arguments[0]))"
    case ("-_", 1): return "-(\(arguments[0]))"
    case ("math.@max", _): return "math.greatest(\(arguments.joined(separator: ", ")))"
    case ("math.@min", _): return "math.least(\(arguments.joined(separator: ", ")))"
    default: break
    }
    if overload.name.hasPrefix("_"), arguments.count == 2 {
      let symbol = overload.name.filter { $0 != "_" }
      return "(\(arguments[0]) \(symbol) \(arguments[1]))"
    }
    if overload.style == .member {
      return "(\(arguments[0])).\(overload.name)(\(arguments.dropFirst().joined(separator: ", ")))"
    }
    return "\(overload.name)(\(arguments.joined(separator: ", ")))"
  }
}
