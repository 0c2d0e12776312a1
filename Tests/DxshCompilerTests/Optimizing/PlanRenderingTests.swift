import DxshCompiler
import DxshExpressions
import DxshPlan
import Testing

@Suite("Plan renderings")
struct PlanRenderingTests {
  /// A bit of everything.
  private var plan: Plan {
    var builder = PlanBuilder()
    let day = builder.read("day")
    let retry = PlanCall.Retry(attempts: .int(3), backoff: nil, jitter: nil, only: nil)
    builder.call("rows", day, node: "http.get", effect: .read, retry: retry)
    builder.condition("if(1)", builder.read("rows"), after: "rows")
    builder.branch(of: "if(1)", when: true) { builder in
      let rows = builder.read("rows")
      builder.loop("for(1)", over: rows, parallel: .int(4), onError: .skip, after: ["rows"]) { body in
        body.value("id", body.read("v"))
        body.call("found", body.read("id"), node: "http.get", effect: .read, timeout: body.read("v"), after: ["id"])
      }
    }
    builder.branch(of: "if(1)", when: false) { builder in
      builder.node("fail(1)", .failure(kind: "empty", message: .text("no rows")))
    }
    builder.node("sequence(1)", .barrier, after: "for(1)", "fail(1)")
    builder.call("stored", node: "file.write", after: ["sequence(1)"])
    builder.node("assert(1)", .assertion(.bool(true), message: .text("")), after: "stored")
    builder.node("output", .output(.int(1)), after: "stored")
    return builder.plan(parameters: 1, workflow: "report", result: .int)
  }

  @Test("As text")
  func text() {
    #expect(
      PlanText.render(plan) == """
        workflow report(day: int) -> int
        3 steps, about 4 at once, longest chain 3: rows, for(1)/found, stored
        a run that succeeds makes 2 or more steps

        level 1
          rows         http.get, read, timeout 30s, retry 3
        level 2
          if(1)        condition, after rows
          for(1)       for each, parallel 4, skips failures, when if(1), after rows
            level 1
              id     let
              found  http.get, read, timeout computed, after id
          fail(1)      fail empty, unless if(1)
        level 3
          sequence(1)  barrier, after for(1), fail(1)
          stored       file.write, idempotent, timeout 30s, after sequence(1)
        level 4
          assert(1)    assert, after stored
          output       output, after stored

        """)
  }

  @Test("As text, explained")
  func explained() {
    var builder = PlanBuilder()
    builder.node("output", .output(.sum(.int(1), .int(1))))
    let optimized = optimize(builder.plan())
    #expect(
      PlanText.render(optimized.plan, explaining: optimized.reports) == """
        workflow w()
        0 steps
        a run that succeeds makes 0 steps

        level 1
          output  output

        passes
          fold constants: computes once, before the run, what depends on nothing that the run gives
            output: one part computed, once instead of in each run
          drop branches: takes out conditions that are decided before the run, and the branches that no run takes
            nothing to do
          remove unused pure steps: removes pure steps and values that nobody reads
            nothing to do
          hoist invariants: computes once, in front of a loop, pure steps and values that are the same for all items
            nothing to do
          merge pure steps: makes one of pure steps that call the same node with the same arguments and policies
            nothing to do
          reduce edges: drops waiting that longer chains of waiting already imply
            nothing to do

        """)
  }

  @Test("For Graphviz")
  func dot() {
    #expect(
      PlanDot.render(plan) == #"""
        digraph "report" {
          node [shape=box];
          n0 [label="rows\nhttp.get\nread, timeout 30s, retry 3"];
          n1 [label="if(1)\ncondition", shape=diamond];
          subgraph cluster_n2 {
            label="for(1)";
            n2 [label="for(1)\nfor each\nparallel 4, skips failures"];
            n2_0 [label="id\nlet"];
            n2_1 [label="found\nhttp.get\nread, timeout computed"];
            n2_0 -> n2_1;
            n2 -> n2_0;
          }
          n3 [label="fail(1)\nfail empty"];
          n4 [label="sequence(1)\nbarrier", shape=point];
          n5 [label="stored\nfile.write\nidempotent, timeout 30s"];
          n6 [label="assert(1)\nassert"];
          n7 [label="output\noutput"];
          n0 -> n1;
          n0 -> n2;
          n1 -> n2 [label="true", style=dashed];
          n1 -> n3 [label="false", style=dashed];
          n2 -> n4;
          n3 -> n4;
          n4 -> n5;
          n5 -> n6;
          n5 -> n7;
        }

        """#)
  }

  @Test("For Mermaid")
  func mermaid() {
    #expect(
      PlanMermaid.render(plan) == """
        flowchart TD
          n0["rows<br/>http.get<br/>read, timeout 30s, retry 3"]
          n1{"if(1)<br/>condition"}
          subgraph n2_loop["for(1)"]
            n2["for(1)<br/>for each<br/>parallel 4, skips failures"]
            n2_0["id<br/>let"]
            n2_1["found<br/>http.get<br/>read, timeout computed"]
            n2_0 --> n2_1
            n2 --> n2_0
          end
          n3["fail(1)<br/>fail empty"]
          n4(("sequence(1)<br/>barrier"))
          n5["stored<br/>file.write<br/>idempotent, timeout 30s"]
          n6["assert(1)<br/>assert"]
          n7["output<br/>output"]
          n0 --> n1
          n0 --> n2
          n1 -. true .-> n2
          n1 -. false .-> n3
          n2 --> n4
          n3 --> n4
          n4 --> n5
          n5 --> n6
          n5 --> n7

        """)
  }

  @Test("Names cannot break out of a rendering")
  func escaping() {
    var builder = PlanBuilder()
    builder.node("\"];\n\u{1b}[2J<b>\\#\u{202e}", .barrier)
    let plan = builder.plan(workflow: "a\"\nb")
    #expect(
      PlanText.render(plan) == """
        workflow a"\\u{a}b()
        0 steps
        a run that succeeds makes 0 steps

        level 1
          "];\\u{a}\\u{1b}[2J<b>\\#\\u{202e}  barrier

        """)
    let dot = PlanDot.render(plan)
    for part in [##"n0 [label="\"];\n"##, ##"[2J<b>\\#"##, ##"\nbarrier", shape=point];"##] {
      #expect(dot.contains(part))
    }
    #expect(!dot.contains("\u{1b}"))
    #expect(
      PlanMermaid.render(plan).contains("n0((\"#34;];  [2J#60;b#62;#92;#35;\u{202e}<br/>barrier\"))\n"))
  }
}
