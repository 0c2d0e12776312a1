import DxshExpressions
import Testing

@Suite struct EncodingTests {
  @Test(arguments: [
    FunctionCase("base64_encode_bytes", .bytes(Array("hello".utf8)), gives: .text("aGVsbG8=")),
    FunctionCase("base64_encode_bytes", .bytes([]), gives: .text("")),
    FunctionCase("base64_encode_bytes", .text("hello"), fails: "`base64.encode` does not take"),
    FunctionCase("base64_decode_string", .text("aGVsbG8="), gives: .bytes(Array("hello".utf8))),
    FunctionCase("base64_decode_string", .text("aGVsbG8"), gives: .bytes(Array("hello".utf8))),
    FunctionCase("base64_decode_string", .text("aGVs\r\nbG8=\n"), gives: .bytes(Array("hello".utf8))),
    FunctionCase("base64_decode_string", .text("aGVsbG9="), gives: .bytes(Array("hello".utf8))),
    FunctionCase("base64_decode_string", .text(""), gives: .bytes([])),
    FunctionCase("base64_decode_string", .text("aGVsbG8=="), fails: "\"aGVsbG8==\" is not base64"),
    FunctionCase("base64_decode_string", .text("YQ="), fails: "is not base64"),
    FunctionCase("base64_decode_string", .text("A"), fails: "is not base64"),
    FunctionCase("base64_decode_string", .text("aG V"), fails: "is not base64"),
    FunctionCase("base64_decode_string", .text("-_-_"), fails: "is not base64"),
    FunctionCase("base64_decode_string", .bytes([0x61]), fails: "`base64.decode` does not take"),
    FunctionCase("hex_encode_bytes", .bytes([0, 0x1F, 0xAB]), gives: .text("001fab")),
    FunctionCase("hex_encode_bytes", .int(1), fails: "`hex.encode` does not take"),
    FunctionCase("hex_decode_string", .text("001fAB"), gives: .bytes([0, 0x1F, 0xAB])),
    FunctionCase("hex_decode_string", .text(""), gives: .bytes([])),
    FunctionCase("hex_decode_string", .text("0"), fails: "\"0\" is not hexadecimal"),
    FunctionCase("hex_decode_string", .text("0g"), fails: "is not hexadecimal"),
    FunctionCase("hex_decode_string", .text("é"), fails: "is not hexadecimal"),
  ])
  func encodings(call: FunctionCase) throws { try call.check() }
}
