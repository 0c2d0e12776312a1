import DxshExpressions

extension Value {
  /// The result of a node that has nothing to say: `{}`.
  static let emptyRecord = Value.record(RecordValue(RecordShape([]), []))
}
