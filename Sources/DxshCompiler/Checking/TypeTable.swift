import DxshExpressions
import DxshSyntax

/// The named types of a module, resolved; and the types that every file has.
struct TypeTable {
  /// A declared type or enum. A type with a mistake in it is `unknown`.
  let declared = NameTable<Type>()
  /// Where each is declared.
  var names: [String: Name] = [:]
  var enums: [String: EnumType] = [:]

  static let builtIn: [String: Type] = [
    "bool": .bool, "int": .int, "uint": .uint, "double": .double, "string": .string, "bytes": .bytes,
    "timestamp": .timestamp, "duration": .duration, "size": .size, "decimal": .decimal, "money": .money, "json": .json,
    "file": .file,
  ]
  /// With the number of their arguments.
  static let constructors: [String: Int] = ["list": 1, "map": 2, "secret": 1, "connection": 1]

  var candidates: [String] {
    (Array(Self.builtIn.keys) + Array(Self.constructors.keys) + Array(declared.keys)).sorted()
  }
}
