/// The JSON Schema (2020-12) of the YAML form, made from the same table as its reader.
package func yamlSchema() -> String {
  var schema = YAMLSchema()
  schema.define(.file)
  for construct in YAMLConstruct.items + YAMLConstruct.testItems { schema.define(construct) }
  return schema.text
}

/// Definitions as they are found; every construct is one.
private struct YAMLSchema {
  private var definitions: [(name: String, text: String)] = []
  private var known: Set<String> = []

  var text: String {
    var definitions = fixed + definitions.sorted { $0.name < $1.name }.map { "\(quoted($0.name)): \($0.text)" }
    let last = definitions.removeLast()
    return ##"""
      {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A dxsh workflow file",
        "$ref": "#/$defs/file",
        "$defs": {

      """## + definitions.map { "    \($0),\n" }.joined() + "    \(last)\n  }\n}\n"
  }

  /// What is no construct.
  private var fixed: [String] {
    let items = YAMLConstruct.items.map { reference($0.name) }.joined(separator: ", ")
    let tests = YAMLConstruct.testItems.map { reference($0.name) }.joined(separator: ", ")
    let lines = ##"""
      "value": {"description": "A value: text, a number, `${…}`, a list, a record or a map"}
      "keyword": {"description": "An expression, with or without quotes"}
      "code": {"description": "The text of an expression", "type": ["string", "number", "boolean"], "minLength": 1}
      "name": {"type": "string", "pattern": "^[A-Za-z_][A-Za-z0-9_]*$"}
      "path": {"type": "string", "pattern": "^[A-Za-z_][A-Za-z0-9_]*(\\.[A-Za-z_][A-Za-z0-9_]*)*$"}
      "text": {"type": "string"}
      "type": {"description": "The text of a type, or a record type", "oneOf": [{"type": "string", "minLength": 1}, \
      {"type": "object", \
      "additionalProperties": {"anyOf": [{"$ref": "#/$defs/recordField"}, {"$ref": "#/$defs/type"}]}}]}
      "call": {"description": "The text of a call", "type": "string", "minLength": 1}
      "arguments": {"description": "By name, or a list; both with the key `args`", "type": ["array", "object"], \
      "properties": {"args": {"type": "array"}}}
      "policies": {"description": "Policies by name", "type": "object", "additionalProperties": {"anyOf": \
      [{"type": ["string", "number", "boolean"]}, {"$ref": "#/$defs/arguments"}]}}
      "parameters": {"description": "Parameters by name", "type": "object", "additionalProperties": {"oneOf": \
      [{"type": "string", "minLength": 1}, {"$ref": "#/$defs/parameter"}]}}
      "members": {"description": "Members of an enum", "type": "array", "items": {"oneOf": [{"$ref": "#/$defs/name"}, \
      {"type": "object", "minProperties": 1, "maxProperties": 1, "additionalProperties": {"type": "string"}}]}}
      """##
    let joined = lines.split(separator: "\\\n", omittingEmptySubsequences: false).joined()
    return joined.split(separator: "\n").map(String.init) + [
      ##""items": {"description": "Items", "type": "array", "items": {"oneOf": [\##(items)]}}"##,
      ##""testItems": {"description": "Items of a test", "type": "array", "items": {"oneOf": [\##(tests)]}}"##,
    ]
  }

  mutating func define(_ construct: YAMLConstruct) {
    guard known.insert(construct.name).inserted else { return }
    let place = definitions.count
    definitions.append((construct.name, ""))
    var properties: [String] = []
    for key in construct.keys {
      properties.append(property(key.word.rawValue, schema(of: key.shape), key.description))
    }
    for field in construct.fields ?? [] {
      let shape: YAMLShape =
        construct.name == "trigger" ? .construct(.triggerFields) : field.isKeyword ? .keyword : .value
      properties.append(property(field.name, schema(of: shape), field.description))
    }
    if construct.name == "parameter" { define(.recordField) }
    let required = construct.keys.filter(\.isRequired).map { quoted($0.word.rawValue) }
    var parts = [#""description": \#(quoted(construct.noun))"#, #""type": "object""#]
    if !required.isEmpty { parts.append(#""required": [\#(required.joined(separator: ", "))]"#) }
    parts.append("\"properties\": {\n        \(properties.joined(separator: ",\n        "))\n      }")
    parts.append(#""additionalProperties": false"#)
    definitions[place].text = "{\n      \(parts.joined(separator: ",\n      "))\n    }"
  }

  private func property(_ name: String, _ schema: String, _ description: String) -> String {
    let body = schema.dropFirst().dropLast()
    return "\(quoted(name)): {\"description\": \(quoted(description)), \(body)}"
  }

  private mutating func schema(of shape: YAMLShape) -> String {
    switch shape {
    case .value: return reference("value")
    case .keyword: return reference("keyword")
    case .expression: return reference("code")
    case .type: return reference("type")
    case .name: return reference("name")
    case .path: return reference("path")
    case .text: return reference("text")
    case .choice(let words): return #"{"enum": [\#(words.map(quoted).joined(separator: ", "))]}"#
    case .call: return reference("call")
    case .pattern: return reference("code")
    case .list(let element): return #"{"type": "array", "items": \#(schema(of: element))}"#
    case .arguments: return reference("arguments")
    case .policies: return reference("policies")
    case .parameters:
      define(.parameter)
      return reference("parameters")
    case .items: return reference("items")
    case .testItems: return reference("testItems")
    case .construct(let construct):
      define(construct)
      return reference(construct.name)
    case .named(let element): return #"{"type": "object", "additionalProperties": \#(schema(of: element))}"#
    case .either(let one, let other): return #"{"anyOf": [\#(schema(of: one)), \#(schema(of: other))]}"#
    case .single(let element):
      return #"{"type": "object", "minProperties": 1, "maxProperties": 1, "additionalProperties": "#
        + schema(of: element) + "}"
    case .members: return reference("members")
    }
  }

  private func reference(_ name: String) -> String { ##"{"$ref": "#/$defs/\##(name)"}"## }

  /// As JSON; descriptions have no control characters.
  private func quoted(_ text: String) -> String {
    "\"" + text.flatMap { $0 == "\"" || $0 == "\\" ? ["\\", $0] : [$0] }.map(String.init).joined() + "\""
  }
}
