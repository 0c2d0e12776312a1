import DxshExpressions
import DxshRuntime

/// Values as bodies, and bodies as values.
enum HTTPBody {
  /// Text as it is, bytes as they are, everything else as JSON. Throws `request` for what JSON cannot say.
  static func encode(_ value: Value) throws(NodeFailure) -> (bytes: [UInt8], type: String) {
    switch value {
    case .string(let text): return (text.utf8, "text/plain; charset=utf-8")
    case .bytes(let bytes): return (bytes, "application/octet-stream")
    case .none, .null, .bool, .int, .uint, .double, .timestamp, .duration, .size, .list, .map, .record, .boxed:
      do throws(JSONWriteError) {
        return (try JSONWriter.write(value), "application/json")
      } catch {
        throw NodeFailure("request", "body\(error.path): \(error.message)")
      }
    }
  }

  /// The body as the type has it: text, bytes, or what its JSON says, which the engine then checks. Throws `decode`.
  static func decode(_ response: HTTPResponse, as type: Type, from url: HTTPURL) throws(NodeFailure) -> Value {
    if response.body.isEmpty {
      if type.isOptional { return .none }
      if type == .json { return .null }
    }
    switch type.unwrapped {
    case .bytes: return .bytes(response.body)
    case .string:
      if let offset = UTF8Check.firstInvalid(in: response.body) {
        throw NodeFailure("decode", "the body from \(url.shown) is not UTF-8 text: see its byte \(offset + 1)")
      }
      return .string(Text(validUTF8: response.body))
    case .bool, .int, .uint, .double, .timestamp, .duration, .size, .json, .null, .dyn, .never, .unknown, .list, .map,
      .optional, .record, .enumeration, .parameter, .secret, .connection, .decimal, .money, .type, .abstract:
      do throws(JSONError) {
        return try JSONReader.read(response.body)
      } catch {
        let type = response["content-type"].map { " (\(MessageText.plain($0, limit: 60)))" } ?? ""
        throw NodeFailure("decode", "the body from \(url.shown)\(type) is no JSON: \(error)")
      }
    }
  }
}
