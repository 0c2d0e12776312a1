import DxshExpressions

/// JSON documents that commands print.
enum JSONForm {
  /// The keys must be distinct; they keep their order.
  static func object(_ entries: [(String, Value)]) -> Value {
    .map(MapValue(distinct: entries.map { .init(key: .text($0.0), value: $0.1) }))
  }

  static func text(_ document: Value) -> [UInt8] { (try? JSONWriter.write(document, indented: true)) ?? [] }
}
