import DxshExpressions
import DxshTime

/// `dxsh schedules next --batch`: one JSON object a line in, one a line out. Whatever is wrong with a line is its
/// answer.
///
///     {"id": 1, "expr": "0 2 * * *", "tz": "Europe/Berlin", "start": "2026-03-02T08:00:00Z", "count": 2}
///     {"id": 1, "next": ["2026-03-03T02:00:00+01:00", "2026-03-04T02:00:00+01:00"]}   {"id": 1, "error": "…"}
struct SchedulesBatch {
  /// The longest line that is read.
  static let lineLimit = 1 << 20

  func run() {
    while let line = readLine(strippingNewline: true) {
      if line.utf8.allSatisfy({ $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }) { continue }
      Output.result(answer(Array(line.utf8)))
    }
  }

  private func answer(_ line: [UInt8]) -> [UInt8] {
    var id = Value.null
    do throws(CallFailure) {
      guard line.count <= Self.lineLimit else {
        throw CallFailure("the line is longer than \(Self.lineLimit >> 20) MiB")
      }
      let fields = try object(line)
      id = fields["id"] ?? .null
      return written(id, "next", .list(try times(fields)))
    } catch {
      return written(id, "error", .text(error.message))
    }
  }

  private func object(_ line: [UInt8]) throws(CallFailure) -> MapValue {
    let request: Value
    do {
      request = try JSONReader.read(line)
    } catch {
      throw CallFailure("malformed JSON at column \(error.column): \(error.message)")
    }
    guard case .map(let fields) = request else { throw CallFailure("a request is a JSON object") }
    return fields
  }

  private func times(_ fields: MapValue) throws(CallFailure) -> [Value] {
    let question = try FireQuestion(
      expression: text("expr", fields), zone: text("tz", fields),
      start: FireQuestion.moment(text("start", fields)))
    let counts = SchedulesNextCommand.counts
    guard case .int(let count)? = fields["count"], let count = Int(exactly: count), counts.contains(count) else {
      throw CallFailure("\"count\" is a number from \(counts.lowerBound) to \(counts.upperBound)")
    }
    return question.fires(count).map { .text(question.zone.text(of: $0)) }
  }

  private func text(_ name: String, _ fields: MapValue) throws(CallFailure) -> String {
    guard case .string(let text)? = fields[name] else { throw CallFailure("\"\(name)\" is a text") }
    return text.string
  }

  private func written(_ id: Value, _ name: String, _ answer: Value) -> [UInt8] {
    let entries: [MapValue.Entry] = [.init(key: .text("id"), value: id), .init(key: .text(name), value: answer)]
    return (try? JSONWriter.write(.map(MapValue(distinct: entries)))) ?? Array("{\"error\": \"the id\"}".utf8)
  }
}
