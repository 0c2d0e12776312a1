import DxshExpressions
import DxshPlan
import Testing

@Suite("Plan codec")
struct PlanCodecTests {
  typealias Build = PlanBuilding

  @Test("The text of a small plan")
  func literal() throws {
    let parameter = Plan.Parameter(name: "p", type: .int, defaultValue: Build.int(1))
    let loop = Build.loop(over: Build.slot(0), index: 1, exports: [(0, 2)], [Build.node("y", .output(Build.slot(1)))])
    let plan = Build.plan(
      [
        Build.node("x", .call(Build.call(1, arguments: [Build.slot(0)]))),
        Build.node("if(1)", .condition(Build.slot(1)), after: [0]),
        Build.node("for(1)", loop, after: [1], if: (1, false)),
      ], slots: ["x", "y"], parameters: [parameter])
    let text = #"""
      {"format":1,"workflow":"w","parameters":[{"name":"p","type":"int","default":["const",1]}],"passes":2,"body":{\#
      "slots":[["p","int"],["x","int"],["y","int"]],"nodes":[\#
      {"path":"x","call":{"node":"debug.echo","effect":"idempotent","arguments":[["value",["ref",0,0]]],\#
      "result":"int","slot":1,"timeout":["const",{"duration":"1s"}]}},\#
      {"path":"if(1)","after":[0],"condition":["ref",0,1]},\#
      {"path":"for(1)","after":[1],"if":[1,false],"loop":{"in":["ref",0,0],"index":1,"element":0,\#
      "on_error":"stop","exports":[[0,2]],"body":{"slots":[["v","int"],["x","int"]],\#
      "nodes":[{"path":"y","output":["ref",0,1]}]}}}]}}
      """#
    #expect(String(decoding: plan.encoded(), as: UTF8.self) == text)
    #expect(try Plan.decode(Array(text.utf8)) == plan)
    #expect(try plan.validated().plan == plan)
  }

  @Test("A secret is written as where it comes from")
  func secrets() throws {
    let plan = Build.plan(
      [], slots: [], secrets: [Plan.Secret(name: "token", type: .string, source: .environment("API_TOKEN"))])
    let text = #"""
      {"format":1,"workflow":"w","parameters":[],\#
      "secrets":[{"name":"token","type":"string","source":["environment","API_TOKEN"]}],\#
      "passes":2,"body":{"slots":[["token",["secret","string"]]],"nodes":[]}}
      """#
    #expect(String(decoding: plan.encoded(), as: UTF8.self) == text)
    #expect(try Plan.decode(Array(text.utf8)) == plan)
  }

  @Test("Random plans: decoded, the same plan; encoded again, the same bytes; valid", arguments: 0..<200)
  func roundTrip(seed: Int) throws {
    var parts = RandomParts(seed: seed)
    let plan = parts.plan()
    let bytes = plan.encoded()
    let decoded = try Plan.decode(bytes)
    #expect(decoded == plan)
    #expect(decoded.encoded() == bytes)
    #expect(try Plan(json: plan.json) == plan)
    _ = try decoded.validated()
  }

  @Test("What nests deeper than JSON may goes through a flat list")
  func deep() throws {
    var plan = Build.plan([Build.node("x", .output(Build.sum(depth: 2_000)))])
    for depth in 0..<60 { plan.body = PlanScope(slots: [], nodes: [Build.node("l\(depth)", loop(plan.body))]) }
    let bytes = plan.encoded()
    #expect(bytes.starts(with: Array(#"{"format":1,"flat":["#.utf8)))
    let decoded = try Plan.decode(bytes)
    #expect(decoded.encoded() == bytes)
    #expect(try decoded.validated().scopes.count == 61)
  }

  private func loop(_ body: PlanScope) -> PlanNode.Kind {
    var body = body
    body.slots.append(.init(name: "v", type: .int))
    return .loop(
      PlanLoop(
        sequence: .list([]), indexSlot: nil, elementSlot: body.slots.count - 1, parallel: nil, onError: .skip,
        collectSlot: nil, exports: [], body: body))
  }

  @Test("The hash is the SHA-256 of the bytes")
  func hash() {
    #expect(
      SHA256Digest(of: Array("abc".utf8)).hexadecimal
        == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    #expect(
      SHA256Digest(of: []).hexadecimal == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
    let plan = Build.plan([])
    #expect(plan.hash == SHA256Digest(of: plan.encoded()).hexadecimal)
    #expect(plan.hash != Build.plan([Build.node("x")]).hash)
  }

  @Test(
    "Hostile text is refused with its place",
    arguments: [
      ("", "", "the plan is not JSON: line 1, column 1: expected a value, found the end of the text"),
      ("[]", "", "expected a plan, found a list of 0"),
      ("{}", "", "the field \"format\" is missing"),
      (#"{"format":2}"#, "/format", "the plan has format 2, and this version of dxsh reads format 1"),
      (#"{"format":1e300}"#, "/format", "expected the number of the plan's format, found 1e+300"),
      (
        #"{"format":1,"workflow":"w","parameters":[],"body":{"slots":[],"nodes":[]},"x":1}"#, "",
        "the field \"x\" does not belong here"
      ),
      (
        #"{"format":1,"workflow":"w","parameters":[],"body":{"slots":[["a"]],"nodes":[]}}"#, "/body/slots/0",
        "expected the name and the type of a slot, found a list of 1"
      ),
      (
        #"{"format":1,"workflow":"w","parameters":[],"body":{"slots":[],"nodes":[{"path":"x"}]}}"#, "/body/nodes/0",
        "the node has no kind that this version of dxsh knows"
      ),
      (
        #"{"format":1,"workflow":"w","parameters":[],"body":{"slots":[],"nodes":["#
          + #"{"path":"x","after":[1e99],"barrier":true}]}}"#,
        "/body/nodes/0/after/0", "expected a number, found 1e+99"
      ),
      (
        #"{"format":1,"workflow":"w","parameters":[],"body":{"slots":[],"nodes":["#
          + #"{"path":"x","call":{"node":"n","effect":"evil"}}]}}"#,
        "/body/nodes/0/call/effect", "expected an effect, found \"evil\""
      ),
      (
        #"{"format":1,"workflow":"w","parameters":[],"#
          + #""secrets":[{"name":"s","type":"int","source":["vault","x"]}],"body":{"slots":[],"nodes":[]}}"#,
        "/secrets/0/source", "expected a source of secrets, found \"vault\""
      ),
      (#"{"format":1,"flat":[[1]]}"#, "/flat/0", "1 parts are not among the 0 values before"),
      (#"{"format":1,"flat":[[-1]]}"#, "/flat/0", "-1 parts are not among the 0 values before"),
      (#"{"format":1,"flat":[1,2]}"#, "/flat", "the list is 2 values instead of one"),
      (#"{"format":1,"flat":[1,1,["a","a"]]}"#, "/flat/2", "an object has a key twice"),
      (#"{"format":1,"flat":[1,[null]]}"#, "/flat/1", "expected the keys of an object, found null"),
    ])
  func hostile(text: String, path: String, message: String) {
    let error = #expect(throws: PlanError.self) { try Plan.decode(Array(text.utf8)) }
    #expect(error?.path == path)
    #expect(error?.message == message)
  }

  @Test("Nesting without end is refused")
  func hostileNesting() throws {
    let list = #"{"format":1,"flat":[0"# + String(repeating: ",[1]", count: 100_000) + "]}"
    #expect(throws: PlanError.self) { try Plan.decode(Array(list.utf8)) }
    let nested = String(repeating: "[", count: 100_000)
    #expect(throws: PlanError.self) { try Plan.decode(Array(nested.utf8)) }
  }

  @Test("A plan with any one token changed is refused or read, and never a trap", arguments: 0..<20)
  func mutations(seed: Int) {
    var parts = RandomParts(seed: seed)
    let bytes = parts.plan().encoded()
    let tokens = Array(#"[]{},:"0-1.9e9nulltruefalse"#.utf8)
    for _ in 0..<60 {
      var changed = bytes
      changed[parts.below(changed.count)] = tokens[parts.below(tokens.count)]
      if let plan = try? Plan.decode(changed) { _ = try? plan.validated() }
    }
  }
}
