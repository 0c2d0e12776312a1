/// A number with what it counts, for people.
package enum Counted {
  /// - many: the plural where it is not the noun with an s
  package static func text(_ count: Int, _ one: String, _ many: String? = nil) -> String {
    "\(count) \(count == 1 ? one : many ?? one + "s")"
  }
}
