import DxshTime

/// Conversions to `timestamp` and `duration` (CEL specification, "Type Conversions").
///
/// A number is seconds since the epoch. Plain CEL reads durations as Go writes them; in `.dxsh` files days and weeks
/// are units too.
extension FunctionLibrary {
  static let timeConversionOverloads: [Overload] = [
    Overload(
      "timestamp", "timestamp_to_timestamp", [.timestamp], .timestamp,
      .taking("timestamp", .timestamp) { .timestamp($0) }),
    Overload(
      "timestamp", "int64_to_timestamp", [.int], .timestamp, partial: true,
      .taking("timestamp", .int) { seconds throws(EvaluationError) in
        guard let instant = Timestamp(seconds: seconds, nanoseconds: 0) else {
          throw EvaluationError(.arithmetic, "timestamp(\(seconds)) is out of range")
        }
        return .timestamp(instant)
      }),
    Overload(
      "timestamp", "string_to_timestamp", [.string], .timestamp, partial: true,
      .taking("timestamp", .string) { text throws(EvaluationError) in
        .timestamp(try parsed(text, as: "timestamp", Timestamp(text: text.string)))
      }),
    Overload(
      "duration", "duration_to_duration", [.duration], .duration, .taking("duration", .duration) { .duration($0) }),
    Overload(
      "duration", "string_to_duration", [.string], .duration, partial: true, in: .dxsh,
      .taking("duration", .string) { text throws(EvaluationError) in
        .duration(try parsed(text, as: "duration", TimeSpan(text: text.string)))
      }),
    Overload(
      "duration", "cel_string_to_duration", [.string], .duration, partial: true, in: .cel,
      .taking("duration", .string) { text throws(EvaluationError) in
        .duration(try parsed(text, as: "duration", TimeSpan(celText: text.string)))
      }),
  ]
}
