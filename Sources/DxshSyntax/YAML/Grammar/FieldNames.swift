/// The names of the fields of constructs that are lists of `name: e`, in both notations.
package enum FieldNames {
  package static let schedule = names(of: .schedule)
  package static let trigger = names(of: .triggerFields)
  package static let approval = names(of: .approval)
  package static let limits = names(of: .limits)

  private static func names(of construct: YAMLConstruct) -> [String] { (construct.fields ?? []).map(\.name) }
}
