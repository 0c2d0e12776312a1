/// A value that does not fit beside the others, behind a reference.
package final class BoxedValue: Sendable {
  package enum Content: Sendable {
    /// An optional of plain CEL that has a value; `Value.none` is the empty one. In `.dxsh` files optionals are not
    /// boxed.
    case optional(Value)
    /// A type as a value: `type(1)`, `int`.
    case type(Type)
    case decimal(Decimal)
    case money(Money)
    case ip(IPAddress)
    case cidr(CIDRBlock)
    case file(Artifact)
    /// In plain CEL a variable of `cel.bind` whose value failed; only in the registers of an evaluation.
    case failure(EvaluationError)
  }

  package let content: Content

  package init(_ content: Content) {
    self.content = content
  }
}

extension Value {
  /// A value of one of the kinds that are kept behind a reference.
  package static func box(_ content: BoxedValue.Content) -> Value { .boxed(BoxedValue(content)) }
}

extension BoxedValue {
  package var isDecimal: Bool {
    if case .decimal = content { true } else { false }
  }

  package var isMoney: Bool {
    if case .money = content { true } else { false }
  }

  package var isFile: Bool {
    if case .file = content { true } else { false }
  }

  /// In an author's words, for messages.
  package var summary: String {
    switch content {
    case .optional(let value): "an optional of \(value.summary)"
    case .type(let type): "the type \(type)"
    case .decimal, .money: text?.string ?? ""
    case .ip: "the address \(text?.string ?? "")"
    case .cidr: "the block \(text?.string ?? "")"
    case .file(let artifact): "the file \(artifact.name)"
    case .failure(let failure): failure.message
    }
  }

  /// How it reads inside text; nil for types and optionals, which do not.
  package var text: Text? {
    switch content {
    case .optional, .type, .file, .failure: nil
    case .decimal(let number): Text(validUTF8: number.utf8)
    case .money(let money): Text(money.text)
    case .ip(let address): Text(address.text)
    case .cidr(let block): Text(block.text)
    }
  }

  /// CEL's equality.
  func isEqual(to other: BoxedValue) -> Bool {
    switch (content, other.content) {
    case (.optional(let a), .optional(let b)): a == b
    case (.type(let a), .type(let b)): a == b
    case (.decimal(let a), .decimal(let b)): a == b
    case (.money(let a), .money(let b)): a == b
    case (.ip(let a), .ip(let b)): a == b
    case (.cidr(let a), .cidr(let b)): a == b
    case (.file(let a), .file(let b)): a == b
    default: false
    }
  }

  /// The order of two decimals, or of two amounts in one currency.
  package func order(to other: BoxedValue) -> Numbers.Order {
    switch (content, other.content) {
    case (.decimal(let a), .decimal(let b)): a.order(to: b)
    case (.money(let a), .money(let b)) where a.currency == b.currency: a.amount.order(to: b.amount)
    default: .unordered
    }
  }

  func isIdentical(to other: BoxedValue) -> Bool {
    switch (content, other.content) {
    case (.optional(let a), .optional(let b)): a.isIdentical(to: b)
    case (.decimal(let a), .decimal(let b)): a.isIdentical(to: b)
    case (.money(let a), .money(let b)): a.currency == b.currency && a.amount.isIdentical(to: b.amount)
    default: isEqual(to: other)
    }
  }

  func hashIdentity(into hasher: inout Hasher) {
    switch content {
    case .optional(let value): value.hashIdentity(into: &hasher)
    case .type(let type): hasher.combine(type)
    case .decimal(let number): hasher.combine(number)
    case .money(let money): hasher.combine(money)
    case .ip(let address): hasher.combine(address)
    case .cidr(let block): hasher.combine(block)
    case .file(let artifact): hasher.combine(artifact)
    case .failure(let failure): hasher.combine(failure)
    }
  }
}
