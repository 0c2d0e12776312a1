import DxshExpressions
import DxshPlan
import DxshTime
import Testing

@Suite("JSON forms")
struct JSONFormTests {
  @Test(
    "A constant says its kind",
    arguments: [
      (Value.null, "null"), (.bool(true), "true"), (.int(-3), "-3"), (.text("a\"\n\u{1}é"), #""a\"\n\u0001é""#),
      (.list([.int(1), .none]), #"[1,{"none":true}]"#), (.uint(.max), #"{"uint":18446744073709551615}"#),
      (.double(1.5), #"{"double":1.5}"#), (.double(-0.0), #"{"double":-0.0}"#), (.double(2), #"{"double":2.0}"#),
      (.double(.nan), #"{"double":"NaN"}"#), (.double(-.infinity), #"{"double":"-Infinity"}"#),
      (.bytes([0, 1, 2]), #"{"bytes":"AAEC"}"#), (.timestamp(.epoch), #"{"timestamp":"1970-01-01T00:00:00Z"}"#),
      (.duration(TimeSpan(nanoseconds: 1_500_000_000)), #"{"duration":"1.5s"}"#), (.size(1024), #"{"size":1024}"#),
      (.map(MapValue(distinct: [.init(key: .int(1), value: .text("x"))])), #"{"map":[[1,"x"]]}"#),
      (.record(RecordValue(RecordShape(["a", "b"]), [.int(1), .none])), #"{"record":{"a":1,"b":{"none":true}}}"#),
    ])
  func constant(value: Value, json: String) throws {
    #expect(text(of: JSONForm.typed(value)) == json)
    #expect(try JSONForm.value(JSONReader.read(Array(json.utf8))).isIdentical(to: value))
  }

  @Test(
    "A type is a word or a list",
    arguments: [
      (Type.int, #""int""#), (.list(.json), #"["list","json"]"#), (.map(.string, .never), #"["map","string","never"]"#),
      (.secret(.int), #"["secret","int"]"#), (.connection("sqlite"), #"["connection","sqlite"]"#),
      (.optional(.bool), #"["optional","bool"]"#), (.parameter("T"), #"["parameter","T"]"#),
      (.record(RecordType([.init("a", .int)])), #"["record",[["a","int"]]]"#),
      (.enumeration(EnumType("Tier", [.init("pro", wireName: "Pro")])), #"["enum","Tier",[["pro","Pro"]]]"#),
    ])
  func type(type: Type, json: String) throws {
    #expect(text(of: JSONForm.type(type)) == json)
    #expect(try JSONForm.type(JSONReader.read(Array(json.utf8))) == type)
  }

  @Test("An expression is a list that begins with a word")
  func expression() throws {
    let size = try #require(FunctionLibrary.function(withID: "size_list"))
    let macro = Comprehension(
      .map, range: .binding(depth: 1, slot: 2), local: 0, condition: .constant(Constant(.bool(true))),
      body: .optionalField(.local(0), "x"))
    let expression = Expression.conditional(
      .attempt(.and(.constant(Constant(.none)), .or(.local(0), .local(1)))),
      .call(size, [.comprehension(macro)]),
      .record(["n"], [.conform(.interpolation([.field(.map([]), "y", slot: 3)]), .string)]))
    let json = #"""
      ["if",["try",["and",["const",{"none":true}],["or",["local",0],["local",1]]]],\#
      ["call","size_list",["macro","map",0,["ref",1,2],["optional_field","x",["local",0]],["const",true]]],\#
      ["record",["n"],["as","string",["text",["field","y",3,["map"]]]]]]
      """#
    #expect(text(of: JSONForm.expression(expression)) == json)
    #expect(try JSONForm.expression(JSONReader.read(Array(json.utf8))) == expression)
  }

  @Test("Random values, types and expressions survive the way through text", arguments: 0..<200)
  func roundTrip(seed: Int) throws {
    var parts = RandomParts(seed: seed)
    let value = parts.value()
    #expect(try JSONForm.value(reread(JSONForm.typed(value))).isIdentical(to: value))
    let type = parts.type()
    #expect(try JSONForm.type(reread(JSONForm.type(type))) == type)
    let expression = parts.expression([3, 2])
    let json = JSONForm.expression(expression)
    #expect(try JSONForm.expression(reread(json)) == expression)
    #expect(try text(of: JSONForm.expression(JSONForm.expression(json))) == text(of: json))
  }

  @Test(
    "What is no form is refused with its place",
    arguments: [
      ("[\"ref\",0]", "", "\"ref\" cannot have 1 parts"),
      ("[\"call\",\"no_such\",[\"local\",0]]", "/1", "there is no function \"no_such\""),
      ("[\"and\",[\"local\",0],[\"local\",0.5]]", "/2/1", "expected a number, found 0.5"),
      ("[\"const\",{\"map\":[[1,2],[1,3]]}]", "/1/map", "two keys of the map are equal"),
      ("[\"const\",{\"map\":[[null,2]]}]", "/1/map/0", "expected the key of a map, found null"),
      (
        "[\"const\",{\"record\":{\"a/b~\":{\"bytes\":\"?\"}}}]", "/1/record/a~1b~0/bytes",
        "expected base64, found \"?\""
      ),
      ("[\"as\",[\"optional\",[\"optional\",\"int\"]],[\"local\",0]]", "/1", "an optional type wraps another"),
      ("[\"as\",[\"secret\",[\"list\",[\"secret\",\"int\"]]],[\"local\",0]]", "/1", "a secret type wraps another"),
      ("[\"macro\",\"mop\",0,[\"list\"],[\"list\"]]", "/1", "expected a macro, found \"mop\""),
      ("{\"ref\":0}", "", "expected an expression, found a map"),
    ])
  func refusal(json: String, path: String, message: String) throws {
    let form = try JSONReader.read(Array(json.utf8))
    let error = #expect(throws: JSONFormError.self) { try JSONForm.expression(form) }
    #expect(error?.path == path)
    #expect(error?.message == message)
  }

  @Test("Constants are equal when they are the same kind with the same content")
  func equality() {
    let nan = Constant(.double(.nan))
    #expect(nan == Constant(.double(-.nan)))
    #expect(nan.hashValue == Constant(.double(-.nan)).hashValue)
    #expect(Constant(.double(0)) != Constant(.double(-0.0)))
    #expect(Constant(.int(1)) != Constant(.double(1)))
    #expect(Constant(.int(1)) != Constant(.uint(1)))
    #expect(Constant(.size(1)) != Constant(.int(1)))
    #expect(Constant(.none) != Constant(.null))
    let record = RecordValue(RecordShape(["a", "b"]), [.int(1), .none])
    #expect(Constant(.record(record)) == Constant(.record(RecordValue(RecordShape(["a", "b"]), [.int(1), .none]))))
    #expect(Constant(.record(record)) != Constant(.record(RecordValue(RecordShape(["a"]), [.int(1)]))))
  }

  private func text(of json: Value) -> String {
    (try? JSONWriter.write(json)).map { String(decoding: $0, as: UTF8.self) } ?? "no JSON"
  }

  private func reread(_ json: Value) throws -> Value { try JSONReader.read(JSONWriter.write(json)) }
}
