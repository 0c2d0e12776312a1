import DxshExpressions

/// Expressions without parts, or with the fewest that a type needs.
extension ExpressionGenerator {
  mutating func leaf(_ type: Type) -> String {
    switch type {
    case .bool: return choices.below(2) == 0 ? "true" : "false"
    case .int: return choices.one(of: Literals.ints)
    case .uint: return choices.one(of: Literals.uints)
    case .double: return choices.one(of: Literals.doubles)
    case .string: return string()
    case .bytes: return choices.one(of: Literals.bytes)
    case .timestamp: return isCEL ? choices.one(of: Literals.timestamps) : "t"
    case .duration: return choices.one(of: isCEL ? Literals.durations : Literals.spans)
    case .size: return choices.one(of: Literals.sizes)
    case .decimal: return choices.below(2) == 0 ? "amount" : "decimal(\(choices.one(of: Literals.ints)))"
    case .money: return "price"
    case .abstract("net.IP", _): return choices.one(of: Literals.addresses)
    case .abstract("net.CIDR", _): return choices.one(of: Literals.blocks)
    case .list(let element): return "[\(leaf(element))]"
    case .map(let key, let value): return "{\(mapKey(leaf(key))): \(leaf(value))}"
    case .optional(let wrapped): return "optional.of(\(leaf(wrapped)))"
    case .record(let record):
      return "{ \(record.fields.map { "\($0.name): \(leaf($0.type))" }.joined(separator: ", ")) }"
    case .type(let inner): return "type(\(leaf(inner)))"
    case .json: return "data"
    case .null, .dyn, .never, .unknown, .enumeration, .parameter, .secret, .connection, .abstract: return "null"
    }
  }

  /// In files a name before a colon is a field.
  func mapKey(_ text: String) -> String { isCEL ? text : "(\(text))" }

  private mutating func string() -> String {
    let number = choices.below(Literals.strings.count + 6)
    if number < Literals.strings.count { return "\"\(Literals.strings[number])\"" }
    let count = choices.below(12)
    var text = ""
    for _ in 0..<count {
      let scalar = Unicode.Scalar(choices.byte())
      switch scalar {
      case "a"..."z", "A"..."Z", "0"..."9", " ", ".", "*", "+", "?", "(", ")", "[", "]", "^", "|", "%", ",", "-":
        text.unicodeScalars.append(scalar)
      default: text += "\\u00" + (scalar.value < 16 ? "0" : "") + String(scalar.value, radix: 16)
      }
    }
    return "\"\(text)\""
  }
}
