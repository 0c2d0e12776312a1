import DxshExpressions
import DxshRuntime

/// A line of an exported store, after docs/store.md: a JSON object whose first key says what it is.
///
/// Bytes that do not fit into one line go on in the next, of the same kind and with the same key.
enum StoreLine: Equatable {
  /// The version of the form.
  case head(version: Int64)
  case plan(hash: String, Part)
  case run(ExportedRun)
  /// A large value that the batches after it refer to; since version 2.
  case value(hash: String, Part)
  case batch(number: Int64, Part)
  case message(number: Int64, deduplication: String?, sent: Int64, Part)
  /// How many runs the lines hold.
  case end(runs: Int64)

  struct Part: Equatable {
    /// Of the bytes in one line.
    static let limit = 1 << 20

    var bytes: [UInt8]
    /// Whether the next line goes on with them.
    var isContinued = false
  }

  static let version: Int64 = 2
  /// In bytes; more than the longest line that is written has.
  static let limit = 4 << 20
}

/// A run in an exported store. Times in milliseconds since the epoch.
struct ExportedRun: Equatable {
  var id: String
  var workflow: String
  var key: String?
  /// The hash of its plan.
  var plan: String
  var directory: String
  var columns: RunColumns
  var durability: Durability
  /// How many batches its journal has; the lines that follow.
  var batches: Int64
  /// How many messages it was sent; the lines after those.
  var messages: Int64
}

// MARK: - Writing

extension StoreLine {
  /// With a line feed at the end.
  var text: [UInt8] {
    // Texts and numbers, not nested: nothing that could not be written.
    ((try? JSONWriter.write(document)) ?? []) + [0x0A]
  }

  private var document: Value {
    switch self {
    case .head(let version): Self.object([("dxsh_store", .int(version))])
    case .plan(let hash, let part): Self.object([("plan", .text(hash))] + Self.fields(part))
    case .run(let run): Self.object(Self.fields(run))
    case .value(let hash, let part): Self.object([("value", .text(hash))] + Self.fields(part))
    case .batch(let number, let part): Self.object([("batch", .int(number))] + Self.fields(part))
    case .message(let number, let deduplication, let sent, let part):
      Self.object(
        [("message", .int(number)), ("deduplication", Self.text(deduplication)), ("sent_ms", .int(sent))]
          + Self.fields(part))
    case .end(let runs): Self.object([("end", .int(runs))])
    }
  }

  private static func fields(_ run: ExportedRun) -> [(String, Value)] {
    [
      ("run", .text(run.id)), ("workflow", .text(run.workflow)), ("key", text(run.key)), ("plan", .text(run.plan)),
      ("directory", .text(run.directory)), ("status", .text(run.columns.status)),
      ("started_ms", .int(run.columns.started)), ("ended_ms", number(run.columns.ended)),
      ("due_ms", number(run.columns.due)), ("durability", .text(run.durability.rawValue)),
      ("batches", .int(run.batches)), ("messages", .int(run.messages)),
    ]
  }

  private static func fields(_ part: Part) -> [(String, Value)] {
    [("bytes", .bytes(part.bytes))] + (part.isContinued ? [("more", .bool(true))] : [])
  }

  private static func object(_ entries: [(String, Value)]) -> Value {
    .map(MapValue(distinct: entries.map { .init(key: .text($0.0), value: $0.1) }))
  }

  private static func text(_ text: String?) -> Value { text.map(Value.text) ?? .null }
  private static func number(_ number: Int64?) -> Value { number.map(Value.int) ?? .null }
}

// MARK: - Reading

extension StoreLine {
  /// What is wrong with a line, in one sentence.
  struct Mistake: Error {
    var message: String
  }

  /// - text: without the line feed
  init(_ text: [UInt8]) throws(Mistake) {
    var options = JSONReader.Options()
    options.depth = 4
    let document: Value
    do {
      document = try JSONReader.read(text, options)
    } catch {
      throw Mistake(message: "malformed JSON at column \(error.column): \(error.message)")
    }
    guard case .map(let entries) = document else { throw Mistake(message: "it is not a JSON object") }
    var fields = Fields(entries)
    switch fields.first {
    case "dxsh_store": self = .head(version: try fields.integer("dxsh_store"))
    case "plan": self = .plan(hash: try fields.text("plan"), try fields.part())
    case "run": self = .run(try fields.run())
    case "value": self = .value(hash: try fields.text("value"), try fields.part())
    case "batch": self = .batch(number: try fields.integer("batch"), try fields.part())
    case "message":
      self = .message(
        number: try fields.integer("message"), deduplication: try fields.optionalText("deduplication"),
        sent: try fields.integer("sent_ms"), try fields.part())
    case "end": self = .end(runs: try fields.integer("end"))
    default: throw Mistake(message: "it begins with none of dxsh_store, plan, run, value, batch, message and end")
    }
    try fields.finish()
  }

  /// Takes fields one by one, so that none is left unread.
  private struct Fields {
    let first: String
    private var rest: [String: Value] = [:]

    init(_ entries: MapValue) {
      var first: String?
      for entry in entries.entries {
        guard case .string(let key) = entry.key else { continue }
        first = first ?? key.string
        rest[key.string] = entry.value
      }
      self.first = first ?? ""
    }

    private mutating func take(_ key: String) throws(Mistake) -> Value {
      guard let value = rest.removeValue(forKey: key) else { throw Mistake(message: "it has no `\(key)`") }
      return value
    }

    mutating func text(_ key: String) throws(Mistake) -> String {
      guard case .string(let text) = try take(key), !text.utf8.contains(0) else {
        throw Mistake(message: "`\(key)` is not a text")
      }
      return text.string
    }

    mutating func optionalText(_ key: String) throws(Mistake) -> String? {
      if case .null? = rest[key] {
        rest[key] = nil
        return nil
      }
      return try text(key)
    }

    mutating func integer(_ key: String) throws(Mistake) -> Int64 {
      guard case .int(let number) = try take(key) else { throw Mistake(message: "`\(key)` is not an integer") }
      return number
    }

    mutating func count(_ key: String) throws(Mistake) -> Int64 {
      let number = try integer(key)
      guard number >= 0 else { throw Mistake(message: "`\(key)` is below zero") }
      return number
    }

    mutating func optionalInteger(_ key: String) throws(Mistake) -> Int64? {
      if case .null? = rest[key] {
        rest[key] = nil
        return nil
      }
      return try integer(key)
    }

    mutating func part() throws(Mistake) -> Part {
      let text = try text("bytes")
      guard let bytes = Base64.decode(Array(text.utf8)) else { throw Mistake(message: "`bytes` is not base64") }
      guard rest["more"] != nil else { return Part(bytes: bytes) }
      guard case .bool(true) = try take("more") else { throw Mistake(message: "`more` is not true") }
      return Part(bytes: bytes, isContinued: true)
    }

    mutating func run() throws(Mistake) -> ExportedRun {
      let word = try text("durability")
      guard let durability = Durability(rawValue: word) else {
        throw Mistake(message: "`durability` is none of full, process and none")
      }
      return ExportedRun(
        id: try text("run"), workflow: try text("workflow"), key: try optionalText("key"), plan: try text("plan"),
        directory: try text("directory"),
        columns: RunColumns(
          status: try text("status"), started: try integer("started_ms"), ended: try optionalInteger("ended_ms"),
          due: try optionalInteger("due_ms")), durability: durability, batches: try count("batches"),
        messages: try count("messages"))
    }

    func finish() throws(Mistake) {
      if let key = rest.keys.min() { throw Mistake(message: "`\(key.prefix(40))` is not one of its keys") }
    }
  }
}
