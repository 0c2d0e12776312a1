/// Types: a word for one without parts, else a list that begins with one:
///
///     "int"   ["list", T]   ["map", K, V]   ["optional", T]   ["record", [["a", T], …]]
///     ["enum", "Tier", [["pro", "Pro"], …]]   ["parameter", "T"]   ["secret", T]   ["connection", "sqlite"]
///     ["type", T]   ["abstract", "net.IP"]
extension JSONForm {
  package static func type(_ type: Type) -> Value { JSONStream.value { write(type, to: &$0) } }

  /// Appends the form of a type.
  package static func write(_ type: Type, to json: inout JSONStream) {
    if let scalar = ScalarWord(type) { return json.text(scalar.rawValue) }
    json.beginList()
    switch type {
    case .list(let element):
      json.word("list")
      write(element, to: &json)
    case .map(let key, let value):
      json.word("map")
      write(key, to: &json)
      write(value, to: &json)
    case .optional(let wrapped):
      json.word("optional")
      write(wrapped, to: &json)
    case .record(let record):
      json.word("record")
      json.beginList()
      for field in record.fields {
        json.beginList()
        json.text(field.name)
        write(field.type, to: &json)
        json.endList()
      }
      json.endList()
    case .enumeration(let declared):
      json.word("enum")
      json.text(declared.name)
      json.beginList()
      for member in declared.members {
        json.beginList()
        json.text(member.name)
        json.text(member.wireName)
        json.endList()
      }
      json.endList()
    case .parameter(let name):
      json.word("parameter")
      json.text(name)
    case .secret(let content):
      json.word("secret")
      write(content, to: &json)
    case .connection(let kind):
      json.word("connection")
      json.text(kind)
    case .type(let inner):
      json.word("type")
      write(inner, to: &json)
    case .abstract(let name, let arguments):
      json.word("abstract")
      json.text(name)
      for argument in arguments { write(argument, to: &json) }
    case .bool, .int, .uint, .double, .string, .bytes, .timestamp, .duration, .size, .decimal, .money, .json, .null,
      .dyn, .never, .unknown:
      preconditionFailure("\(type) has no parts")
    }
    json.endList()
  }

  /// The type of a form that `type(_: Type)` gave.
  package static func type(_ form: Value) throws(JSONFormError) -> Type {
    try type(form, depth: 0)
  }

  private static func type(_ form: Value, depth: Int) throws(JSONFormError) -> Type {
    guard depth < depthLimit else { throw JSONFormError("the type nests more than \(depthLimit) deep") }
    if case .string(let word) = form, let scalar = ScalarWord(rawValue: word.string) { return scalar.type }
    guard case .list(let parts) = form, case .string(let word)? = parts.first else {
      throw JSONFormError(expected: "a type", found: form)
    }
    func part(_ index: Int) throws(JSONFormError) -> Type {
      try element(parts[...], index) { form throws(JSONFormError) in try type(form, depth: depth + 1) }
    }
    switch (word.string, parts.count) {
    case ("list", 2): return .list(try part(1))
    case ("map", 3): return .map(try part(1), try part(2))
    case ("optional", 2):
      let wrapped = try part(1)
      guard !wrapped.isOptional else { throw JSONFormError("an optional type wraps another") }
      return .optional(wrapped)
    case ("record", 2):
      return .record(try element(parts[...], 1) { form throws(JSONFormError) in try record(form, depth: depth + 1) })
    case ("enum", 3):
      let name = try element(parts[...], 1) { form throws(JSONFormError) in try text(form, "the name of an enum") }
      return .enumeration(EnumType(name, try element(parts[...], 2, members)))
    case ("parameter", 2):
      return .parameter(
        try element(parts[...], 1) { form throws(JSONFormError) in try text(form, "the name of a type parameter") })
    case ("secret", 2):
      let content = try part(1)
      guard !content.containsSecret else { throw JSONFormError("a secret type wraps another") }
      return .secret(content)
    case ("connection", 2):
      return .connection(
        try element(parts[...], 1) { form throws(JSONFormError) in try text(form, "the kind of a connection") })
    case ("type", 2): return .type(try part(1))
    case ("abstract", 2...):
      let name = try element(parts[...], 1) { form throws(JSONFormError) in try text(form, "the name of a type") }
      var arguments: [Type] = []
      for index in 2..<parts.count { arguments.append(try part(index)) }
      return .abstract(name, arguments)
    default: throw JSONFormError(expected: "a type", found: .string(word))
    }
  }

  private static func record(_ form: Value, depth: Int) throws(JSONFormError) -> RecordType {
    let fields = try elements(form, "a list of fields") { pair throws(JSONFormError) in
      let parts = try tuple(pair, 2, "a name and a type")[...]
      return RecordType.Field(
        try element(parts, 0) { form throws(JSONFormError) in try text(form, "the name of a field") },
        try element(parts, 1) { form throws(JSONFormError) in try type(form, depth: depth + 1) })
    }
    guard Set(fields.map(\.name)).count == fields.count else { throw JSONFormError("two fields have one name") }
    return RecordType(fields)
  }

  private static func members(_ form: Value) throws(JSONFormError) -> [EnumType.Member] {
    try elements(form, "a list of members") { pair throws(JSONFormError) in
      let parts = try tuple(pair, 2, "a member and its wire name")[...]
      return EnumType.Member(
        try element(parts, 0) { form throws(JSONFormError) in try text(form, "the name of a member") },
        wireName: try element(parts, 1) { form throws(JSONFormError) in try text(form, "a wire name") })
    }
  }
}

/// The types that are one word.
private enum ScalarWord: String {
  case bool, int, uint, double, string, bytes, timestamp, duration, size, decimal, money, json, null, dyn, never,
    unknown

  /// Nil when the type has parts.
  init?(_ type: Type) {
    switch type {
    case .bool: self = .bool
    case .int: self = .int
    case .uint: self = .uint
    case .double: self = .double
    case .string: self = .string
    case .bytes: self = .bytes
    case .timestamp: self = .timestamp
    case .duration: self = .duration
    case .size: self = .size
    case .decimal: self = .decimal
    case .money: self = .money
    case .json: self = .json
    case .null: self = .null
    case .dyn: self = .dyn
    case .never: self = .never
    case .unknown: self = .unknown
    case .list, .map, .optional, .record, .enumeration, .parameter, .secret, .connection, .type, .abstract: return nil
    }
  }

  var type: Type {
    switch self {
    case .bool: .bool
    case .int: .int
    case .uint: .uint
    case .double: .double
    case .string: .string
    case .bytes: .bytes
    case .timestamp: .timestamp
    case .duration: .duration
    case .size: .size
    case .decimal: .decimal
    case .money: .money
    case .json: .json
    case .null: .null
    case .dyn: .dyn
    case .never: .never
    case .unknown: .unknown
    }
  }
}
