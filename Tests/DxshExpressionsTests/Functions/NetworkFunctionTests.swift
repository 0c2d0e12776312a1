import DxshExpressions
import Testing

@Suite struct NetworkFunctionTests {
  private static func ip(_ text: String) throws -> Value { try call("ip", .global, .text(text)) }
  private static func cidr(_ text: String) throws -> Value { try call("cidr", .global, .text(text)) }

  @Test func makingAndWriting() throws {
    #expect(try call("string", .global, Self.ip("2001:DB8::1")) == .text("2001:db8::1"))
    #expect(try call("string", .global, Self.cidr("10.0.0.1/8")) == .text("10.0.0.1/8"))
    #expect(try call("ip", .global, Self.ip("::1")) == Self.ip("0::1"))
    #expect(try call("isIP", .global, .text("::1")) == .bool(true))
    #expect(try call("isIP", .global, .text("::1/8")) == .bool(false))
    #expect(try call("isCIDR", .global, .text("::1/8")) == .bool(true))
    #expect(try call("isCIDR", .global, .text("::1")) == .bool(false))
  }

  @Test(arguments: [
    ("127.0.0.1", true), ("2001:db8::1", true), ("2001:DB8::1", false), ("2001:db8:0::1", false),
    ("::ffff:102:304", false),
  ])
  func canonicalTexts(text: String, isCanonical: Bool) throws {
    #expect(try call("ip.isCanonical", .global, .text(text)) == .bool(isCanonical))
  }

  @Test(arguments: [
    ("ip", "1.2.3", #""1.2.3" is no IP address"#), ("ip.isCanonical", "", #""" is no IP address"#),
    ("cidr", "::", #""::" is no block of IP addresses"#),
  ])
  func failing(name: String, text: String, message: String) {
    let error = #expect(throws: EvaluationError.self) { try call(name, .global, .text(text)) }
    #expect(error == EvaluationError(.decode, message))
  }

  @Test(arguments: [
    ("family", "10.0.0.1", Value.int(4)), ("family", "::1", .int(6)), ("isUnspecified", "::", .bool(true)),
    ("isLoopback", "127.9.9.9", .bool(true)), ("isGlobalUnicast", "127.9.9.9", .bool(false)),
    ("isLinkLocalMulticast", "ff02::1", .bool(true)), ("isLinkLocalUnicast", "fe80::1", .bool(true)),
  ])
  func askingAddresses(name: String, text: String, answer: Value) throws {
    #expect(try call(name, .member, Self.ip(text)) == answer)
  }

  @Test func askingBlocks() throws {
    let block = try Self.cidr("192.168.1.5/24")
    #expect(try call("ip", .member, block) == Self.ip("192.168.1.5"))
    #expect(try call("masked", .member, block) == Self.cidr("192.168.1.0/24"))
    #expect(try call("prefixLength", .member, block) == .int(24))
    #expect(try call("containsIP", .member, block, Self.ip("192.168.1.255")) == .bool(true))
    #expect(try call("containsIP", .member, block, .text("192.168.2.0")) == .bool(false))
    #expect(try call("containsCIDR", .member, block, Self.cidr("192.168.1.128/25")) == .bool(true))
    #expect(try call("containsCIDR", .member, block, .text("192.168.0.0/23")) == .bool(false))
    #expect(throws: EvaluationError.self) { try call("containsIP", .member, block, .text("x")) }
    #expect(throws: EvaluationError.self) { try call("containsCIDR", .member, block, .text("::1")) }
  }

  @Test func constantTextsAreReadOnce() throws {
    let function = FunctionLibrary.overloads(named: "ip")[0].function
    let prepare = try #require(function.prepare)
    #expect(throws: EvaluationError.self) { try prepare([.text("x")]) }
    #expect(try prepare([nil]) == nil)
    guard case .unary(let apply) = try #require(try prepare([.text("::1")])) else {
      Issue.record("not unary")
      return
    }
    #expect(try apply(.text("::1")) == Self.ip("::1"))
  }

  @Test func noValueTraps() {
    let own = overloads(of: [.abstract("net.IP", []), .abstract("net.CIDR", [])])
    #expect(own.count == 18 && own.allSatisfy { $0.dialects == .both })
    callWithEverything(own + ["isIP", "isCIDR", "ip.isCanonical"].flatMap { FunctionLibrary.overloads(named: $0) })
  }
}
