import DxshExpressions
import DxshSyntax
import DxshTime

/// Checks what starts a workflow besides people: schedules and triggers give it what it needs (rule 45), and a schedule
/// has a time in which it fires.
struct LaunchChecker {
  let session: CheckSession
  let workflow: CheckedWorkflow

  func check(_ declaration: WorkflowDeclaration) {
    for schedule in declaration.schedules {
      let names = expressions.binding("fire", .record(Self.fire), origin: nil)
      checkTypes(of: schedule.fields)
      checkWindow(of: schedule)
      checkParameters(
        schedule.fields, FieldNames.schedule, names, of: "the schedule `\(schedule.name.text)`", at: schedule.name.range
      )
    }
    for trigger in declaration.triggers {
      let names = expressions.binding(trigger.name.text, delivered(by: trigger), origin: nil)
      if let key = trigger.fields.value(of: "key") { _ = names.check(key, expecting: .string) }
      checkParameters(
        trigger.fields, FieldNames.trigger, names, of: "`\(trigger.name.text)`", at: trigger.name.range)
    }
  }

  private var expressions: ExpressionChecker { ExpressionChecker(session: session, scope: NoNames()) }

  /// What a schedule's parameters may mention.
  private static let fire = RecordType([
    .init("nominal", .timestamp), .init("actual", .timestamp), .init("previous", .optional(.timestamp)),
  ])

  /// What stands for that which a trigger delivers.
  private func delivered(by trigger: TriggerDeclaration) -> Type {
    guard trigger.kind.text == "webhook" else { return .unknown }
    let body = trigger.payload.map(TypeResolver(session: session).resolve)
    return .record(RecordType([.init("body", body ?? .json), .init("headers", .map(.string, .string))]))
  }

  // MARK: - Parameters

  private func checkParameters(
    _ fields: [FieldEntry], _ known: [String], _ names: ExpressionChecker, of what: String, at range: SourceRange
  ) {
    var given: [String: SourceRange] = [:]
    var isComplete = fields.allSatisfy { known.contains($0.name.text) }
    if let value = fields.value(of: "params") {
      guard let entries = value.recordFields else {
        session.report(.badPolicyValue("`params` is written out, as `{ name: value }`", at: value.range))
        return
      }
      for entry in entries where !entry.name.isMissing {
        guard let parameter = workflow.parameters.first(where: { $0.name == entry.name.text }) else {
          isComplete = false
          session.report(
            .unknownArgument(entry.name, of: "`\(workflow.name)`", parameters: workflow.parameters.map(\.name)))
          continue
        }
        if let first = given.updateValue(entry.name.range, forKey: parameter.name) {
          session.report(.duplicate("the parameter", entry.name, first: first))
        }
        _ = names.check(entry.value, expecting: parameter.type)
      }
    }
    let missing = workflow.parameters.filter {
      $0.defaultValue == nil && !$0.type.isOptional && given[$0.name] == nil
    }
    if isComplete, !missing.isEmpty { session.report(.parametersMissing(missing.map(\.name), what, at: range)) }
  }

  // MARK: - Schedules

  /// Those whose values are no choices.
  private static let types: [String: Type] = [
    "every": .duration, "jitter": .duration, "start": .timestamp, "end": .timestamp, "pause_after": .int,
  ]

  private func checkTypes(of fields: [FieldEntry]) {
    for field in fields {
      guard let type = Self.types[field.name.text] else { continue }
      let value = expressions.check(field.value, expecting: type).expression.constantValue
      if field.name.text == "every", case .duration(let span)? = value, span <= .zero {
        session.report(.badPolicyValue("`every` is above 0s", at: field.value.range))
      }
    }
  }

  private func checkWindow(of schedule: ScheduleDeclaration) {
    func instant(_ name: String) -> Timestamp? {
      guard let value = schedule.fields.value(of: name) else { return nil }
      let typed = session.probing { expressions.check(value, expecting: .timestamp) }
      guard case .timestamp(let instant)? = typed.expression.constantValue else { return nil }
      return instant
    }
    guard let start = instant("start"), let end = instant("end"), end <= start,
      let value = schedule.fields.value(of: "end")
    else { return }
    session.report(.emptyWindow(schedule.name.text, at: value.range))
  }
}

extension ExpressionSyntax {
  /// Those of a record that is written out; nil for all else.
  fileprivate var recordFields: [ExpressionSyntax.Field]? {
    switch kind {
    case .record(let fields): fields
    case .emptyBraces: []
    default: nil
    }
  }
}

extension Diagnostic {
  fileprivate static func parametersMissing(_ names: [String], _ what: String, at range: SourceRange) -> Diagnostic {
    let list = names.map { "`\($0)`" }.joined(separator: ", ")
    return Diagnostic(
      .launchInputMissing, "\(what) does not give \(list), without which the workflow cannot start", at: range,
      help: "write `params: { \(names.map { "\($0): …" }.joined(separator: ", ")) }`, or give "
        + (names.count == 1 ? "it a default" : "them defaults"))
  }

  fileprivate static func emptyWindow(_ name: String, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      .emptyWindow, "`\(name)` ends before it starts, so it never fires", at: range,
      help: "`start` is the first moment at which it may fire, `end` the last")
  }
}
