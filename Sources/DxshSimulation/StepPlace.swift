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

  /// `h5w2…`: its instance of a loop, whose other step is `j5…`, is not among the first 2 that completed.
  /// - beside: the names of all steps of that loop that have to take place
  func isCutOff(in events: [RecordedEvent], beside: [String]) -> Bool {
    guard name.hasPrefix("h"), let mark = name.lastIndex(of: "w"), let wanted = Int(name[mark...].dropFirst()),
      let last = suffix.lastIndex(of: "[")
    else { return false }
    // What is recorded once more counts where it was wanted.
    var completed: [Substring: [String: Int]] = [:]
    for (position, event) in events.enumerated() where event.isCompletion {
      let place = StepPlace(event.path)
      guard place.prefix == prefix, beside.contains(place.name), place.suffix.hasPrefix(suffix[..<last]),
        place.suffix.lastIndex(of: "[") == last
      else { continue }
      completed[place.suffix[last...], default: [:]][place.name] = position
    }
    let rounds = completed.filter { $0.value.count == beside.count }.mapValues { $0.values.max() ?? 0 }
    return !rounds.sorted { $0.value < $1.value }.prefix(wanted).contains { $0.key == suffix[last...] }
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
