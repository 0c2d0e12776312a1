import DxshTime

/// How a function takes an argument: the content of values of one kind. Values of other kinds throw
/// `EvaluationError.noOverload`, in the bodies that are made with `taking`.
struct Argument<Content>: Sendable {
  /// Nil for values of other kinds.
  let content: @Sendable (Value) -> Content?

  init(_ content: @escaping @Sendable (Value) -> Content?) {
    self.content = content
  }
}

extension Argument where Content == Value {
  static var any: Argument { Argument { $0 } }
}

extension Argument where Content == Bool {
  static var bool: Argument { Argument { if case .bool(let value) = $0 { value } else { nil } } }
}

extension Argument where Content == Int64 {
  static var int: Argument { Argument { if case .int(let value) = $0 { value } else { nil } } }
  /// A number of bytes.
  static var size: Argument { Argument { if case .size(let value) = $0 { value } else { nil } } }
}

extension Argument where Content == UInt64 {
  static var uint: Argument { Argument { if case .uint(let value) = $0 { value } else { nil } } }
}

extension Argument where Content == Double {
  static var double: Argument { Argument { if case .double(let value) = $0 { value } else { nil } } }
}

extension Argument where Content == Text {
  static var string: Argument { Argument { if case .string(let value) = $0 { value } else { nil } } }
}

extension Argument where Content == [UInt8] {
  static var bytes: Argument { Argument { if case .bytes(let value) = $0 { value } else { nil } } }
}

extension Argument where Content == Timestamp {
  static var timestamp: Argument { Argument { if case .timestamp(let value) = $0 { value } else { nil } } }
}

extension Argument where Content == TimeSpan {
  static var duration: Argument { Argument { if case .duration(let value) = $0 { value } else { nil } } }
}

extension Argument where Content == [Value] {
  static var list: Argument { Argument { if case .list(let value) = $0 { value } else { nil } } }
}

extension Argument where Content == MapValue {
  static var map: Argument { Argument { if case .map(let value) = $0 { value } else { nil } } }
}

extension Function.Body {
  /// A function of one argument; `name` is the function's, for the error.
  static func taking<A>(
    _ name: String, _ first: Argument<A>, _ apply: @escaping @Sendable (A) throws(EvaluationError) -> Value
  ) -> Self {
    .unary { value throws(EvaluationError) in
      guard let a = first.content(value) else { throw .noOverload(name, value) }
      return try apply(a)
    }
  }

  /// A function of two arguments.
  static func taking<A, B>(
    _ name: String, _ first: Argument<A>, _ second: Argument<B>,
    _ apply: @escaping @Sendable (A, B) throws(EvaluationError) -> Value
  ) -> Self {
    .binary { (left, right) throws(EvaluationError) in
      guard let a = first.content(left), let b = second.content(right) else { throw .noOverload(name, left, right) }
      return try apply(a, b)
    }
  }

  /// A function of three arguments.
  static func taking<A, B, C>(
    _ name: String, _ first: Argument<A>, _ second: Argument<B>, _ third: Argument<C>,
    _ apply: @escaping @Sendable (A, B, C) throws(EvaluationError) -> Value
  ) -> Self {
    .ternary { (left, middle, right) throws(EvaluationError) in
      guard let a = first.content(left), let b = second.content(middle), let c = third.content(right) else {
        throw .noOverload(name, left, middle, right)
      }
      return try apply(a, b, c)
    }
  }

  /// A function of one argument that charges for its work.
  static func metering<A>(
    _ name: String, _ first: Argument<A>,
    _ apply: @escaping @Sendable (A, inout Meter) throws(EvaluationError) -> Value
  ) -> Self {
    .metered(count: 1) { (values, meter) throws(EvaluationError) in
      guard let a = first.content(values[0]) else { throw .noOverload(name, values[0]) }
      return try apply(a, &meter)
    }
  }

  /// A function of two arguments that charges for its work.
  static func metering<A, B>(
    _ name: String, _ first: Argument<A>, _ second: Argument<B>,
    _ apply: @escaping @Sendable (A, B, inout Meter) throws(EvaluationError) -> Value
  ) -> Self {
    .metered(count: 2) { (values, meter) throws(EvaluationError) in
      guard let a = first.content(values[0]), let b = second.content(values[1]) else {
        throw .noOverload(name, values[0], values[1])
      }
      return try apply(a, b, &meter)
    }
  }

  /// A function of three arguments that charges for its work.
  static func metering<A, B, C>(
    _ name: String, _ first: Argument<A>, _ second: Argument<B>, _ third: Argument<C>,
    _ apply: @escaping @Sendable (A, B, C, inout Meter) throws(EvaluationError) -> Value
  ) -> Self {
    .metered(count: 3) { (values, meter) throws(EvaluationError) in
      guard let a = first.content(values[0]), let b = second.content(values[1]), let c = third.content(values[2])
      else { throw .noOverload(name, values[0], values[1], values[2]) }
      return try apply(a, b, c, &meter)
    }
  }
}
