import DxshExpressions
import DxshTestSupport
import Testing

@Suite struct IPAddressTests {
  @Test(arguments: [
    ("0.0.0.0", "0.0.0.0"), ("255.255.255.255", "255.255.255.255"), ("1.20.100.9", "1.20.100.9"), ("::", "::"),
    ("::1", "::1"), ("1::", "1::"), ("2001:DB8::1", "2001:db8::1"), ("2001:db8:0:0:0:0:0:1", "2001:db8::1"),
    ("0000:0000:0000:0000:0000:0000:0000:0000", "::"), ("2001:0db8:0001::0", "2001:db8:1::"),
    ("1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8"),
    ("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"),
    // RFC 5952, section 4.2: one zero group is written out, the longest run is shortened, of equals the first.
    ("2001:db8::1:1:1:1:1", "2001:db8:0:1:1:1:1:1"), ("2001:0:0:1:0:0:0:1", "2001:0:0:1::1"),
    ("2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"), ("0:0:1:2:3:4:5:6", "::1:2:3:4:5:6"),
    ("1:2:3:4:5:6:0:0", "1:2:3:4:5:6::"), ("::2:3:4:5:6:7:8", "0:2:3:4:5:6:7:8"),
    ("1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"),
    ("::1.2.3.4", "::102:304"), ("64:ff9b::192.0.2.33", "64:ff9b::c000:221"),
    ("1:2:3:4:5:6:7.8.9.10", "1:2:3:4:5:6:708:90a"),
    ("::ffff:c0a8:1", "192.168.0.1"), ("0:0:0:0:0:FFFF:0:0", "0.0.0.0"), ("::fffe:c0a8:1", "::fffe:c0a8:1"),
  ])
  func readingAndTheCanonicalText(text: String, canonical: String) throws {
    let address = try #require(IPAddress(text: text))
    #expect(address.text == canonical)
    #expect(IPAddress(text: canonical) == address)
  }

  @Test(arguments: [
    "", ".", ":", ":::", "1", "1.2.3", "1.2.3.4.5", "1.2.3.", ".1.2.3", "1..2.3", "256.0.0.1", "1.2.3.1000", "01.2.3.4",
    "1.2.3.00", "+1.2.3.4", "-1.2.3.4", " 1.2.3.4", "1.2.3.4 ", "1.2.3.4\n", "0x1.2.3.4", "１.2.3.4", "1.2.3.4/8",
    "127.0.0.1:80", "[::1]", "::1%eth0", "fe80::1%25", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1:2:3:4:5:6:7:8::",
    "::1:2:3:4:5:6:7:8", "1::2::3", "12345::", "::g", "1:", ":1", "1:2:3:4:5:6:7:", ":1:2:3:4:5:6:7", "::1:", "1:::2",
    "::ffff:1.2.3.4", "0:0:0:0:0:ffff:1.2.3.4", "1:2:3:4:5:6:7:1.2.3.4", "1:2:3:4:5:1.2.3.4", "::1.2.3.4:5", "::1.2.3",
    "::01.2.3.4", "1.2.3.4::", String(repeating: "1", count: 1_000_000), String(repeating: ":", count: 45),
  ])
  func refusing(text: String) {
    #expect(IPAddress(text: text) == nil)
  }

  @Test(arguments: [
    ("0.0.0.0", "unspecified"), ("::", "unspecified"), ("127.0.0.1", "loopback"), ("127.255.255.255", "loopback"),
    ("::1", "loopback"), ("128.0.0.0", "global"), ("126.255.255.255", "global"), ("8.8.8.8", "global"),
    ("10.0.0.1", "global"), ("fd00::1", "global"), ("2001:db8::", "global"), ("::2", "global"), ("0.0.0.1", "global"),
    ("255.255.255.255", ""), ("255.255.255.254", "global"), ("169.254.0.0", "local"), ("169.254.255.255", "local"),
    ("169.255.0.0", "global"), ("fe80::", "local"), ("febf::1", "local"), ("fec0::", "global"), ("fe7f::", "global"),
    ("224.0.0.0", "multicast local-multicast"), ("224.0.0.255", "multicast local-multicast"),
    ("224.0.1.0", "multicast"), ("239.255.255.255", "multicast"), ("240.0.0.0", "global"),
    ("223.255.255.255", "global"),
    ("ff02::1", "multicast local-multicast"), ("ff12::1", "multicast local-multicast"), ("ff01::1", "multicast"),
    ("ff05::2", "multicast"), ("feff::", "global"), ("::ffff:7f00:1", "loopback"),
  ])
  func kinds(text: String, expected: String) throws {
    let address = try #require(IPAddress(text: text))
    let kinds = [
      (address.isUnspecified, "unspecified"), (address.isLoopback, "loopback"), (address.isGlobalUnicast, "global"),
      (address.isLinkLocalUnicast, "local"), (address.isMulticast, "multicast"),
      (address.isLinkLocalMulticast, "local-multicast"),
    ]
    #expect(kinds.filter(\.0).map(\.1).joined(separator: " ") == expected)
  }

  @Test func randomAddressesReadBack() {
    var random = SeededGenerator(7)
    for _ in 0..<500 {
      var bits: UInt128 = 0
      for _ in 0..<8 {
        bits =
          bits << 16 | (Bool.random(using: &random) ? 0 : UInt128(UInt16.random(in: .min ... .max, using: &random)))
      }
      for family in [IPAddress.Family.v4, .v6] {
        let address = IPAddress(family, bits: bits)
        #expect(IPAddress(text: address.text) == address)
        for length in [0, 1, 17, 32, 33, 127, 128] {
          let block = CIDRBlock(address, prefixLength: length)
          #expect(CIDRBlock(text: block.text) == block)
          #expect(block.contains(address) && block.masked.contains(block) && block.contains(block.masked))
        }
      }
    }
  }

  @Test(arguments: [
    ("0.0.0.0/0", "0.0.0.0/0"), ("192.168.1.5/24", "192.168.1.0/24"), ("10.1.2.3/32", "10.1.2.3/32"),
    ("10.255.255.255/9", "10.128.0.0/9"), ("::/0", "::/0"), ("2001:DB8:ffff::/33", "2001:db8:8000::/33"),
    ("ffff::ffff/128", "ffff::ffff/128"), ("1:2:3:4:5:6:7:8/64", "1:2:3:4::/64"),
  ])
  func blocks(text: String, masked: String) throws {
    let block = try #require(CIDRBlock(text: text))
    #expect(block.text == text.lowercased())
    #expect(block.masked.text == masked)
  }

  @Test(arguments: [
    "", "/", "10.0.0.0", "10.0.0.0/", "/8", "10.0.0.0/33", "::/129", "10.0.0.0/08", "10.0.0.0/00", "10.0.0.0/+8",
    "10.0.0.0/-1", "10.0.0.0/8/8", "10.0.0.0/8 ", "10.0.0/8", "10.0.0.0/0x8", "10.0.0.0/1000", "10.0.0.0/255.0.0.0",
    "::1%eth0/64", "::ffff:1.2.3.4/120", "::ffff:102:304/120", "10.0.0.0/" + String(repeating: "1", count: 1_000_000),
  ])
  func refusingBlocks(text: String) {
    #expect(CIDRBlock(text: text) == nil)
  }

  @Test(arguments: [
    ("10.0.0.0/8", "10.255.255.255", true), ("10.0.0.0/8", "11.0.0.0", false), ("10.9.9.9/8", "10.0.0.1", true),
    ("0.0.0.0/0", "255.255.255.255", true), ("0.0.0.0/0", "::", false), ("::/0", "0.0.0.0", false),
    ("::/0", "ffff::", true), ("2001:db8::/32", "2001:db9::", false), ("1.2.3.4/32", "1.2.3.5", false),
    ("10.0.0.0/8", "::ffff:a01:203", true), ("::/0", "::ffff:a01:203", false),
  ])
  func containingAddresses(block: String, address: String, isInside: Bool) throws {
    #expect(try #require(CIDRBlock(text: block)).contains(try #require(IPAddress(text: address))) == isInside)
  }

  @Test(arguments: [
    ("10.0.0.0/8", "10.0.0.0/8", true), ("10.0.0.0/8", "10.1.0.0/16", true), ("10.0.0.0/8", "10.0.0.0/7", false),
    ("10.0.0.0/8", "11.0.0.0/8", false), ("10.0.0.0/8", "::/128", false), ("0.0.0.0/0", "1.2.3.4/32", true),
    ("::/0", "0.0.0.0/0", false), ("2001:db8::/32", "2001:db8::/33", true), ("2001:db8::/33", "2001:db8::/32", false),
  ])
  func containingBlocks(outer: String, inner: String, isInside: Bool) throws {
    #expect(try #require(CIDRBlock(text: outer)).contains(try #require(CIDRBlock(text: inner))) == isInside)
  }
}
