import DxshExpressions
import DxshRuntime
package import DxshTime
package import Logging

/// Writes log events as lines: for people, or as JSON objects with stable fields.
package struct LineLogHandler: LogHandler {
  package enum Format: String, Sendable, CaseIterable { case text, json }

  /// The fields that events may have beside time, level and message; others are not written.
  package enum Field: String, CaseIterable {
    case run, workflow, step, attempt
  }

  package var metadata: Logger.Metadata = [:]
  package var logLevel: Logger.Level
  private let format: Format
  private let now: @Sendable () -> Timestamp
  private let write: @Sendable (String) -> Void

  /// - write: takes a line without its newline; called by several threads at once
  package init(
    _ format: Format, level: Logger.Level, now: @escaping @Sendable () -> Timestamp,
    write: @escaping @Sendable (String) -> Void
  ) {
    self.format = format
    self.logLevel = level
    self.now = now
    self.write = write
  }

  package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  package func log(event: LogEvent) {
    let all = event.metadata.map { metadata.merging($0) { _, new in new } } ?? metadata
    let fields = Field.allCases.compactMap { field in all[field.rawValue].map { (field, "\($0)") } }
    switch format {
    case .text: write(text(event, Dictionary(uniqueKeysWithValues: fields)))
    case .json: write(json(event, fields))
    }
  }

  private func text(_ event: LogEvent, _ fields: [Field: String]) -> String {
    let run = fields[.run].map { "\($0): " } ?? ""
    let step = fields[.step].map { "\($0) " } ?? ""
    let attempt = fields[.attempt].map { " (attempt \($0))" } ?? ""
    return PrintableText.line("\(run)\(step)\(event.message)\(attempt)")
  }

  private func json(_ event: LogEvent, _ fields: [(Field, String)]) -> String {
    let shape = RecordShape(["at", "level", "message"] + fields.map(\.0.rawValue))
    let values: [Value] = fields.map { field, text in
      field == .attempt ? Int64(text).map(Value.int) ?? .text(text) : .text(text)
    }
    let common: [Value] = [.timestamp(now()), .text(event.level.rawValue), .text("\(event.message)")]
    let bytes = try? JSONWriter.write(.record(RecordValue(shape, common + values)))
    return bytes.map { String(decoding: $0, as: UTF8.self) } ?? ""
  }
}
