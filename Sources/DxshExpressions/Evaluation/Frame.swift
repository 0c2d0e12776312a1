/// The values of one scope of a run: a workflow's body or one iteration of a loop.
///
/// Not sendable: a frame belongs to the one interpreter that fills it.
package final class Frame {
  /// `none` until the binding has its value.
  package var values: [Value]
  package let parent: Frame?

  package init(slots: Int, parent: Frame?) {
    self.values = [Value](repeating: .none, count: slots)
    self.parent = parent
  }

  /// For constant expressions, which mention no binding.
  package static var empty: Frame { Frame(slots: 0, parent: nil) }
}
