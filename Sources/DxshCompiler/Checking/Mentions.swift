import DxshExpressions
import DxshSyntax

/// Collects the names that a piece of syntax mentions and does not bind itself.
struct Mentions {
  /// In the order of the text, as often as they are mentioned.
  private(set) var all: [String] = []
  private var hidden: [String] = []

  var names: Set<String> { Set(all) }

  mutating func removeAll() { all.removeAll(keepingCapacity: true) }

  mutating func add(_ names: some Sequence<String>) { all += names }

  static func of(_ expressions: ExpressionSyntax?...) -> Set<String> {
    var mentions = Mentions()
    for case let expression? in expressions {
      mentions.visit(expression)
    }
    return mentions.names
  }

  mutating func visit(_ expression: ExpressionSyntax) {
    switch expression.kind {
    case .missing, .literal, .emptyBraces: break
    case .name(let name): if !hidden.contains(name) { all.append(name) }
    case .select(let base, _, _): visit(base)
    case .index(let base, let index, _):
      visit(base)
      visit(index)
    case .call(_, let arguments): visit(all: arguments)
    case .method(let base, let name, let arguments): visit(base, name.text, arguments)
    case .unary(_, let operand): visit(operand)
    case .binary(_, let left, let right):
      visit(left)
      visit(right)
    case .conditional(let condition, let yes, let no):
      visit(condition)
      visit(yes)
      visit(no)
    case .list(let elements): for number in elements.indices { visit(elements[number].value) }
    case .record(let fields): fields.forEach { visit($0.value) }
    case .map(let entries):
      for entry in entries {
        visit(entry.key)
        visit(entry.value)
      }
    case .interpolation(let segments):
      for case .expression(let expression) in segments { visit(expression) }
    case .cast(let operand, _): visit(operand)
    case .parenthesized(let inner): visit(inner)
    case .match(let subject, let arms):
      visit(subject)
      arms.forEach { visit($0.value) }
    }
  }

  mutating func visit(_ call: Call) { visit(all: call.arguments) }

  /// By number, since an element that a loop binds is copied.
  private mutating func visit(all arguments: [Argument]) {
    for number in arguments.indices { visit(arguments[number].value) }
  }

  mutating func visit(_ item: StepItem) {
    visit(all: item.call.arguments)
    visit(item.policies)
    for path in item.after { all.append(path.first.text) }
    for gate in item.requires { all.append(gate.text) }
  }

  mutating func visit(_ item: ApprovalItem) {
    for field in item.fields { visit(field.value) }
    for path in item.after { all.append(path.first.text) }
  }

  mutating func visit(_ item: WaitItem) {
    item.calls.forEach { visit($0) }
    visit(item.policies)
    for path in item.after { all.append(path.first.text) }
  }

  /// Policies: option words and kinds of error are no names of the workflow.
  mutating func visit(_ policies: [Call]) {
    for number in policies.indices {
      switch policies[number].path.text {
      case "on_error", "assume": break
      case "compensate":
        for argument in policies[number].arguments { visit(compensation: argument.value) }
      case "on_interrupt":
        for argument in policies[number].arguments { visit(interruption: argument.value) }
      default: visit(policy: policies[number].arguments)
      }
    }
  }

  /// Of `retry`, where kinds of errors are no names, and `error` is what the attempt failed with; of `poll`, where
  /// `self` is what the step gave.
  private mutating func visit(policy arguments: [Argument]) {
    for number in arguments.indices {
      switch arguments[number].label?.text {
      case "only": break
      case "unless": visit(arguments[number].value, hiding: "error")
      case "until": visit(arguments[number].value, hiding: "self")
      default: visit(arguments[number].value)
      }
    }
  }

  private mutating func visit(_ expression: ExpressionSyntax, hiding name: String) {
    hidden.append(name)
    visit(expression)
    hidden.removeLast()
  }

  /// What is done is an option word; the node of `verify` is no name of the workflow.
  private mutating func visit(interruption: ExpressionSyntax) {
    guard case .call(_, let arguments) = interruption.kind else { return }
    for argument in arguments {
      if let call = Call(calling: argument.value) { visit(call) } else { visit(argument.value) }
    }
  }

  /// The node is no name of the workflow; `self` is what the step itself gives.
  private mutating func visit(compensation: ExpressionSyntax) {
    guard let call = Call(calling: compensation) else { return visit(compensation) }
    hidden.append("self")
    visit(call)
    hidden.removeLast()
  }

  /// A macro's first arguments are its variables, unknown to the outside.
  private mutating func visit(_ base: ExpressionSyntax, _ name: String, _ arguments: [Argument]) {
    visit(base)
    guard let macro = Macro(name, arguments.count) else { return arguments.forEach { visit($0.value) } }
    // What `fold` starts with stands outside.
    if macro.kind == .fold { visit(arguments[2].value) }
    let variables = arguments.prefix(macro.variables).compactMap { argument in
      if case .name(let name) = argument.value.kind { name } else { nil }
    }
    hidden += variables
    arguments.dropFirst(macro.kind == .fold ? 3 : macro.variables).forEach { visit($0.value) }
    hidden.removeLast(variables.count)
  }

  /// A loop's body mentions what it does not bind.
  mutating func visit(_ item: ForItem) {
    visit(item.sequence)
    visit(item.policies)
    all += item.after.map { $0.first.text }
    let own = Set(item.body.boundNames.map(\.text) + [item.variable.text, item.index?.text].compactMap { $0 })
    var body = Mentions()
    body.visit(item.body)
    all += body.all.filter { !own.contains($0) }
  }

  /// So do the bodies of `repeat` and `try`.
  mutating func visit(_ item: RepeatItem) {
    visit(item.initial)
    visit(item.policies)
    all += item.after.map { $0.first.text }
    var body = Mentions()
    body.visit(item.body)
    body.visit(item.next)
    if let condition = item.condition { body.visit(condition) }
    let own = Set(item.body.boundNames.map(\.text) + [item.name.text])
    all += body.all.filter { !own.contains($0) }
  }

  mutating func visit(_ item: TryItem) {
    var inside = Mentions()
    inside.visit(item.body)
    inside.visit(item.handler)
    let own = Set((item.body.boundNames + item.handler.boundNames + [item.error]).map(\.text))
    all += inside.all.filter { !own.contains($0) }
  }

  mutating func visit(_ block: Block) {
    for item in block.items {
      switch item {
      case .letBinding(let item): visit(item.value)
      case .step(let item): visit(item)
      case .conditional(let item):
        visit(item.condition)
        visit(item.thenBlock)
        if let other = item.elseBlock { visit(other) }
      case .loop(let item): visit(item)
      case .sequence(let item): visit(item.body)
      case .assertion(let item):
        visit(item.condition)
        visit(item.message)
      case .failure(let item): visit(item.message)
      case .output(let item): visit(item.value)
      case .selection(let item):
        visit(item.subject)
        item.arms.forEach { visit($0.body) }
      case .iteration(let item): visit(item)
      case .attempt(let item): visit(item)
      case .approval(let item): visit(item)
      case .wait(let item): visit(item)
      case .unreadable: break
      }
    }
  }
}

extension WaitItem {
  /// What is waited for.
  var calls: [Call] {
    switch target {
    case .call(let call): [call]
    case .any(let alternatives): alternatives.map(\.call)
    }
  }
}

extension Block {
  /// Visits its steps, also those inside other items, in the order of the text.
  func forEachStep(_ visit: (StepItem) -> Void) {
    for item in items {
      if case .step(let step) = item {
        visit(step)
      } else {
        for block in item.blocks { block.forEachStep(visit) }
      }
    }
  }

  /// Whether an item, also one inside others, could not be read.
  var hasUnreadable: Bool {
    items.contains { item in
      if case .unreadable = item { return true }
      return item.blocks.contains(where: \.hasUnreadable)
    }
  }

  /// The names that the items bind, with those of branches and loops inside, in the order of the text.
  var boundNames: [Name] {
    var names: [Name] = []
    for item in items {
      switch item {
      case .letBinding(let item): names.append(item.name)
      case .step(let item): names.append(item.name)
      case .conditional(let item): names += item.thenBlock.boundNames + (item.elseBlock?.boundNames ?? [])
      case .loop(let item): names += item.body.boundNames + (item.collect.map { [$0] } ?? [])
      case .sequence(let item): names += item.body.boundNames
      case .wait(let item): names.append(item.name)
      case .approval(let item): names.append(item.name)
      case .iteration(let item): names += [item.name] + item.body.boundNames
      case .selection(let item): names += item.arms.flatMap(\.body.boundNames)
      case .attempt(let item): names += item.body.boundNames + item.handler.boundNames
      case .assertion, .failure, .output, .unreadable: break
      }
    }
    return names.filter { !$0.isMissing }
  }
}
