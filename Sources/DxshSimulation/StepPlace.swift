import DxshRuntime

/// A step's path in its parts: `call1/u2d1_7[0][3]` is `u2d1_7` with the prefix `call1/` and the suffix `[0][3]`.
struct StepPlace {
  let prefix: String
  let name: String
  let suffix: String

  init(_ path: String) {
    let start = path.lastIndex(of: "/").map { path.index(after: $0) } ?? path.startIndex
    let rest = path[start...]
    prefix = String(path[..<start])
    name = String(rest.prefix { $0 != "[" })
    suffix = String(rest.dropFirst(name.count))
  }

  /// `u…`: in the body of a `try` that fails.
  var isInFailingGroup: Bool { name.hasPrefix("u") }

  /// `q…`: it shares a pool, a rate or a breaker with other runs.
  var isLimited: Bool { name.hasPrefix("q") }

  /// Of `f…`: the step `g…` that comes after it.
  var next: String { name.hasPrefix("f") ? prefix + "g" + name.dropFirst() + suffix : "" }

  /// `f…`: the step `g…` of the same instance of a loop failed.
  func isBeforeFailure(in events: [RecordedEvent]) -> Bool {
    guard name.hasPrefix("f") else { return false }
    return events.contains { event in
      if case .attemptFailed = event.kind { event.path == next } else { false }
    }
  }

  /// In a called workflow that fails, and gives what its `fallback` says.
  var isInLost: Bool { prefix.split(separator: "/").contains { $0.hasPrefix("lost") } }

  /// How often a step fails at most: thrice in each attempt at the calls around it, of which there are four.
  var failureLimit: Int { prefix.split(separator: "/").reduce(3) { limit, _ in limit * 4 } }

  /// `h5w2…`: the step `j5…` of the same instance of a loop is not among the first 2 that succeeded.
  func isCutOff(in events: [RecordedEvent]) -> Bool {
    guard name.hasPrefix("h"), let mark = name.lastIndex(of: "w"), let wanted = Int(name[mark...].dropFirst()),
      let last = suffix.lastIndex(of: "[")
    else { return false }
    let loop = prefix + "j" + name[..<mark].dropFirst() + suffix[..<last]
    let first = events.lazy.filter { event in
      switch event.kind {
      case .succeeded, .settled(.done):
        event.path.hasPrefix(loop + "[") && !event.path.dropFirst(loop.count + 1).contains("[")
      default: false
      }
    }
    return !first.prefix(wanted).contains { $0.path == loop + suffix[last...] }
  }

  /// What is undone together: `u2d1_7[0][3]` with the others of the `try` 2, which stands in one loop, in its
  /// instance 0; what is undone with the whole run is one group, but for that of each workflow that it calls, which
  /// undoes its own when it is cancelled.
  var group: String {
    guard isInFailingGroup else { return name.hasPrefix("f") || name.hasPrefix("h") ? name + suffix : prefix }
    let head = name.prefix { $0 != "_" }
    let depth = head.split(separator: "d").last.flatMap { Int($0) } ?? 0
    let indices = suffix.split(separator: "]").prefix(depth).joined(separator: "]")
    return prefix + head + indices
  }
}
