package import DxshExpressions

/// What the names of a plain CEL expression mean.
package struct CELEnvironment: Sendable {
  /// A variable that the expression may mention.
  package struct Variable: Sendable {
    package var type: Type
    /// Where its value stands in the frame; nil when it has none, so that each use fails.
    package var slot: Int?

    package init(_ type: Type, slot: Int?) {
      self.type = type
      self.slot = slot
    }
  }

  /// An overload of a function that is declared and has no implementation here.
  package struct DeclaredOverload: Sendable {
    package var isMember: Bool
    package var parameters: [Type]
    package var result: Type

    package init(isMember: Bool, parameters: [Type], result: Type) {
      self.isMember = isMember
      self.parameters = parameters
      self.result = result
    }
  }

  /// By their full names.
  package var variables: [String: Variable] = [:]
  package var functions: [String: [DeclaredOverload]] = [:]
  /// Names are looked up in it first, from the inside outwards: `a.b` makes `x` mean `a.b.x`, `a.x` or `x` (CEL
  /// specification, "Name Resolution").
  package var container = ""
  /// False takes every expression that can be read: types are found out when it is evaluated.
  package var isChecked = true
  package var hasMacros = true

  package init() {}

  /// The full names that a name may have, in the order in which they are tried. A leading dot takes it as it is.
  func candidates(for name: String) -> [String] {
    if name.hasPrefix(".") { return [String(name.dropFirst())] }
    if container.isEmpty { return [name] }
    var result: [String] = []
    var prefix = container[...]
    while true {
      result.append("\(prefix).\(name)")
      guard let dot = prefix.lastIndex(of: ".") else { break }
      prefix = prefix[..<dot]
    }
    return result + [name]
  }

  /// The first parts of the qualified names that mean something: `math` of `math.abs`.
  struct Roots {
    /// Of variables and types.
    let values: NameIndex
    let functions: NameIndex
  }

  var roots: Roots {
    Roots(
      values: roots(of: Array(variables.keys) + Self.types.keys),
      functions: roots(of: FunctionLibrary.names + functions.keys))
  }

  private func roots(of names: [String]) -> NameIndex {
    let roots = NameIndex()
    for name in names where name.contains(".") {
      // The name from the root scope, and what is left of it inside the container and each part of that.
      var rest = name[...]
      var isInside = true
      var container = container.split(separator: ".")[...]
      while isInside, let dot = rest.firstIndex(of: ".") {
        roots.add(String(rest[..<dot]))
        isInside = container.popFirst() == rest[..<dot]
        rest = rest[rest.index(after: dot)...]
      }
    }
    return roots
  }

  /// The types that are names of values.
  static let types: [String: Type] = [
    "bool": .bool, "int": .int, "uint": .uint, "double": .double, "string": .string, "bytes": .bytes,
    "null_type": .null, "list": .list(.dyn), "map": .map(.dyn, .dyn), "type": .type(.dyn),
    "google.protobuf.Timestamp": .timestamp, "google.protobuf.Duration": .duration,
    "optional_type": .optional(.dyn), "net.IP": .abstract("net.IP", []), "net.CIDR": .abstract("net.CIDR", []),
  ]
}
