import DxshExpressions
import DxshNodes
import DxshRuntime
import DxshTime
import Testing

@Suite struct CSVNodeTests {
  private static let order = Type.record(
    RecordType([.init("id", .string), .init("total", .double), .init("note", .optional(.string))]))

  private func parse(
    _ text: String, as row: Type = order, separator: String = ",", header: Bool = true
  ) async throws -> String {
    let value = try await call(
      CSVParseNode(), ["text": .text(text), "separator": .text(separator), "header": .bool(header)], as: .list(row))
    return String(decoding: try JSONWriter.write(value), as: UTF8.self)
  }

  private func parseFailure(
    _ text: String, as row: Type = order, separator: String = ",", header: Bool = true
  ) async -> NodeFailure? {
    await failure(
      CSVParseNode(), ["text": .text(text), "separator": .text(separator), "header": .bool(header)], as: .list(row))
  }

  @Test(arguments: [
    ("id,total,note\n7,5,x\n8,2.5,\n", #"[{"id":"7","total":5.0,"note":"x"},{"id":"8","total":2.5}]"#),
    ("note,extra,total,id\r\nx,y,1e2,7\r\n", #"[{"id":"7","total":100.0,"note":"x"}]"#),
    ("total,id\n1,7", #"[{"id":"7","total":1.0}]"#),
    ("id,total,note\n\"a \"\"b\"\"\",1,\"x,\ny\r\nz\"\n", #"[{"id":"a \"b\"","total":1.0,"note":"x,\ny\r\nz"}]"#),
    ("id,total,note\n\"\", 1 ,\"\"\n\n,2,\n\n", #"[{"id":"","total":1.0,"note":""},{"id":"","total":2.0}]"#),
    ("\u{FEFF}id,total\n7,1\n", #"[{"id":"7","total":1.0}]"#),
    ("", "[]"), ("id,total\n", "[]"), ("id,total", "[]"),
    ("id,total\na\rb,1\n", #"[{"id":"a\rb","total":1.0}]"#),
  ])
  func records(text: String, json: String) async throws {
    #expect(try await parse(text) == json)
  }

  @Test func everyTypeOfCell() async throws {
    let tier = Type.enumeration(EnumType("Tier", [.init("pro", wireName: "pro-2")]))
    let row = Type.record(
      RecordType([
        .init("i", .int), .init("u", .uint), .init("b", .bool), .init("t", .timestamp), .init("d", .duration),
        .init("s", .size), .init("e", tier), .init("x", .bytes), .init("j", .json), .init("o", .optional(.int)),
      ]))
    let text = "i,u,b,t,d,s,e,x,j,o\n-1, 2,TRUE,1970-01-01T00:00:00Z,1m,1KiB,pro-2,AP8Q,[1],\n"
    #expect(
      try await parse(text, as: row) == """
        [{"i":-1,"u":2,"b":true,"t":"1970-01-01T00:00:00Z","d":"60s","s":1024,"e":"pro-2","x":"AP8Q","j":"[1]"}]
        """)
  }

  @Test func rowsWithoutATypeAreMapsOfText() async throws {
    #expect(try await parse("a,b\n1,\n", as: .json) == #"[{"a":"1","b":""}]"#)
    #expect(try await parse("1,x\n2,y\n", as: .json, header: false) == #"[["1","x"],["2","y"]]"#)
    #expect(try await parse("a;b\n1;2\n", as: .map(.string, .int), separator: ";") == #"[{"a":1,"b":2}]"#)
    #expect(try await parse("1\t2\n", as: .list(.int), separator: "\t", header: false) == "[[1,2]]")
    #expect(try await parse("7,1,x\n", header: false) == #"[{"id":"7","total":1.0,"note":"x"}]"#)
    #expect(try await parse("a\nx\n\ny\n", as: .json) == #"[{"a":"x"},{"a":""},{"a":"y"}]"#)
  }

  @Test(arguments: [
    ("id,total\n7,n/a\n", "decode", #"line 2, column 2 "total": expected double, found "n/a""#),
    ("id,total\n7,\n", "decode", #"line 2, column 2 "total": expected double, found """#),
    ("id,total\n7,inf\n", "decode", #"line 2, column 2 "total": expected double, found "inf""#),
    ("id,total\n\"a\nb\",1\n\"c\",\"x\n\"\n", "decode", #"line 4, column 2 "total": expected double, found "x\#n""#),
    ("id,note\n7,x\n", "decode", #"line 1, column 2: there is no column "total""#),
    ("id,total,id\n7,1,8\n", "malformed", #"line 1, column 3: the column "id" is there twice"#),
    ("id,total\n7\n", "malformed", "line 2, column 1: the row has 1 cell, the header has 2"),
    ("id,total\n7,1\n8,2,x\n", "malformed", "line 3, column 3: the row has 3 cells, the header has 2"),
    ("id,total\n7,\"1", "malformed", "line 2, column 2: the quoted cell does not end"),
    ("id,total\na\"b,1\n", "malformed", "line 2, column 1: a quote inside a cell that does not begin with one"),
    (
      "id,total\n\"a\"b,1\n", "malformed",
      "line 2, column 1: text after the closing quote; a quote inside is written twice"
    ),
  ])
  func mistakesAndTheirPlaces(text: String, kind: String, message: String) async {
    #expect(await parseFailure(text) == NodeFailure(kind, message))
  }

  @Test func whatRowsCannotBe() async {
    #expect(
      await parseFailure("1\n", as: .int) == NodeFailure("decode", "a row of a table cannot be int; use a record"))
    #expect(await parseFailure("7,1\n", header: false)?.message == "line 1, column 2: the row has 2 cells, expected 3")
    #expect(await parseFailure("a,a\n", as: .json)?.message == #"line 1, column 2: the column "a" is there twice"#)
    for separator in ["", ",,", "\"", "\n", "é"] {
      #expect(await parseFailure("a\n", separator: separator)?.kind == "malformed")
    }
  }

  private func format(_ rows: [Value], separator: String = ",") async throws -> String {
    try await call(CSVFormatNode(), ["rows": .list(rows), "separator": .text(separator)]).string
  }

  private func record(_ names: [String], _ values: Value...) -> Value {
    .record(RecordValue(RecordShape(names), values))
  }

  @Test func rowsAsATable() async throws {
    let names = ["id", "total", "note"]
    let rows = [
      record(names, .text("7"), .double(5), .none), record(names, .text("a,\"b\"\n"), .double(0.1), .text("")),
    ]
    #expect(try await format(rows) == "id,total,note\n7,5.0,\n\"a,\"\"b\"\"\n\",0.1,\"\"\n")
    #expect(try await format([]) == "")
    let mixed = [Value.texts(["a": "1"]), record(["b", "a"], .size(1024), .bool(true)), .texts(["c d": ";"])]
    #expect(try await format(mixed, separator: ";") == "a;b;c d\n1;;\ntrue;1KiB;\n;;\";\"\n")
  }

  @Test func whatIsFormattedReadsBack() async throws {
    let names = ["id", "total", "note"]
    let texts = ["", " ", "a", "a b", ",", "\"", "\n", "\r\n", "\r", "é", "-", "1;2", "'", "\"\""]
    for separator in [",", ";", "\t", ".", "1"] {
      let rows = texts.map { record(names, .text($0), .double(-1.25), $0 == "a" ? .none : .text($0)) }
      let table = try await format(rows, separator: separator)
      let expected = String(decoding: try JSONWriter.write(.list(rows)), as: UTF8.self)
      #expect(try await parse(table, separator: separator) == expected)
    }
  }

  @Test func whatATableCannotHold() async {
    func message(_ rows: Value...) async -> String? {
      let failure = await failure(CSVFormatNode(), ["rows": .list(rows), "separator": .text(",")])
      #expect(failure?.kind == "encode")
      return failure?.message
    }
    #expect(await message(.int(1)) == "rows[0]: a row is a record or a map, not 1")
    #expect(await message(.texts(["a": "x"]), record(["a"], .list([]))) == "rows[1].a: a cell cannot hold a list of 0")
    #expect(await message(record(["a"], .double(.nan))) == "rows[0].a: a cell cannot hold nan")
  }
}
