import DxshExpressions
import DxshSyntax

/// Reports where text that others wrote reaches what must not take it as it is (language reference, section 11).
struct UntrustedChecker {
  let session: CheckSession

  /// Of the workflows of a file, which must be without mistakes.
  /// - known: those that they call among them
  func check(_ declarations: [WorkflowDeclaration], _ known: [CheckedWorkflow]) {
    let workflows = declarations.compactMap { declaration in
      session.checked(Path(declaration.name)).map { (declaration, $0) }
    }
    // A workflow is followed where it is first called, so what is delivered to it is known before.
    let delivered = Dictionary(
      workflows.map { ($1.id, Self.delivered(to: $0)) }, uniquingKeysWith: { first, _ in first })
    var flow = UntrustedFlow(known, delivered: delivered)
    for (declaration, workflow) in workflows {
      flow.follow(workflow)
      let findings = flow.findings[workflow.id] ?? []
      if !findings.isEmpty { report(findings, in: declaration) }
    }
  }

  private static func delivered(to declaration: WorkflowDeclaration) -> [String: Untrusted.Source] {
    var delivered: [String: Untrusted.Source] = [:]
    for trigger in declaration.triggers {
      guard case .record(let fields)? = trigger.fields.value(of: "params")?.kind else { continue }
      let source = Untrusted.Source(title: "what `\(trigger.name.text)` delivers", range: trigger.name.range)
      for field in fields { delivered[field.name.text] = source }
    }
    return delivered
  }

  private func report(_ findings: [UntrustedFlow.Finding], in declaration: WorkflowDeclaration) {
    var calls: [SourceRange: Call] = [:]
    declaration.body.addCalls(to: &calls)
    declaration.finally?.addCalls(to: &calls)
    for finding in findings {
      guard let call = calls[finding.call], let argument = argument(of: call, finding.parameter) else { continue }
      session.report(.untrusted(finding, called: call.path.text, at: argument.value.range))
    }
  }

  private func argument(of call: Call, _ number: Int) -> Argument? {
    let parameters = session.node(call.path.text)?.parameters ?? session.checked(call.path)?.parameters ?? []
    guard parameters.indices.contains(number) else { return nil }
    return call.argument(for: parameters[number].name, at: number)
  }
}

extension Block {
  /// Those of steps by the ranges of the steps, those of compensations by their own.
  fileprivate func addCalls(to calls: inout [SourceRange: Call]) {
    for item in items {
      if case .step(let step) = item {
        calls[step.range] = step.call
        for policy in step.policies where policy.path.text == PolicyName.compensate.rawValue {
          if let first = policy.arguments.first, let call = Call(calling: first.value) { calls[call.range] = call }
        }
      }
      for block in item.blocks { block.addCalls(to: &calls) }
    }
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
