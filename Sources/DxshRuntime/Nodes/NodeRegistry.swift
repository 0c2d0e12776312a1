/// The implementations that a run may call, by the names of their declarations.
package struct NodeRegistry: Sendable {
  private let implementations: [String: any NodeImplementation]

  /// Of two with one name the later counts.
  package init(_ implementations: [any NodeImplementation]) {
    self.implementations = Dictionary(implementations.map { ($0.name, $0) }) { _, later in later }
  }

  package subscript(name: String) -> (any NodeImplementation)? { implementations[name] }

  package var names: [String] { implementations.keys.sorted() }
}
