import DxshSyntax

/// Prints trees as s-expressions, so that a test shows input and expectation and nothing else.
enum TreePrinter {
  /// Without what is unreadable.
  static func text(_ module: Module) -> String {
    module.declarations.map(text).filter { $0 != unreadable }.joined(separator: "\n")
  }

  private static let unreadable = "<unreadable>"

  // MARK: Declarations

  static func text(_ declaration: Declaration) -> String {
    switch declaration {
    case .type(let type):
      node(
        "type", documentation(type.documentation), text(type.name), type.typeParameters.map { "<" + text($0) + ">" },
        text(type.type))
    case .enumeration(let enumeration):
      node("enum", documentation(enumeration.documentation), text(enumeration.name), enumeration.members.map(text))
    case .node(let node):
      text(node)
    case .workflow(let workflow):
      text(workflow)
    case .importing(let item):
      switch item.names {
      case .alias(let name):
        node("import", documentation(item.documentation), item.path.debugDescription, "as", text(name))
      case .listed(let names):
        node("import", documentation(item.documentation), item.path.debugDescription, names.map(text))
      }
    case .defaults(let item): node("defaults", item.policies.map(text))
    case .test(let test):
      node("test", documentation(test.documentation), test.name.debugDescription, test.items.map(text))
    case .unreadable: unreadable
    case .secret(let secret):
      node(
        "secret", documentation(secret.documentation), text(secret.name), secret.type.map(text), text(secret.source))
    case .connection(let connection):
      node(
        "connection", documentation(connection.documentation), text(connection.name), "=", text(connection.call))
    case .connectionKind(let kind):
      node("connection", documentation(kind.documentation), kind.path.text, kind.parameters.map(text))
    case .constant(let constant):
      node(
        "const", documentation(constant.documentation), text(constant.name), constant.type.map(text),
        text(constant.value))
    case .function(let function):
      node(
        "func", documentation(function.documentation), function.path.text,
        function.typeParameters.map { "<" + text($0) + ">" }, function.parameters.map(text),
        "-> " + text(function.result),
        function.errors.isEmpty ? nil : node("throws", function.errors.map(text)),
        function.body.map { "= " + text($0) })
    }
  }

  private static func text(_ workflow: WorkflowDeclaration) -> String {
    node(
      "workflow", documentation(workflow.documentation), text(workflow.name), workflow.parameters.map(text),
      workflow.result.map { "-> " + text($0) }, clause("throws", workflow.errors.map(text)),
      workflow.was.map { node("was", text($0)) }, workflow.schedules.map(text), workflow.triggers.map(text),
      workflow.limits.map { node("limits", $0.fields.map(text)) },
      workflow.defaults.map { node("defaults", $0.policies.map(text)) }, text(workflow.body),
      workflow.finally.map { "finally " + text($0) })
  }

  private static func text(_ schedule: ScheduleDeclaration) -> String {
    node(
      "schedule", documentation(schedule.documentation), text(schedule.name), was(schedule.was),
      schedule.fields.map(text))
  }

  private static func text(_ trigger: TriggerDeclaration) -> String {
    node(
      "on", documentation(trigger.documentation), text(trigger.kind), text(trigger.name),
      trigger.payload.map { node("as", text($0)) }, was(trigger.was), trigger.fields.map(text))
  }

  private static func text(_ field: FieldEntry) -> String { text(field.name) + ": " + text(field.value) }

  private static func was(_ name: Name?) -> String? { name.map { node("was", text($0)) } }

  private static func text(_ member: EnumDeclaration.Member) -> String {
    let name = text(member.name) + (member.wireName.map { "=\($0.debugDescription)" } ?? "")
    return (documentation(member.documentation).map { $0 + " " } ?? "") + name
  }

  private static func text(_ declaration: NodeDeclaration) -> String {
    let parameters = declaration.typeParameters.map { "<" + text($0) + ">" }
    return node(
      "node", documentation(declaration.documentation), declaration.path.text, parameters,
      declaration.parameters.map(text), "-> " + text(declaration.result),
      declaration.effect.map { node("effect", text($0)) },
      declaration.errors.isEmpty ? nil : node("throws", declaration.errors.map(text)),
      declaration.uses.map { node("uses", text($0)) }, declaration.timeout.map { node("timeout", text($0)) },
      declaration.program.map { node("=", text($0)) })
  }

  private static func text(_ parameter: Parameter) -> String {
    node(
      "param", documentation(parameter.documentation), text(parameter.name), text(parameter.type),
      parameter.annotations.map { "@" + text($0) }, parameter.defaultValue.map { "= " + text($0) },
      parameter.refinement.map { node("where", text($0)) })
  }

  // MARK: Items

  static func text(_ block: Block) -> String {
    "{" + block.items.map(text).filter { $0 != unreadable }.joined(separator: " ") + "}"
  }

  static func text(_ item: Item) -> String {
    switch item {
    case .letBinding(let item):
      node(
        "let", documentation(item.documentation), text(item.name), item.type.map { ": " + text($0) }, text(item.value))
    case .step(let item):
      node(
        "step", documentation(item.documentation), text(item.name), text(item.call),
        item.resultType.map { node("as", text($0)) }, clause("after", item.after.map(\.text)),
        clause("requires", item.requires.map(text)), clause("with", item.policies.map(text)), was(item.was))
    case .wait(let item): text(item)
    case .approval(let item):
      node(
        "approval", documentation(item.documentation), text(item.name), clause("after", item.after.map(\.text)),
        was(item.was), item.fields.map(text), item.form.map { node("form", $0.map(text)) })
    case .selection(let item): node("match", text(item.subject), item.arms.map(text))
    case .iteration(let item):
      node(
        "repeat", documentation(item.documentation), text(item.name), item.type.map { ": " + text($0) },
        text(item.initial), clause("after", item.after.map(\.text)), clause("with", item.policies.map(text)),
        was(item.was), text(item.body), node("next", text(item.next)),
        item.condition.map { node("while", text($0)) })
    case .attempt(let item): node("try", text(item.body), "catch", text(item.error), text(item.handler))
    case .unreadable: unreadable
    case .conditional(let item):
      node("if", text(item.condition), text(item.thenBlock), item.elseBlock.map { "else " + text($0) })
    case .loop(let item):
      node(
        "for", item.index.map(text), text(item.variable), "in", text(item.sequence),
        clause("after", item.after.map(\.text)), clause("with", item.policies.map(text)),
        item.collect.map { node("collect", text($0)) }, was(item.was), text(item.body))
    case .sequence(let item):
      node("sequence", text(item.body))
    case .assertion(let item):
      node("assert", text(item.condition), text(item.message))
    case .failure(let item):
      node("fail", item.kind.map(text), text(item.message))
    case .output(let item):
      node("output", text(item.value))
    }
  }

  private static func text(_ item: WaitItem) -> String {
    let target =
      switch item.target {
      case .call(let call): text(call)
      case .any(let alternatives):
        node(
          "any",
          alternatives.map {
            text($0.name) + ": " + text($0.call) + ($0.resultType.map { " " + node("as", text($0)) } ?? "")
          })
      }
    return node(
      "wait", documentation(item.documentation), text(item.name), target,
      item.resultType.map { node("as", text($0)) }, clause("after", item.after.map(\.text)),
      clause("with", item.policies.map(text)), was(item.was))
  }

  private static func text(_ arm: MatchItem.Arm) -> String {
    arm.patterns.map(text).joined(separator: " | ") + " => " + text(arm.body)
  }

  // MARK: Tests

  private static func text(_ item: TestItem) -> String {
    switch item {
    case .mock(let item):
      switch item.outcome {
      case .value(let value):
        node("mock", item.path.text, arguments(item.arguments), "-> " + text(value), at(item.at))
      case .error(let name):
        node("mock", item.path.text, arguments(item.arguments), node("throws", text(name)), at(item.at))
      }
    case .decide(let item):
      node("decide", item.path.text, arguments(item.arguments), "-> " + text(item.value), at(item.at))
    case .send(let item):
      node("send", item.path.text, arguments(item.arguments), "-> " + text(item.value), at(item.at))
    case .clock(let value, _): node("clock", text(value))
    case .fire(let item): node("fire", text(item.name), at(item.at))
    case .crash(let item): node("crash", item.isAfter ? "after" : "before", item.path.text, at(item.at))
    case .run(let item): node("run", text(item.name), text(item.call))
    case .expect(let value, _): node("expect", text(value))
    case .unreadable: unreadable
    }
  }

  private static func arguments(_ arguments: [Argument]?) -> String? {
    arguments.map { "(" + $0.map(text).joined(separator: " ") + ")" }
  }

  private static func at(_ value: ExpressionSyntax?) -> String? { value.map { node("at", text($0)) } }

  private static func clause(_ word: String, _ parts: [String]) -> String? {
    parts.isEmpty ? nil : node(word, parts)
  }

  private static func text(_ call: Call) -> String {
    node(call.path.isMissing ? "<missing>" : call.path.text, call.arguments.map(text))
  }

  private static func text(_ argument: Argument) -> String {
    (argument.label.map { text($0) + ": " } ?? "") + text(argument.value)
  }

  // MARK: Types

  static func text(_ type: TypeSyntax) -> String {
    switch type.kind {
    case .missing: "<missing>"
    case .named(let path, let arguments):
      path.text + (arguments.isEmpty ? "" : "<" + arguments.map(text).joined(separator: ", ") + ">")
    case .optional(let wrapped): text(wrapped) + "?"
    case .record(let fields):
      "{"
        + fields.map {
          (documentation($0.documentation).map { $0 + " " } ?? "") + text($0.name) + ": " + text($0.type)
            + ($0.refinement.map { " " + node("where", text($0)) } ?? "")
        }.joined(separator: ", ") + "}"
    }
  }

  // MARK: Expressions

  static func text(_ expression: ExpressionSyntax) -> String {
    switch expression.kind {
    case .missing: "<missing>"
    case .literal(let literal): text(literal)
    case .name(let name): name
    case .select(let base, let field, let optional): node(optional ? ".?" : ".", text(base), text(field))
    case .index(let base, let index, let optional): node(optional ? "[?]" : "[]", text(base), text(index))
    case .call(let name, let arguments): node("call", text(name), arguments.map(text))
    case .method(let base, let name, let arguments): node("method", text(base), text(name), arguments.map(text))
    case .unary(let sign, let operand): node(sign.rawValue, text(operand))
    case .binary(let sign, let left, let right): node(sign.rawValue, text(left), text(right))
    case .conditional(let condition, let then, let other): node("?", text(condition), text(then), text(other))
    case .list(let elements): node("list", elements.map { mark($0.optional) + text($0.value) })
    case .record(let fields): node("record", fields.map { mark($0.optional) + text($0.name) + ": " + text($0.value) })
    case .map(let entries): node("map", entries.map { mark($0.optional) + text($0.key) + ": " + text($0.value) })
    case .emptyBraces: "{}"
    case .interpolation(let segments): node("text", segments.map(text))
    case .cast(let base, let type): node("as", text(base), text(type))
    case .parenthesized(let inner): node("paren", text(inner))
    case .match(let subject, let arms): node("match", text(subject), arms.map(text))
    }
  }

  private static func text(_ arm: ExpressionSyntax.MatchArm) -> String {
    arm.patterns.map(text).joined(separator: " | ") + " => " + text(arm.value)
  }

  private static func text(_ pattern: ExpressionSyntax.Pattern) -> String {
    switch pattern.kind {
    case .anything: "_"
    case .literal(let literal, let negated): (negated ? "-" : "") + text(literal)
    case .member(let path): path.text
    }
  }

  private static func text(_ segment: ExpressionSyntax.Segment) -> String {
    switch segment {
    case .text(let text): text.debugDescription
    case .expression(let expression): text(expression)
    }
  }

  static func text(_ literal: ExpressionSyntax.Literal) -> String {
    switch literal {
    case .null: "null"
    case .bool(let value): String(value)
    case .int(let value): String(value)
    case .uint(let value): "\(value)u"
    case .double(let value): "\(value)"
    case .string(let value): value.debugDescription
    case .bytes(let value): "b" + value.description
    case .duration(let value): "\(value)ms"
    case .size(let value): "\(value)B"
    }
  }

  // MARK: Parts

  private static func text(_ name: Name) -> String { name.isMissing ? "<missing>" : name.text }

  private static func mark(_ optional: Bool) -> String { optional ? "?" : "" }

  private static func documentation(_ text: String?) -> String? { text.map { "///\($0.debugDescription)" } }

  private static func node(_ head: String, _ parts: Any?...) -> String {
    var words = [head]
    for part in parts {
      if let word = part as? String { words.append(word) }
      if let several = part as? [String] { words += several }
    }
    return "(" + words.joined(separator: " ") + ")"
  }
}
