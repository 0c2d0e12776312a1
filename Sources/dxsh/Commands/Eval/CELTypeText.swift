import DxshExpressions

/// Types of plain CEL as text: `map(string, list(int))`, `<T>` for a type parameter.
enum CELTypeText {
  /// Nil when it is none.
  static func parse(_ text: String) -> Type? {
    var rest = text.utf8.filter { $0 != UInt8(ascii: " ") }[...]
    guard let type = parse(&rest, depth: 0), rest.isEmpty else { return nil }
    return type
  }

  private static func parse(_ rest: inout ArraySlice<UInt8>, depth: Int) -> Type? {
    guard depth < 64 else { return nil }
    if rest.first == UInt8(ascii: "<") {
      rest.removeFirst()
      let name = word(&rest)
      guard rest.first == UInt8(ascii: ">") else { return nil }
      rest.removeFirst()
      return .parameter(name)
    }
    let name = word(&rest)
    guard !name.isEmpty else { return nil }
    var arguments: [Type] = []
    if rest.first == UInt8(ascii: "(") {
      repeat {
        rest.removeFirst()
        guard let argument = parse(&rest, depth: depth + 1) else { return nil }
        arguments.append(argument)
      } while rest.first == UInt8(ascii: ",")
      guard rest.first == UInt8(ascii: ")") else { return nil }
      rest.removeFirst()
    }
    return type(name, arguments)
  }

  private static func word(_ rest: inout ArraySlice<UInt8>) -> String {
    let letters = rest.prefix { byte in
      byte != UInt8(ascii: "(") && byte != UInt8(ascii: ")") && byte != UInt8(ascii: ",") && byte != UInt8(ascii: ">")
    }
    rest = rest.dropFirst(letters.count)
    return String(decoding: letters, as: UTF8.self)
  }

  private static func type(_ name: String, _ arguments: [Type]) -> Type? {
    switch (name, arguments.count) {
    case ("list", 1): .list(arguments[0])
    case ("list", 0): .list(.dyn)
    case ("map", 2): .map(arguments[0], arguments[1])
    case ("map", 0): .map(.dyn, .dyn)
    case ("type", 1): .type(arguments[0])
    case ("type", 0): .type(.dyn)
    case ("optional_type", 1): .optional(arguments[0])
    case ("timestamp", 0), ("google.protobuf.Timestamp", 0): .timestamp
    case ("duration", 0), ("google.protobuf.Duration", 0): .duration
    default: arguments.isEmpty ? scalars[name] ?? .abstract(name, []) : .abstract(name, arguments)
    }
  }

  private static let scalars: [String: Type] = [
    "bool": .bool, "int": .int, "uint": .uint, "double": .double, "string": .string, "bytes": .bytes,
    "null_type": .null, "null": .null, "dyn": .dyn, "optional_type": .optional(.dyn),
  ]

  /// The name of a type as a value: without what it is made of.
  static func name(of type: Type) -> String {
    switch type {
    case .list: "list"
    case .map, .record: "map"
    case .optional: "optional_type"
    case .type: "type"
    case .timestamp: "google.protobuf.Timestamp"
    case .duration: "google.protobuf.Duration"
    case .abstract(let name, _): name
    case .bool, .int, .uint, .double, .string, .bytes, .size, .decimal, .money, .json, .null, .dyn, .never, .unknown,
      .enumeration, .parameter, .secret, .connection:
      type.celText
    }
  }
}
