import DxshTime

extension Value {
  /// Whether it is the zero value of its kind, which `optional.ofNonZeroValue` leaves out (CEL's optional extension):
  /// `false`, 0, a text or collection without content, null, the epoch, a record without present fields.
  var isZero: Bool {
    switch self {
    case .none, .null: true
    case .bool(let value): !value
    case .int(let value), .size(let value): value == 0
    case .uint(let value): value == 0
    case .double(let value): value == 0
    case .string(let text): text.utf8.isEmpty
    case .bytes(let bytes): bytes.isEmpty
    case .timestamp(let instant): instant == .epoch
    case .duration(let span): span == .zero
    case .list(let elements): elements.isEmpty
    case .map(let map): map.entries.isEmpty
    case .record(let record): record.fields.allSatisfy(\.isNone)
    case .boxed(let box):
      switch box.content {
      case .decimal(let number): number.coefficient == 0
      case .money(let money): money.amount.coefficient == 0
      case .optional, .type, .ip, .cidr, .file, .failure: false
      }
    }
  }
}
