/// The type of a value or an expression.
package indirect enum Type: Hashable, Sendable {
  case bool, int, uint, double, string, bytes, timestamp, duration, size, decimal, money
  /// Outside data at rest: read only through `.?f`, `[?i]`, `has`, `==` and `as T`.
  case json
  /// The type of `null`, which fits only `json`.
  case null
  /// CEL's escape from static types; no author can write it.
  case dyn
  /// The type of no value: the elements of `[]`, the inside of `none`. Fits everything.
  case never
  /// The type of what could not be typed; the mistake is reported, and this fits everything silently.
  case unknown
  case list(Type)
  case map(Type, Type)
  /// Never nested.
  case optional(Type)
  case record(RecordType)
  case enumeration(EnumType)
  /// A type parameter of a node or function.
  case parameter(String)
  /// A value that only parameters declared to take a secret may receive. Made by `asSecret`.
  case secret(Type)
  /// An opaque connection of a kind.
  case connection(String)
  /// The type of types as values: that of `int` is `type<int>`.
  case type(Type)
  /// Any other type by its name, such as `net.IP`.
  case abstract(String, [Type])
}

/// The fields of a record type, in the order of their declaration. Structural: names play no part.
package struct RecordType: Hashable, Sendable {
  package struct Field: Hashable, Sendable {
    package var name: String
    package var type: Type

    package init(_ name: String, _ type: Type) {
      self.name = name
      self.type = type
    }
  }

  /// Names are distinct.
  package var fields: [Field]

  package init(_ fields: [Field]) {
    self.fields = fields
  }

  package subscript(name: String) -> Type? {
    fields.first { $0.name == name }?.type
  }

  /// Where a field stands among the fields, and in the records of this type.
  package func slot(of name: String) -> Int? {
    fields.firstIndex { $0.name == name }
  }
}

/// An enum: nominal, by the name of its declaration.
package struct EnumType: Hashable, Sendable {
  package struct Member: Hashable, Sendable {
    package var name: String
    /// The text that stands for the member at run time and outside.
    package var wireName: String

    package init(_ name: String, wireName: String) {
      self.name = name
      self.wireName = wireName
    }
  }

  package var name: String
  package var members: [Member]

  package init(_ name: String, _ members: [Member]) {
    self.name = name
    self.members = members
  }

  package subscript(name: String) -> Member? {
    members.first { $0.name == name }
  }

  /// The kinds of failure that something can end with, which differ from place to place: a kind goes where it and
  /// others are expected. No file declares an enum of this name.
  package static func errorKind(_ kinds: [String]) -> EnumType {
    EnumType(errorKindName, kinds.map { Member($0, wireName: $0) })
  }

  package static let errorKindName = "ErrorKind"

  func isAssignable(to target: EnumType) -> Bool {
    isErrorKind && target.isErrorKind && members.allSatisfy { target[$0.name] != nil }
  }

  /// The enum of the members of both; nil for enums that are declared.
  func joined(with other: EnumType) -> EnumType? {
    guard isErrorKind, other.isErrorKind else { return nil }
    return .errorKind(Set((members + other.members).map(\.name)).sorted())
  }

  private var isErrorKind: Bool { name == Self.errorKindName }
}

extension Type {
  /// `T?`, without nesting: `T??` is `T?` (rule 24).
  package var asOptional: Type {
    switch self {
    case .optional, .unknown, .dyn, .secret(.optional): self
    default: .optional(self)
    }
  }

  /// `T` of `T?`, else the type itself.
  package var unwrapped: Type {
    if case .optional(let inner) = self { inner } else { self }
  }

  package var isOptional: Bool {
    if case .optional = self { true } else { false }
  }

  /// What is asked most often, without comparing whole types.
  package var isUnknown: Bool {
    if case .unknown = self { true } else { false }
  }
}

extension Type: CustomStringConvertible {
  /// As the author writes it.
  package var description: String {
    switch self {
    case .bool: "bool"
    case .int: "int"
    case .uint: "uint"
    case .double: "double"
    case .string: "string"
    case .bytes: "bytes"
    case .timestamp: "timestamp"
    case .duration: "duration"
    case .size: "size"
    case .decimal: "decimal"
    case .money: "money"
    case .json: "json"
    case .null: "null"
    case .dyn: "dyn"
    case .never: "nothing"
    case .unknown: "unknown"
    case .list(let element): "list<\(element)>"
    case .map(let key, let value): "map<\(key), \(value)>"
    case .optional(.never): "none"
    case .optional(let wrapped): "\(wrapped)?"
    case .record(let record):
      record.fields.isEmpty
        ? "{}" : "{ " + record.fields.map { "\($0.name): \($0.type)" }.joined(separator: ", ") + " }"
    case .enumeration(let declared): declared.name
    case .parameter(let name): name
    case .secret(let content): "secret<\(content)>"
    case .connection(let kind): "connection<\(kind)>"
    case .type(let type): "type<\(type)>"
    case .abstract(let name, let arguments):
      arguments.isEmpty ? name : "\(name)<\(arguments.map(\.description).joined(separator: ", "))>"
    }
  }
}
