/// An amount in one currency (rule 30).
///
/// Equality and hash are by value: `12.50 EUR` equals `12.5 EUR`. What the amount holds and how it is rounded is as
/// with any decimal: nothing knows how many digits the currency has, so rounding to cents is the author's to say.
package struct Money: Sendable, Hashable {
  package let amount: Decimal
  /// Three capital letters (ISO 4217); whether it is one in use is not checked.
  package let currency: String

  /// The currency must be three capital letters.
  package init(_ amount: Decimal, _ currency: String) {
    self.amount = amount
    self.currency = currency
  }
}

extension Money {
  /// `12.50 EUR`
  package var text: String { "\(amount.text) \(currency)" }

  /// An amount, one space and the currency, as `text` gives it; nil for anything else.
  package init?(text: String) {
    guard text.utf8.count <= Decimal.longestText + 4 else { return nil }
    self.init(utf8: Array(text.utf8))
  }

  init?(utf8: [UInt8]) {
    guard utf8.count <= Decimal.longestText + 4, let space = utf8.firstIndex(of: 0x20),
      let amount = Decimal(utf8: utf8[..<space]), let currency = Self.currency(utf8[(space + 1)...])
    else { return nil }
    self.init(amount, currency)
  }

  /// The currency that a text names; nil when it is not three capital letters.
  static func currency(_ utf8: ArraySlice<UInt8>) -> String? {
    guard utf8.count == 3, utf8.allSatisfy({ (0x41...0x5A).contains($0) }) else { return nil }
    return String(decoding: utf8, as: UTF8.self)
  }
}

/// Money in JSON: `{ "amount": "12.50", "currency": "EUR" }`.
extension Money {
  private static let amountKey = Text("amount")
  private static let currencyKey = Text("currency")

  var asMap: Value {
    .map(
      MapValue(distinct: [
        .init(key: .string(Self.amountKey), value: .string(Text(validUTF8: amount.utf8))),
        .init(key: .string(Self.currencyKey), value: .text(currency)),
      ]))
  }

  /// What an object or a record with both fields says, the amount a text or a number; further fields are ignored
  /// (rule 26). Nil for anything else.
  init?(fields: Value) {
    let amount: Value?
    let currency: Value?
    switch fields {
    case .map(let map): (amount, currency) = (map[.string(Self.amountKey)], map[.string(Self.currencyKey)])
    case .record(let record): (amount, currency) = (record["amount"], record["currency"])
    case .none, .null, .bool, .int, .uint, .double, .string, .bytes, .timestamp, .duration, .size, .list, .boxed:
      return nil
    }
    guard let amount = amount.flatMap(Decimal.init(reading:)), case .string(let text)? = currency,
      let currency = Self.currency(text.utf8[...])
    else { return nil }
    self.init(amount, currency)
  }
}

extension Decimal {
  /// What a value that arrives says as a decimal: a number, or the text of one. Of a double it is what its shortest
  /// text says. Nil for anything else.
  init?(reading value: Value) {
    switch value {
    case .int(let number): self.init(number)
    case .uint(let number): self.init(number)
    case .double(let number): self.init(shortest: number)
    case .string(let text): self.init(utf8: text.utf8[...])
    case .boxed(let box):
      guard case .decimal(let number) = box.content else { return nil }
      self = number
    case .none, .null, .bool, .bytes, .timestamp, .duration, .size, .list, .map, .record: return nil
    }
  }
}
