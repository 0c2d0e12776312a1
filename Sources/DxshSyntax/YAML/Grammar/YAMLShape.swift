/// What may stand at a key of the YAML form.
indirect enum YAMLShape: Sendable {
  /// A value: scalars by rule 55, lists, mappings.
  case value
  /// A value whose scalars are expressions, quoted or not.
  case keyword
  /// The text of an expression.
  case expression
  /// The text of a type, or a mapping that is a record type.
  case type
  case name
  /// A dotted name.
  case path
  /// A text without placeholders.
  case text
  /// One of these words.
  case choice([String])
  /// The text of a call.
  case call
  /// Alternatives of a pattern, as text.
  case pattern
  case list(YAMLShape)
  case arguments
  case policies
  case parameters
  case items
  case testItems
  /// A mapping with the keys of a construct.
  case construct(YAMLConstruct)
  /// A mapping from names to these.
  case named(YAMLShape)
  /// Either of these.
  case either(YAMLShape, YAMLShape)
  /// A mapping with one key of the author's choice.
  case single(YAMLShape)
  /// The members of an enum.
  case members
}

/// One key of a construct.
struct YAMLKey: Sendable {
  var word: YAMLWord
  var shape: YAMLShape
  var isRequired: Bool
  /// One sentence without its full stop.
  var description: String
}

/// A mapping with keys that have a meaning: a file, a declaration, an item.
///
/// These are the one place that says which keys there are: the reader, the order of the writer and the JSON Schema
/// come from it.
final class YAMLConstruct: Sendable {
  /// What messages call it: "a step".
  let noun: String
  /// Its name in the schema.
  let name: String
  let keys: [YAMLKey]
  /// Fields that it may have beside its keys, whose names the checker judges.
  let fields: [YAMLField]?
  /// Those of its keys, in their order.
  let words: [YAMLWord]
  /// The words of the keys that have to be there.
  let required: [YAMLWord]

  init(_ name: String, _ noun: String, _ keys: [YAMLKey], fields: [YAMLField]? = nil) {
    self.name = name
    self.noun = noun
    self.keys = keys
    self.fields = fields
    words = keys.map(\.word)
    required = keys.filter(\.isRequired).map(\.word)
  }

  /// The key that tells it from others.
  var opener: YAMLWord { words[0] }

  func hasKey(_ word: YAMLWord) -> Bool { words.contains(word) }
}

/// A field of a schedule, a trigger, an approval or `limits`.
struct YAMLField: Sendable {
  var name: String
  var isKeyword: Bool
  var description: String
}

extension YAMLKey {
  /// A key that has to be there.
  static func required(_ word: YAMLWord, _ shape: YAMLShape, _ description: String) -> YAMLKey {
    YAMLKey(word: word, shape: shape, isRequired: true, description: description)
  }

  static func optional(_ word: YAMLWord, _ shape: YAMLShape, _ description: String) -> YAMLKey {
    YAMLKey(word: word, shape: shape, isRequired: false, description: description)
  }
}
