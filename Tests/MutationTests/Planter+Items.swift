import DxshSyntax

extension Planter {
  mutating func plant(_ item: Item, _ place: Int, _ block: Block, at index: Int) {
    insert(before: item, in: block, at: index)
    plantKeyword(item, at: index)
    if case .letBinding(let item) = item, let type = item.type { swap(type, at: index) }
    guard case .step(let step) = item else { return }
    let others = block.items.enumerated().compactMap { other -> (Int, StepItem)? in
      if other.offset > place, case .step(let later) = other.element { (other.offset, later) } else { nil }
    }
    for (_, later) in others where step.after.isEmpty && mentions(later, step.name.text) {
      let end = step.resultType?.range.end ?? step.call.range.end
      add(.cycle, edits.inserting(" after \(later.name.text)", at: Int(end)), at: .site(index))
    }
    let next = sites[index...].firstIndex { $0.range.start >= item.range.end } ?? sites.count
    add(.repeatedName, edits.inserting("\nlet \(step.name.text) = 1", at: Int(item.range.end)), at: .site(next))
    for policy in step.policies where policy.path.text == "timeout" || policy.path.text == "retry" {
      guard let value = policy.arguments.first?.value else { continue }
      add(.policyArgument, replacing: value.range, with: "\"three\"", at: index)
    }
  }

  private func mentions(_ step: StepItem, _ name: String) -> Bool {
    let path = step.call.path.names.map { Substring($0.text) }
    let words = text(step.range).split { !$0.isLetter && !$0.isNumber && $0 != "_" }
    return words.contains(Substring(name)) && !path.contains(Substring(name))
  }

  private mutating func insert(before item: Item, in block: Block, at index: Int) {
    let before = file.bytes[..<Int(item.range.start)].reversed().prefix { $0 != UInt8(ascii: "\n") }
    guard before.allSatisfy({ $0 == UInt8(ascii: " ") }) else { return }
    func planted(_ text: String) -> Edits { edits.inserting(text + "\n", at: Int(item.range.start)) }
    add(
      .retryOnOnce, planted("step planted = shell.run(command: [\"true\"]) with timeout(1s), retry(3)"),
      at: .site(index))
    plantApproval(before: item)
    if isBody(block) {
      // The second of the two has its site behind the six of the first.
      let steps = ["a", "b"].map { "step planted_\($0) = file.write(path: \"planted.txt\", text: \"\($0)\")" }
      add(.race, planted(steps.joined(separator: "\n")), at: .site(index + 6))
    }
    add(.unusedValue, planted("let planted = 1 + 2"), at: .site(index))
    add(
      .constantCondition, planted("if 1 > 2 {\nstep planted = debug.echo(value: 1)\n}"), at: .site(index))
    add(.unguardedOptional, planted("let planted: int = [1, 2].filter(p, p > 1).first()"), at: .site(index))
    add(.unguardedOptional, planted("let planted = \"number ${[1, 2].last()}\""), at: .site(index))
    add(.mixedUnits, planted("let planted = 5s + 5MB"), at: .site(index))
    add(.mixedUnits, planted("step planted = debug.sleep(duration: 5MB) with timeout(1s)"), at: .site(index))
    add(.policyArgument, planted("step planted = debug.echo(value: 1) with timeout(3)"), at: .site(index))
    add(.policyArgument, planted("step planted = debug.echo(value: 1) with retry(2, backoff: 3s)"), at: .site(index))
    add(
      .undecodedJSON, planted("let planted = json.decode(\"{}\").a.b"), at: .site(index))
    add(
      .unprovenPart, planted("let planted = [1, 2].filter(p, p > 1)[0]"), at: .site(index))
  }

  private mutating func plantKeyword(_ item: Item, at index: Int) {
    let start = Int(item.range.start)
    let word = String(text(item.range).prefix { $0.isLetter })
    guard !word.isEmpty, file.bytes[start...].starts(with: word.utf8) else { return }
    add(.droppedKeyword, edits.replacing(start, start + word.utf8.count + 1, with: ""), at: .bytes(start, start))
    add(
      .misspeltKeyword, edits.replacing(start, start + word.utf8.count, with: misspelt(word)), at: .bytes(start, start))
  }

  mutating func plant(_ step: StepItem, at index: Int) {
    let path = step.call.path
    let last = path.names[path.names.count - 1]
    add(.misspeltNode, replacing: last.range, with: misspelt(last.text), at: index)
    let close = Int(step.call.range.end) - 1
    guard file.bytes[close] == UInt8(ascii: ")") else { return }
    let comma =
      step.call.arguments.isEmpty || text(step.call.range).dropLast().last { !$0.isWhitespace } == "," ? "" : ", "
    add(.extraArgument, edits.inserting("\(comma)surplus: 1", at: close), at: .site(index))
    add(
      .unclosedBracket, edits.replacing(close, close + 1, with: ""), at: .bytes(Int(step.call.range.start), close))
  }

  mutating func plant(_ policy: Call, at index: Int) {
    add(.misspeltPolicy, replacing: policy.path.range, with: misspelt(policy.path.text), at: index)
  }

  mutating func plant(_ type: TypeSyntax, at index: Int) {
    guard case .named(let path, _) = type.kind else { return }
    add(.misspeltType, replacing: path.range, with: misspelt(path.text), at: index)
  }

  /// A header of schedules and an item that asks, right but for one mistake.
  private mutating func plant(_ workflow: WorkflowDeclaration) {
    // A schedule of one that needs parameters would have a second mistake.
    guard workflow.parameters.allSatisfy({ $0.defaultValue != nil }) else { return }
    let offset = Int(workflow.body.range.start) + 1
    func schedule(_ cron: String, _ zone: String, field: String = "timezone") -> String {
      "\n  schedule planted {\n    cron: \"\(cron)\"\n    \(field): \"\(zone)\"\n  }\n"
    }
    for cron in ["0 25 * * *", "61 * * * *", "0 5 * 13 *", "0 5 * * MUN", "*/0 * * * *"] {
      add(.cronSyntax, edits.inserting(schedule(cron, "UTC"), at: offset), at: .line(of: cron))
    }
    for cron in ["0 5 30 2 *", "0 5 31 4,6,9,11 *", "0 0 31 2 *"] {
      add(.cronNeverFires, edits.inserting(schedule(cron, "UTC"), at: offset), at: .line(of: cron))
    }
    for zone in ["Europe/Berln", "Amerika/New_York", "CEST"] {
      add(.unknownZone, edits.inserting(schedule("0 5 * * *", zone), at: offset), at: .line(of: zone))
    }
    add(
      .misspeltScheduleField, edits.inserting(schedule("0 5 * * *", "skip", field: "overlpa"), at: offset),
      at: .line(of: "overlpa"))
  }

  /// Whether a block is all of a workflow's.
  private func isBody(_ block: Block) -> Bool {
    module.declarations.contains { declaration in
      if case .workflow(let workflow) = declaration { workflow.body.range == block.range } else { false }
    }
  }

  private mutating func plantApproval(before item: Item) {
    func planted(_ fields: String) -> Edits {
      edits.inserting("approval planted { title: \"Go?\", \(fields) }\n", at: Int(item.range.start))
    }
    add(
      .quorumTooHigh, planted("timeout: 1d, approvers: [user(\"a\"), user(\"b\")], quorum: 3"), at: .line(of: "quorum"))
    add(.misspeltScheduleField, planted("timeout: 1d, aprovers: [user(\"a\")]"), at: .line(of: "aprovers"))
  }

  /// Where a type stands beside the value that it is of.
  mutating func plant(_ declaration: Declaration, at index: Int) {
    switch declaration {
    case .workflow(let workflow): plant(workflow)
    case .function(let function) where function.body != nil: swap(function.result, at: index)
    case .constant(let constant):
      if let type = constant.type { swap(type, at: index) }
    default: break
    }
  }

  mutating func swap(_ type: TypeSyntax, at index: Int) {
    switch text(type.range) {
    case "int", "double", "decimal": add(.swappedType, replacing: type.range, with: "string", at: index)
    default: add(.swappedType, replacing: type.range, with: "duration", at: index)
    }
  }
}
