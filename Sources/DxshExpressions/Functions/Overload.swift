/// One overload of a function or operator: how it is called, its types, and what it does.
///
/// Operators have CEL's names, such as `_+_` and `_in_`.
package final class Overload: Sendable {
  package enum Style: Sendable, Hashable {
    case global, member
  }

  /// The languages that expressions are written in.
  package struct Dialects: OptionSet, Sendable, Hashable {
    package let rawValue: UInt8

    package init(rawValue: UInt8) {
      self.rawValue = rawValue
    }

    /// Plain CEL, as `dxsh eval` takes it.
    package static let cel = Dialects(rawValue: 1)
    /// The expressions of `.dxsh` files.
    package static let dxsh = Dialects(rawValue: 2)
    package static let both: Dialects = [.cel, .dxsh]
  }

  package let name: String
  package let style: Style
  /// The receiver first when `style` is member. Type parameters are `A`, `B`.
  package let parameters: [Type]
  package let result: Type
  /// Whether there are arguments of these types for which it fails for another reason than overflow (rule 49).
  package let isPartial: Bool
  /// Where it can be called.
  package let dialects: Dialects
  package let function: Function

  init(
    _ name: String, _ id: String, _ style: Style, _ parameters: [Type], _ result: Type, partial: Bool = false,
    in dialects: Dialects = .both, _ body: Function.Body,
    prepare: (@Sendable ([Value?]) throws(EvaluationError) -> Function.Body?)? = nil
  ) {
    self.name = name
    self.style = style
    self.parameters = parameters
    self.result = result
    self.isPartial = partial
    self.dialects = dialects
    self.function = Function(id, body, prepare: prepare)
  }

  /// A global function.
  convenience init(
    _ name: String, _ id: String, _ parameters: [Type], _ result: Type, partial: Bool = false,
    in dialects: Dialects = .both, _ body: Function.Body,
    prepare: (@Sendable ([Value?]) throws(EvaluationError) -> Function.Body?)? = nil
  ) {
    self.init(name, id, .global, parameters, result, partial: partial, in: dialects, body, prepare: prepare)
  }
}

/// Every function and operator that expressions can call.
package enum FunctionLibrary {
  /// The overloads of a name in the order in which they are tried.
  package static func overloads(named name: String) -> [Overload] { byName[name] ?? [] }

  /// Those of one dialect.
  package static func overloads(named name: String, in dialect: Overload.Dialects) -> [Overload] {
    (dialect == .cel ? inCEL : inFiles)[name]?.all ?? []
  }

  /// Those of one dialect and style.
  package static func overloads(
    named name: String, in dialect: Overload.Dialects, _ style: Overload.Style
  ) -> [Overload] {
    guard let overloads = (dialect == .cel ? inCEL : inFiles)[name] else { return [] }
    return style == .global ? overloads.global : overloads.member
  }

  /// The function of an overload's identity, for plans that are read back.
  package static func function(withID id: String) -> Function? { byID[id] }

  /// What an overload of the identity gives; its type parameters are `A`, `B`.
  package static func result(ofFunction id: String) -> Type? { resultByID[id] }

  package static var names: [String] { Array(byName.keys) }

  /// How an author writes what a function of the library stands for: an operator, or a macro that becomes it.
  package static func writtenName(of function: String) -> String {
    switch function {
    case "math.@max": "math.greatest"
    case "math.@min": "math.least"
    default: function.hasPrefix("_") || function.hasSuffix("_") ? function.filter { $0 != "_" } : function
    }
  }

  private static let all: [Overload] = [
    arithmeticOverloads, comparisonOverloads, textOverloads, listOverloads, conversionOverloads,
    textConversionOverloads, timeConversionOverloads, optionalOverloads, celOptionalOverloads, mathOverloads,
    extremaOverloads, bitOverloads, networkOverloads, listShapeOverloads, sortOverloads, averageOverloads,
    setOverloads, timeFunctionOverloads, calendarOverloads, decimalOverloads, moneyOverloads, textSearchOverloads,
    textPartOverloads, textShapeOverloads, textAssemblyOverloads, textLayoutOverloads, matchOverloads,
    regexOverloads, encodingOverloads, formatOverloads, hashOverloads, jsonOverloads, urlOverloads, unitOverloads,
    artifactOverloads,
  ].flatMap { $0 }
  private static let byName = Dictionary(grouping: all, by: \.name)
  private static let inCEL = OverloadTable(all.filter { $0.dialects.contains(.cel) })
  private static let inFiles = OverloadTable(all.filter { $0.dialects.contains(.dxsh) })
  private static let resultByID = Dictionary(
    all.map { ($0.function.id, $0.result) }, uniquingKeysWith: { first, _ in first })
  private static let byID = Dictionary(uniqueKeysWithValues: all.map { ($0.function.id, $0.function) })
}

extension Type {
  /// The type parameters of overloads.
  static let parameterA = Type.parameter("A")
  static let parameterB = Type.parameter("B")
}
