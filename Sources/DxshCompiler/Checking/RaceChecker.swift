import DxshExpressions
import DxshPlan
import DxshSyntax

/// Looks for steps of one scope that use the same file, one of them writing, while neither waits for the other.
///
/// Which parameter names what a node reads or writes, its declaration says: `@reads(file)`, `@writes(file)`. Two of
/// them name the same where their arguments are the same expression over the same names; what else may be one file is
/// not known before the run.
struct RaceChecker {
  /// How many uses of one file are compared.
  private static let limit = 20

  let session: CheckSession
  let outline: Outline
  /// For each leaf, the leaves that it waits for.
  let dependencies: [[Int]]
  /// Whether rounds of the scope, a loop's body, run side by side.
  let isRepeatedAtOnce: Bool

  private struct Use {
    var leaf: Int
    var step: StepItem
    var access: ParameterSignature.Access
    var argument: Argument
  }

  private struct Resource: Hashable {
    var kind: String
    var name: Expression
  }

  func check(_ kinds: [CheckedLeaf.Kind]) {
    var uses: [Resource: [Use]] = [:]
    var resources: [Resource] = []
    for (number, kind) in kinds.enumerated() {
      guard case .call(let call) = kind, call.signature.hasAccess, case .step(let step) = outline.leaves[number].item
      else { continue }
      for (position, parameter) in call.signature.parameters.enumerated() {
        guard let access = parameter.access, let argument = step.call.argument(for: parameter.name, at: position)
        else { continue }
        let resource = Resource(kind: access.kind, name: call.arguments[position])
        if uses[resource] == nil { resources.append(resource) }
        uses[resource, default: []].append(Use(leaf: number, step: step, access: access, argument: argument))
      }
    }
    for resource in resources {
      let all = uses[resource] ?? []
      guard all.contains(where: \.access.writes) else { continue }
      compare(all.prefix(Self.limit))
      if isRepeatedAtOnce, !resource.name.dependsOnScope, let write = all.first(where: \.access.writes) {
        session.report(.roundsWriteTheSame(resource.kind, write.step.name, at: write.argument.value.range))
      }
    }
  }

  /// Reports pairs that are not ordered, each use in one at most.
  private func compare(_ uses: ArraySlice<Use>) {
    var reported: Set<Int> = []
    for (position, use) in uses.enumerated() {
      let other = uses.prefix(position).first { other in
        !reported.contains(other.leaf) && (use.access.writes || other.access.writes)
          && !outline.areExclusive(outline.leaves[use.leaf].block, outline.leaves[other.leaf].block)
          && !waits(use.leaf, for: other.leaf) && !waits(other.leaf, for: use.leaf)
      }
      guard let other else { continue }
      reported.formUnion([use.leaf, other.leaf])
      session.report(
        .race(
          use.access.kind, use.step.name, use.access.writes, other.step.name, other.access.writes,
          at: use.argument.value.range, other: other.argument.value.range))
    }
  }

  /// Whether a leaf waits for another, directly or through others.
  private func waits(_ leaf: Int, for other: Int) -> Bool {
    var seen: Set<Int> = [leaf]
    var rest = [leaf]
    while let next = rest.popLast() {
      for dependency in dependencies[next] where seen.insert(dependency).inserted {
        if dependency == other { return true }
        rest.append(dependency)
      }
    }
    return false
  }
}

extension Expression {
  /// Whether it mentions a name of the scope that it stands in.
  fileprivate var dependsOnScope: Bool {
    if case .binding(let depth, _) = self { return depth == 0 }
    return children.contains(where: \.dependsOnScope)
  }
}

extension Diagnostic {
  fileprivate static func race(
    _ kind: String, _ name: Name, _ writes: Bool, _ otherName: Name, _ otherWrites: Bool, at range: SourceRange,
    other: SourceRange
  ) -> Diagnostic {
    let verb = writes ? "writes" : "reads"
    let same =
      otherWrites ? "the \(kind) that `\(otherName.text)` writes" : "the \(kind) that `\(otherName.text)` reads"
    return Diagnostic(
      .race, "`\(name.text)` \(verb) \(same), and neither waits for the other", at: range,
      related: [Related(other, "here")],
      help: "say which is first: `after \(otherName.text)`, or use another \(kind)")
  }

  fileprivate static func roundsWriteTheSame(_ kind: String, _ name: Name, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      .race, "`\(name.text)` writes the same \(kind) in each round, and rounds run side by side", at: range,
      help: "let the name depend on the round, or write `parallel(1)`")
  }
}
