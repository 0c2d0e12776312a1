import DxshExpressions
import DxshPlan

/// Turns what the command line gives into the values of a workflow's parameters.
enum RunInput {
  /// `assignments` are `name=value`; `document` is JSON, `@file` or `-`.
  static func values(
    for plan: Plan, assignments: [String], document: String?
  ) throws(CallFailure) -> [Value] {
    var given = try object(document)
    for assignment in assignments {
      guard let equals = assignment.firstIndex(of: "="), equals != assignment.startIndex else {
        throw CallFailure("-p takes name=value, not \"\(assignment)\"")
      }
      let name = String(assignment[..<equals])
      guard let parameter = plan.parameters.first(where: { $0.name == name }) else { throw unknown(name, plan) }
      let text = String(assignment[assignment.index(after: equals)...])
      given[name] = try value(text, of: parameter.type, name)
    }
    for name in given.keys.sorted() where !plan.parameters.contains(where: { $0.name == name }) {
      throw unknown(name, plan)
    }
    return try fill(plan, given)
  }

  /// The variables of an expression, sorted by name. Each value is JSON or, where it is none, text.
  static func variables(
    assignments: [String], document: String?
  ) throws(CallFailure) -> [(name: String, value: Value)] {
    var given = try object(document)
    for assignment in assignments {
      guard let equals = assignment.firstIndex(of: "="), equals != assignment.startIndex else {
        throw CallFailure("-p takes name=value, not \"\(assignment)\"")
      }
      let text = String(assignment[assignment.index(after: equals)...])
      given[String(assignment[..<equals])] = (try? JSONReader.read(Array(text.utf8))) ?? .text(text)
    }
    return given.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }

  private static func fill(_ plan: Plan, _ given: [String: Value]) throws(CallFailure) -> [Value] {
    var values: [Value] = []
    for parameter in plan.parameters {
      guard parameter.type.unwrapped != .file || given[parameter.name] == nil else {
        throw CallFailure(
          "the parameter \(parameter.name) is a file, which only a step gives: "
            + "let a workflow that takes its path call this one with what `file.keep` gives")
      }
      if let value = given[parameter.name] {
        do {
          values.append(try value.decoded(as: parameter.type))
        } catch {
          throw CallFailure("the parameter \(parameter.name)\(error.message.first == ":" ? "" : ": ")\(error.message)")
        }
      } else if let expression = parameter.defaultValue {
        do {
          values.append(try Evaluator.evaluate(expression, in: .empty))
        } catch {
          throw CallFailure("the default of the parameter \(parameter.name): \(error.message)")
        }
      } else {
        throw CallFailure(
          "the workflow \(plan.workflow) needs the parameter \(parameter.name) (\(parameter.type)): "
            + "give it with -p \(parameter.name)=… or --input")
      }
    }
    return values
  }

  /// Text for a parameter of text or of a type that is written as text; JSON for all others.
  private static func value(_ text: String, of type: Type, _ name: String) throws(CallFailure) -> Value {
    switch type.unwrapped {
    case .string, .enumeration, .timestamp, .duration, .size, .bytes, .decimal, .money, .abstract: return .text(text)
    case .bool, .int, .uint, .double, .json, .null, .dyn, .never, .unknown, .list, .map, .optional, .record,
      .parameter, .secret, .connection, .type:
      do {
        return try JSONReader.read(Array(text.utf8))
      } catch {
        throw CallFailure("the parameter \(name): expected \(type), found \"\(text)\"")
      }
    }
  }

  private static func object(_ document: String?) throws(CallFailure) -> [String: Value] {
    guard let document else { return [:] }
    guard case .map(let map) = try json(document, of: "--input") else {
      throw CallFailure("--input takes a JSON object with a value for each parameter")
    }
    return Dictionary(map.entries.map { (TextForm.render($0.key).string, $0.value) }) { first, _ in first }
  }

  /// What an option gives: JSON, `@file` or `-`.
  static func json(_ document: String, of option: String) throws(CallFailure) -> Value {
    let bytes: [UInt8]
    if document == "-" {
      bytes = try SourceLoader.read("-")
    } else if document.hasPrefix("@") {
      bytes = try SourceLoader.read(String(document.dropFirst()))
    } else {
      bytes = Array(document.utf8)
    }
    do {
      return try JSONReader.read(bytes)
    } catch {
      throw CallFailure("\(option): malformed JSON at line \(error.line), column \(error.column): \(error.message)")
    }
  }

  private static func unknown(_ name: String, _ plan: Plan) -> CallFailure {
    let names = plan.parameters.map(\.name)
    return CallFailure(
      "the workflow \(plan.workflow) has no parameter \(name)"
        + (names.isEmpty ? "" : "; its parameters are \(names.joined(separator: ", "))"))
  }
}
