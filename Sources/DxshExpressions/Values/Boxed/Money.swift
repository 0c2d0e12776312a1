/// An amount in one currency (rule 30).
package struct Money: Sendable {
  package var amount: Decimal
  /// Three capital letters (ISO 4217).
  package var currency: String

  package init(_ amount: Decimal, _ currency: String) {
    self.amount = amount
    self.currency = currency
  }
}

extension Money: Equatable {
  /// `12.50 EUR`
  package var text: String { "\(amount.text) \(currency)" }

  /// `{ amount: "12.50", currency: "EUR" }`, its form in JSON.
  var asMap: Value {
    .map(
      MapValue(distinct: [
        .init(key: .text("amount"), value: .text(amount.text)), .init(key: .text("currency"), value: .text(currency)),
      ]))
  }

  /// What `text` gives; nil for anything else.
  package init?(text: String) {
    return nil
  }
}
