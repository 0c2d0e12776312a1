/// Finds what the paths of a run's journal name in a plan, and what they are called in another.
package struct PlanPaths: Sendable {
  /// A node of a workflow that has a name of its own.
  package struct Place: Sendable {
    package let kind: PlanNode.Kind
    /// How many loops it stands in, of its own workflow: so many indices follow its name in a path.
    package let depth: Int
  }

  /// By what they are called in their workflow: first those of the plan's own, then those of each workflow that it
  /// calls.
  private let places: [[String: Place]]

  package init(_ plan: Plan) {
    let own = [plan.body] + (plan.finally.map { [$0] } ?? [])
    places =
      [Self.places(in: own)] + plan.callees.map { Self.places(in: [$0.body] + ($0.finally.map { [$0] } ?? [])) }
  }

  private static func places(in scopes: [PlanScope]) -> [String: Place] {
    var places: [String: Place] = [:]
    var open = scopes.map { (scope: $0, depth: 0) }
    while let (scope, depth) = open.popLast() {
      for node in scope.nodes {
        places[node.path] = Place(kind: node.kind, depth: depth)
        let inner =
          switch node.kind {
          case .loop, .iteration: depth + 1
          default: depth
          }
        open += node.kind.scopes.map { ($0, inner) }
      }
    }
    return places
  }

  /// All steps that call a node, by their names and their workflows' numbers: 0 for the plan's own.
  package var calls: [(workflow: Int, name: String, call: PlanCall)] {
    var calls: [(workflow: Int, name: String, call: PlanCall)] = []
    for (workflow, places) in places.enumerated() {
      for (name, place) in places {
        if case .call(let call) = place.kind { calls.append((workflow, name, call)) }
      }
    }
    return calls.sorted { ($0.workflow, $0.name) < ($1.workflow, $1.name) }
  }

  /// The places of a workflow, by its number and their names.
  package func places(of workflow: Int) -> [String: Place] { places[workflow] }

  /// Whether any of the workflows has a place of a name.
  package func have(_ name: String) -> Bool { places.contains { $0[name] != nil } }

  package subscript(workflow: Int, name: String) -> Place? { places[workflow][name] }

  /// A part of a path: `pay`, `pay@else`, `pay[3]`, `pay@else[3][0]`, `pay[3]@compensate`.
  package struct Part {
    package var name: Substring
    /// `@else` and the like, which say where a name stands that is bound twice.
    package var variant: Substring
    /// `[3][0]`
    package var indices: Substring
    /// `@compensate`, `@retry`, `@deadline`, `@duration`, `@active`, `@verify`, or nothing.
    package var ending: Substring

    package init(_ text: Substring) {
      var rest = text
      ending = ""
      for name in [Plan.compensationName, Plan.retryName, Plan.verificationName] + TimeLimit.allCases.map(\.rawValue)
      where rest.hasSuffix("@\(name)") {
        ending = rest.suffix(name.count + 1)
        rest = rest.dropLast(name.count + 1)
      }
      let end = rest.firstIndex(of: "[") ?? rest.endIndex
      indices = rest[end...]
      name = rest[..<end].prefix { $0 != "@" }
      variant = rest[name.endIndex..<end]
    }

    package var place: String { "\(name)\(variant)" }
    package var depth: Int { indices.count { $0 == "[" } }
  }
}

extension PlanPaths {
  /// The names of the places that a path names, as one path: `load/fetch` of `load[3]/fetch[0]@compensate`.
  package static func places(of path: String) -> String {
    path.split(separator: "/", omittingEmptySubsequences: false).map { Part($0).place }.joined(separator: "/")
  }

  /// A path with other names, which are as many.
  package static func path(_ path: String, named places: String) -> String {
    let parts = path.split(separator: "/", omittingEmptySubsequences: false).map(Part.init)
    let names = places.split(separator: "/", omittingEmptySubsequences: false)
    return zip(parts, names).map { part, name in name + part.indices + part.ending }.joined(separator: "/")
  }

  /// Where a path leads.
  package struct Destination {
    package var path: String
    /// The names of its last part's place, and of its workflow.
    package var name: String
    package var workflow: Int
    package var place: Place
  }

  /// What a path of this plan is in another; nil when nothing there has its place: no step of the name, one of another
  /// kind, or one that stands in more or fewer loops.
  package func destination(of path: String, in other: PlanPaths, _ names: FormerNames) -> Destination? {
    let parts = path.split(separator: "/", omittingEmptySubsequences: false).map(Part.init)
    var (old, new) = (0, 0)
    var found: [String] = []
    for (number, part) in parts.enumerated() {
      let renamed =
        new == 0 ? names.current : names.ofCallees.indices.contains(new - 1) ? names.ofCallees[new - 1] : [:]
      let name = renamed[String(part.name)] ?? String(part.name)
      guard let before = self[old, part.place], let after = other[new, name + part.variant],
        before.depth == part.depth, after.depth == part.depth
      else { return nil }
      found.append(name + part.variant + part.indices + part.ending)
      if number == parts.count - 1 {
        guard before.kind.isSameKind(as: after.kind) else { return nil }
        return Destination(
          path: found.joined(separator: "/"), name: name + part.variant, workflow: new, place: after)
      }
      guard case .invocation(let calling) = before.kind, case .invocation(let called) = after.kind else { return nil }
      (old, new) = (calling.callee + 1, called.callee + 1)
    }
    return nil
  }

  /// What a path of this plan names.
  package func place(of path: String) -> (name: String, workflow: Int, place: Place)? {
    destination(of: path, in: self, FormerNames()).map { ($0.name, $0.workflow, $0.place) }
  }

  /// The call that a step's path names: `enrich[3]` is the call `enrich`, `load/fetch[0]` the call `fetch` of the
  /// workflow that the step `load` calls. Nil when there is none.
  ///
  /// How many indices there are does not matter. `reserve[3]@compensate` is the call that undoes `reserve`,
  /// `pay[3]@verify` the one that asks whether `pay[3]` took place.
  package func call(at path: String) -> PlanCall? {
    if let verified = Plan.verified(by: path) { return call(at: verified)?.verification }
    if let undone = Plan.undone(by: path) {
      guard case .call(let compensation)? = call(at: undone)?.compensation else { return nil }
      return compensation
    }
    var workflow = 0
    for part in path.split(separator: "/", omittingEmptySubsequences: false) {
      switch self[workflow, Part(part).place]?.kind {
      case .invocation(let invocation): workflow = invocation.callee + 1
      case .call(let call) where part.endIndex == path.endIndex: return call
      default: return nil
      }
    }
    return nil
  }
}

extension PlanNode.Kind {
  fileprivate func isSameKind(as other: PlanNode.Kind) -> Bool {
    switch (self, other) {
    case (.call, .call), (.wait, .wait), (.invocation, .invocation): true
    default: false
    }
  }
}

extension Plan {
  /// As of `PlanPaths`, for one path.
  package func call(at path: String) -> PlanCall? { PlanPaths(self).call(at: path) }
}
