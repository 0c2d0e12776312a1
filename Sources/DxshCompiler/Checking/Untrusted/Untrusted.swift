import DxshExpressions
import DxshSyntax

/// Where text that others wrote comes from; none for text that nobody outside can choose.
struct Untrusted: Hashable {
  /// What brings text from outside.
  struct Source: Hashable {
    /// For people: ``what `page` brings``.
    var title: String
    var range: SourceRange
  }

  /// The first of them.
  var source: Source?
  /// The numbers of the workflow's parameters, of which its callers decide.
  var parameters: Set<Int> = []

  static let none = Untrusted()

  var isNone: Bool { source == nil && parameters.isEmpty }

  mutating func join(_ other: Untrusted) {
    source = source ?? other.source
    parameters.formUnion(other.parameters)
  }

  /// Where it can be text at all: a number or an enum's member is what its type says, whoever chose it.
  func asText(_ type: Type) -> Untrusted { type.canHoldText ? self : .none }
}

extension Type {
  /// Whether values of the type have text in them that is anything.
  fileprivate var canHoldText: Bool {
    switch self {
    case .bool, .int, .uint, .double, .timestamp, .duration, .size, .decimal, .money, .null, .never, .enumeration,
      .secret, .connection, .type:
      false
    case .string, .bytes, .json, .dyn, .unknown, .parameter, .abstract: true
    case .list(let element): element.canHoldText
    case .map(let key, let value): key.canHoldText || value.canHoldText
    case .optional(let wrapped): wrapped.canHoldText
    case .record(let record): record.fields.contains(where: \.type.canHoldText)
    }
  }
}

extension Function {
  /// What a call gives of what its arguments are: nothing where it makes a part of a URL, a digest or no text of them.
  func passingOn(_ arguments: Untrusted) -> Untrusted {
    if id.hasPrefix("hash_") || ["url_segment", "url_encode", "url_query"].contains(where: id.hasPrefix) {
      return .none
    }
    return FunctionLibrary.result(ofFunction: id).map(arguments.asText) ?? arguments
  }
}
