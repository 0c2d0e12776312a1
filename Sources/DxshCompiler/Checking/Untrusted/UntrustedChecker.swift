import DxshExpressions
import DxshSyntax

/// Reports where text that others wrote reaches what must not take it as it is (language reference, section 11).
struct UntrustedChecker {
  let session: CheckSession

  /// The workflow must be without mistakes.
  func check(_ declaration: WorkflowDeclaration, _ workflow: CheckedWorkflow, _ flow: inout UntrustedFlow) {
    var delivered: [String: Untrusted.Source] = [:]
    for trigger in declaration.triggers {
      guard case .record(let fields)? = trigger.fields.value(of: "params")?.kind else { continue }
      let source = Untrusted.Source(title: "what `\(trigger.name.text)` delivers", range: trigger.name.range)
      for field in fields { delivered[field.name.text] = source }
    }
    flow.follow(workflow, delivered: delivered)
    for finding in flow.findings[workflow.id] ?? [] {
      let step =
        declaration.body.step(at: finding.step) ?? declaration.finally.flatMap { $0.step(at: finding.step) }
      guard let step, let argument = argument(of: step, finding.parameter, workflow) else { continue }
      session.report(.untrusted(finding, called: step.call.path.text, at: argument.value.range))
    }
  }

  private func argument(of step: StepItem, _ number: Int, _ workflow: CheckedWorkflow) -> Argument? {
    let parameters =
      session.node(step.call.path.text)?.parameters ?? session.checked(step.call.path)?.parameters ?? []
    guard parameters.indices.contains(number) else { return nil }
    return step.argument(for: parameters[number].name, at: number)
  }
}

extension Block {
  fileprivate func step(at range: SourceRange) -> StepItem? {
    for item in items {
      if case .step(let step) = item, step.range == range { return step }
      for block in item.blocks {
        if let step = block.step(at: range) { return step }
      }
    }
    return nil
  }
}

extension Diagnostic {
  fileprivate static func untrusted(
    _ finding: UntrustedFlow.Finding, called: String, at range: SourceRange
  ) -> Diagnostic {
    let end = called == finding.node ? "" : ", which `\(called)` calls"
    let message: String
    let help: String
    switch finding.sink.kind {
    case .sql:
      message = "others can write SQL here, which `\(finding.node)` runs"
      help = "give it in `params`, and write `?` in its place"
    case .shell:
      message = "others can write a command here, which `\(finding.node)` runs"
      help = "give it in `input` or `env`, or as an argument of its own, which is no code"
    case .prompt:
      message = "others can write instructions here, which `\(finding.node)` follows"
      help = "give it as data, apart from the instructions"
    case .path:
      message = "others can choose here which file `\(finding.node)` takes"
      help = "make one name of it with `url.segment(…)`"
    case .url:
      message = "others can choose here whom `\(finding.node)` asks"
      help =
        "put parts into it with `url.segment(…)`"
        + (finding.sink.guardedBy.map { ", or name in `\($0)` who may be asked" } ?? "")
    }
    let isPlace = finding.sink.kind == .path || finding.sink.kind == .url
    return Diagnostic(
      isPlace ? .untrustedPlace : .untrustedCode, message + end + ": it has in it \(finding.source.title)", at: range,
      related: [Related(finding.source.range, "it comes from here")], help: help)
  }
}
