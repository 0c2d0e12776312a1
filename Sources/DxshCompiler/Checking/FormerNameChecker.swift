import DxshPlan
import DxshSyntax

/// Gathers what the items of a workflow were called (`was`, rule 22), and sees to it that each of those names says one
/// thing.
struct FormerNameChecker {
  let session: CheckSession

  /// Of the workflows of a file: their runs are found by their names.
  func check(_ module: Module) {
    var first: [String: Name] = [:]
    for case .workflow(let declaration) in module.declarations {
      guard let was = declaration.was, !was.isMissing, !declaration.name.isMissing else { continue }
      if was.text == declaration.name.text {
        session.report(.formerNameIsName(was))
      } else if let user = session.workflows[was.text] {
        session.report(.formerWorkflowInUse(was, user: user))
      } else if let other = first.updateValue(was, forKey: was.text) {
        session.report(.formerNameTwice(was, "workflows", first: other))
      }
    }
  }

  func check(_ declaration: WorkflowDeclaration) -> FormerNames {
    let blocks = [declaration.body, declaration.finally].compactMap { $0 }
    var renamed: [(name: Name, was: Name)] = []
    for block in blocks { block.appendRenamed(to: &renamed) }
    var former = FormerNames(workflow: declaration.was?.text)
    if renamed.isEmpty { return former }
    let bound = NameTable<Name>()
    for name in blocks.flatMap(\.boundNames) where !bound.has(name.text) { bound[name.text] = name }
    let first = NameTable<Name>()
    for (name, was) in renamed where !name.isMissing && !was.isMissing {
      if was.text == name.text {
        session.report(.formerNameIsName(was))
      } else if let user = bound[was.text] {
        session.report(.formerNameInUse(was, user: user))
      } else if let other = first[was.text], former.current[was.text] != name.text {
        // The branches of an `if` share their names, the former ones too.
        session.report(.formerNameTwice(was, "items", first: other))
      } else {
        first[was.text] = was
        former.current[was.text] = name.text
      }
    }
    return former
  }
}

extension Block {
  fileprivate func appendRenamed(to renamed: inout [(name: Name, was: Name)]) {
    for item in items {
      switch item {
      case .step(let item): if let was = item.was { renamed.append((item.name, was)) }
      case .wait(let item): if let was = item.was { renamed.append((item.name, was)) }
      case .approval(let item): if let was = item.was { renamed.append((item.name, was)) }
      case .letBinding, .conditional, .selection, .loop, .iteration, .sequence, .attempt, .assertion, .failure, .output,
        .unreadable:
        break
      }
      for block in item.blocks { block.appendRenamed(to: &renamed) }
    }
  }
}
