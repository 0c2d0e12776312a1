import DxshExpressions
import DxshRuntime

/// The names of a run's steps, across one move to another version of its file.
struct MovedNames: Sendable {
  static let goneMark = "@gone"

  /// Of steps and calls, by what they were called before.
  var renamed: [String: String] = [:]
  /// What its journal said when it was moved; nil of one that was not.
  var unmoved: [RecordedEvent]?

  /// What the step of a key is called now; a key names it as it was called when it was first to take place.
  func path(ofKey key: String) -> String { Self.replaced(key, by: renamed) }

  /// What the step of a path was called before.
  func former(of path: String) -> String {
    Self.replaced(path, by: Dictionary(renamed.map { ($1, $0) }) { first, _ in first })
  }

  private static func replaced(_ path: String, by names: [String: String]) -> String {
    if names.isEmpty { return path }
    return path.split(separator: "/", omittingEmptySubsequences: false).map { part in
      let name = part.prefix { $0 != "[" && $0 != "@" }
      return (names[String(name)] ?? String(name)) + part.dropFirst(name.count)
    }.joined(separator: "/")
  }
}

extension SimulatedDisk.Entry {
  /// The events that count, and how many of them there are before the run got the plan that it has. What was done under
  /// another plan, and is recorded once more as it is wanted, counts where it is wanted, and has to be the same.
  func standing(_ broken: inout [String]) -> (events: [RecordedEvent], moved: Int) {
    let standing = StandingEvents(events)
    let (before, since) = (
      standing.indices.filter { $0 < standing.migration }, standing.indices.filter { $0 >= standing.migration }
    )
    var results: [String: Value?] = [:]
    for index in since where events[index].isCompletion { results[events[index].path] = events[index].kind.result }
    let kept = before.filter { index in
      guard events[index].isCompletion, let result = results[events[index].path] else { return true }
      if result != events[index].kind.result { broken.append("\(events[index].path): has another result") }
      return false
    }
    return ((kept + since).map { events[$0] }, kept.count)
  }
}

extension RecordedEvent.Kind {
  /// What a step gave; nil of what is no end of one.
  fileprivate var result: Value? {
    switch self {
    case .succeeded(let value), .recalled(let value), .settled(.done(let value)): value
    default: nil
    }
  }
}
