/// Values that are not freed before the process ends: taking large trees apart, object by object, takes a tenth of a
/// check, and the end of a process frees all at once.
enum KeptUntilExit {
  private final class Holder<Value> {
    private let value: Value

    init(_ value: Value) {
      self.value = value
    }
  }

  /// For what is large and made once in the life of the process.
  static func keep<Value>(_ value: Value) { _ = Unmanaged.passRetained(Holder(value)) }
}
