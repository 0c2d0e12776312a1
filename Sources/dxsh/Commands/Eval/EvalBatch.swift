import DxshCompiler
import DxshExpressions
import DxshSyntax
import Glibc

/// `dxsh eval --batch`: one JSON object a line in, one a line out.
///
///     {"id", "expr", "bindings", "type_env", "container", "disable_check", "disable_macros", "check_only"}
///     {"id", "value": TYPED, "type": "list(int)"}   {"id", "error": "…"}
struct EvalBatch {
  /// The longest line that is read.
  static let lineLimit = 64 << 20
  /// The most parts that the value of an answer may have.
  static let partLimit = 5_000_000

  let budget: Int

  func run() throws {
    while let line = readLine(strippingNewline: true) {
      if line.utf8.allSatisfy({ $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }) { continue }
      Output.result(answer(Array(line.utf8)))
    }
  }

  /// The answer to one line; whatever is wrong with it is an answer too.
  private func answer(_ line: [UInt8]) -> [UInt8] {
    var id = Value.null
    do {
      guard line.count <= Self.lineLimit else {
        throw CallFailure("the line is longer than \(Self.lineLimit >> 20) MiB")
      }
      let request: Value
      do {
        request = try JSONReader.read(line)
      } catch {
        throw CallFailure("malformed JSON at column \(error.column): \(error.message)")
      }
      guard case .map(let fields) = request else { throw CallFailure("a request is a JSON object") }
      id = fields["id"] ?? .null
      return try written(id, EvalRequest(fields).answer(budget: budget))
    } catch let failure as CallFailure {
      return refused(id, failure.message)
    } catch let failure as EvaluationError {
      return refused(id, failure.message)
    } catch {
      return refused(id, "\(error)")
    }
  }

  private func written(_ id: Value, _ answer: EvalRequest.Answer) throws(CallFailure) -> [UInt8] {
    var entries = [MapValue.Entry(key: .text("id"), value: id)]
    if let value = answer.value {
      var room = Self.partLimit
      entries.append(.init(key: .text("value"), value: try TypedForm.form(value, room: &room)))
    }
    if let type = answer.type { entries.append(.init(key: .text("type"), value: .text(type.celText))) }
    do {
      return try JSONWriter.write(.map(MapValue(distinct: entries)))
    } catch {
      throw CallFailure("the value cannot be written: \(error.description)")
    }
  }

  private func refused(_ id: Value, _ message: String) -> [UInt8] {
    let entries: [MapValue.Entry] = [
      .init(key: .text("id"), value: id), .init(key: .text("error"), value: .text(message)),
    ]
    return (try? JSONWriter.write(.map(MapValue(distinct: entries)))) ?? Array("{\"error\": \"the id\"}".utf8)
  }
}
