/// Overloads by their name and style, for the checkers, which ask at each call and operator.
struct OverloadTable: Sendable {
  /// The overloads of one name, in the order in which they are tried.
  struct Overloads: Sendable {
    var all: [Overload] = []
    var global: [Overload] = []
    var member: [Overload] = []

    fileprivate mutating func add(_ overload: Overload) {
      all.append(overload)
      switch overload.style {
      case .global: global.append(overload)
      case .member: member.append(overload)
      }
    }
  }

  private var overloads: [String: Overloads] = [:]

  init(_ all: [Overload]) {
    for overload in all {
      overloads[overload.name, default: Overloads()].add(overload)
    }
  }

  subscript(name: String) -> Overloads? { overloads[name] }
}
