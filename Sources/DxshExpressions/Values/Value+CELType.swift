extension Value {
  /// The type that plain CEL's `type(x)` gives, which says nothing of what is inside: every list is a
  /// `list(dyn)`, every map a `map(dyn, dyn)`, every optional an `optional_type(dyn)`, every type a `type(dyn)` (CEL
  /// specification, "Type Values"). The identifiers `list`, `map`, `type` … stand for the same ones.
  package var celType: Type {
    switch self {
    case .none: .optional(.dyn)
    case .null: .null
    case .bool: .bool
    case .int: .int
    case .uint: .uint
    case .double: .double
    case .string: .string
    case .bytes: .bytes
    case .timestamp: .timestamp
    case .duration: .duration
    case .size: .size
    case .list: .list(.dyn)
    case .map, .record: .map(.dyn, .dyn)
    case .boxed(let box):
      switch box.content {
      case .optional: .optional(.dyn)
      case .type: .type(.dyn)
      case .decimal: .decimal
      case .money: .money
      case .ip: .abstract("net.IP", [])
      case .cidr: .abstract("net.CIDR", [])
      case .file: .file
      case .failure: .dyn
      }
    }
  }
}
