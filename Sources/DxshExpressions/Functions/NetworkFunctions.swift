/// Addresses and blocks of addresses: `ip cidr isIP isCIDR` and what can be asked of them (cel-go's network extension,
/// `ext/network.go`; `string` and the identities as in Kubernetes, whose library it mirrors).
extension FunctionLibrary {
  static let networkOverloads: [Overload] =
    addresses + blocks + [
      Overload(
        "isIP", "is_ip", [.string], .bool, .unary { text throws(EvaluationError) in .bool(try isAddress(text)) }),
      Overload(
        "isCIDR", "is_cidr", [.string], .bool, .unary { text throws(EvaluationError) in .bool(try isBlock(text)) }),
      Overload("string", "ip_to_string", [.ip], .string, .unary(networkText)),
      Overload("string", "cidr_to_string", [.cidr], .string, .unary(networkText)),
    ]

  private static let addresses: [Overload] = [
    Overload("ip", "string_to_ip", [.string], .ip, partial: true, .unary(parseAddress), prepare: prepareAddress),
    Overload(
      "ip", "ip_to_ip", [.ip], .ip,
      .unary { value throws(EvaluationError) in .box(.ip(try address("ip", value))) }),
    Overload("ip.isCanonical", "ip_is_canonical", [.string], .bool, partial: true, .unary(isCanonical)),
    Overload("family", "ip_family", .member, [.ip], .int, ask("family") { .int(Int64($0.family.rawValue)) }),
    Overload(
      "isUnspecified", "ip_is_unspecified", .member, [.ip], .bool, ask("isUnspecified") { .bool($0.isUnspecified) }),
    Overload("isLoopback", "ip_is_loopback", .member, [.ip], .bool, ask("isLoopback") { .bool($0.isLoopback) }),
    Overload(
      "isGlobalUnicast", "ip_is_global_unicast", .member, [.ip], .bool,
      ask("isGlobalUnicast") { .bool($0.isGlobalUnicast) }),
    Overload(
      "isLinkLocalMulticast", "ip_is_link_local_multicast", .member, [.ip], .bool,
      ask("isLinkLocalMulticast") { .bool($0.isLinkLocalMulticast) }),
    Overload(
      "isLinkLocalUnicast", "ip_is_link_local_unicast", .member, [.ip], .bool,
      ask("isLinkLocalUnicast") { .bool($0.isLinkLocalUnicast) }),
  ]

  private static let blocks: [Overload] = [
    Overload("cidr", "string_to_cidr", [.string], .cidr, partial: true, .unary(parseBlock), prepare: prepareBlock),
    Overload("ip", "cidr_ip", .member, [.cidr], .ip, ask("ip") { .box(.ip($0.address)) }),
    Overload("masked", "cidr_masked", .member, [.cidr], .cidr, ask("masked") { .box(.cidr($0.masked)) }),
    Overload(
      "prefixLength", "cidr_prefix_length", .member, [.cidr], .int,
      ask("prefixLength") { .int(Int64($0.prefixLength)) }),
    Overload("containsIP", "cidr_contains_ip", .member, [.cidr, .ip], .bool, .binary(containsAddress)),
    Overload(
      "containsIP", "cidr_contains_ip_string", .member, [.cidr, .string], .bool, partial: true,
      .binary { block, text throws(EvaluationError) in try containsAddress(block, parseAddress(text)) }),
    Overload("containsCIDR", "cidr_contains_cidr", .member, [.cidr, .cidr], .bool, .binary(containsBlock)),
    Overload(
      "containsCIDR", "cidr_contains_cidr_string", .member, [.cidr, .string], .bool, partial: true,
      .binary { block, text throws(EvaluationError) in try containsBlock(block, parseBlock(text)) }),
  ]

  private static func isAddress(_ value: Value) throws(EvaluationError) -> Bool {
    guard case .string(let text) = value else { throw .noOverload("isIP", value) }
    return IPAddress(utf8: text.utf8[...]) != nil
  }

  private static func isBlock(_ value: Value) throws(EvaluationError) -> Bool {
    guard case .string(let text) = value else { throw .noOverload("isCIDR", value) }
    return CIDRBlock(utf8: text.utf8) != nil
  }

  private static func parseAddress(_ value: Value) throws(EvaluationError) -> Value {
    guard case .string(let text) = value else { throw .noOverload("ip", value) }
    guard let address = IPAddress(utf8: text.utf8[...]) else {
      throw EvaluationError(.decode, "\(value.summary) is no IP address")
    }
    return .box(.ip(address))
  }

  private static func parseBlock(_ value: Value) throws(EvaluationError) -> Value {
    guard case .string(let text) = value else { throw .noOverload("cidr", value) }
    guard let block = CIDRBlock(utf8: text.utf8) else {
      throw EvaluationError(.decode, "\(value.summary) is no block of IP addresses")
    }
    return .box(.cidr(block))
  }

  /// A constant text is read once.
  private static func prepareAddress(_ arguments: [Value?]) throws(EvaluationError) -> Function.Body? {
    guard let text = arguments.first ?? nil else { return nil }
    let parsed = try parseAddress(text)
    return .unary { _ in parsed }
  }

  private static func prepareBlock(_ arguments: [Value?]) throws(EvaluationError) -> Function.Body? {
    guard let text = arguments.first ?? nil else { return nil }
    let parsed = try parseBlock(text)
    return .unary { _ in parsed }
  }

  private static func isCanonical(_ value: Value) throws(EvaluationError) -> Value {
    guard case .string(let text) = value else { throw .noOverload("ip.isCanonical", value) }
    return .bool(Array(try address("ip", parseAddress(value)).text.utf8) == text.utf8)
  }

  private static func containsAddress(_ left: Value, _ right: Value) throws(EvaluationError) -> Value {
    .bool(try block("containsIP", left).contains(address("containsIP", right)))
  }

  private static func containsBlock(_ left: Value, _ right: Value) throws(EvaluationError) -> Value {
    .bool(try block("containsCIDR", left).contains(block("containsCIDR", right)))
  }

  private static func networkText(_ value: Value) throws(EvaluationError) -> Value {
    guard case .boxed(let box) = value, let text = box.text else { throw .noOverload("string", value) }
    return .string(text)
  }

  private static func ask(_ name: String, _ question: @escaping @Sendable (IPAddress) -> Value) -> Function.Body {
    .unary { value throws(EvaluationError) in question(try address(name, value)) }
  }

  private static func ask(_ name: String, _ question: @escaping @Sendable (CIDRBlock) -> Value) -> Function.Body {
    .unary { value throws(EvaluationError) in question(try block(name, value)) }
  }

  private static func address(_ name: String, _ value: Value) throws(EvaluationError) -> IPAddress {
    guard case .boxed(let box) = value, case .ip(let address) = box.content else { throw .noOverload(name, value) }
    return address
  }

  private static func block(_ name: String, _ value: Value) throws(EvaluationError) -> CIDRBlock {
    guard case .boxed(let box) = value, case .cidr(let block) = box.content else { throw .noOverload(name, value) }
    return block
  }
}

extension Type {
  /// The types of the network extension, by the names that it gives them.
  static let ip = Type.abstract("net.IP", [])
  static let cidr = Type.abstract("net.CIDR", [])
}
