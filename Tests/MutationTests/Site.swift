import DxshSyntax

/// A part of a tree at which a mistake can be planted.
struct Site {
  enum Kind {
    case declaration(Declaration)
    /// The item at a place of its block.
    case item(Item, at: Int, in: Block)
    case expression(ExpressionSyntax)
    /// An expression that must be a bool.
    case condition(ExpressionSyntax)
    /// What a `for` goes over.
    case sequence(ExpressionSyntax)
    /// `field` of `e.field`.
    case field(Name, of: ExpressionSyntax, optional: Bool)
    case function(Name)
    case type(TypeSyntax)
    case parameter(Parameter)
    /// The node that a step calls.
    case target(StepItem)
    case policy(Call)
    /// An argument of the call of a node or a function.
    case argument(Argument, of: Callee)
    case pattern(ExpressionSyntax.Pattern)
    /// An arm of a `match` of so many.
    case arm(SourceRange, patterns: [ExpressionSyntax.Pattern], count: Int)
    /// A field of a record literal.
    case recordField(ExpressionSyntax.Field)
    /// The message of a `fail` or an `assert`.
    case message(ExpressionSyntax)
  }

  enum Callee {
    case node(Call)
    case function(String, [Argument])
  }

  var kind: Kind
  var range: SourceRange
}

/// The sites of a tree, each before those inside it. Trees that mean the same have the same sites, in both notations.
struct SiteFinder {
  private(set) var sites: [Site] = []

  static func sites(of module: Module) -> [Site] {
    var finder = SiteFinder()
    // The YAML form keeps declarations of a kind together.
    for kind in 0..<kinds {
      for declaration in module.declarations where order(declaration) == kind { finder.visit(declaration) }
    }
    return finder.sites
  }

  private static let kinds = 4

  private static func order(_ declaration: Declaration) -> Int {
    switch declaration {
    case .workflow: 0
    case .function, .constant, .defaults: 1
    case .type, .node: 2
    case .connection, .importing, .enumeration, .secret, .connectionKind, .test, .unreadable: 3
    }
  }

  private mutating func add(_ kind: Site.Kind, _ range: SourceRange) {
    sites.append(Site(kind: kind, range: range))
  }

  // MARK: - Declarations

  private mutating func visit(_ declaration: Declaration) {
    add(.declaration(declaration), declaration.range)
    switch declaration {
    case .type(let declared): visit(declared.type)
    case .node(let declared):
      declared.parameters.forEach { visit($0) }
      visit(declared.result)
    case .workflow(let declared):
      declared.parameters.forEach { visit($0) }
      if let result = declared.result { visit(result) }
      declared.defaults?.policies.forEach { visit(policy: $0) }
      visit(declared.body)
      if let finally = declared.finally { visit(finally) }
    case .constant(let declared):
      if let type = declared.type { visit(type) }
      visit(declared.value)
    case .function(let declared):
      declared.parameters.forEach { visit($0) }
      visit(declared.result)
      if let body = declared.body { visit(body) }
    case .defaults(let declared): declared.policies.forEach { visit(policy: $0) }
    case .connection, .importing, .enumeration, .secret, .connectionKind, .test, .unreadable: break
    }
  }

  private mutating func visit(_ parameter: Parameter) {
    add(.parameter(parameter), parameter.range)
    visit(parameter.type)
    if let value = parameter.defaultValue { visit(value) }
  }

  private mutating func visit(_ type: TypeSyntax) {
    add(.type(type), type.range)
    switch type.kind {
    case .missing: break
    case .named(_, let arguments): arguments.forEach { visit($0) }
    case .optional(let wrapped): visit(wrapped)
    case .record(let fields): fields.forEach { visit($0.type) }
    }
  }

  // MARK: - Items

  private mutating func visit(_ block: Block) {
    for (place, item) in block.items.enumerated() {
      add(.item(item, at: place, in: block), item.range)
      visit(item)
    }
  }

  private mutating func visit(_ item: Item) {
    switch item {
    case .letBinding(let item):
      if let type = item.type { visit(type) }
      visit(item.value)
    case .step(let item):
      add(.target(item), item.call.range)
      for argument in item.call.arguments { visit(argument, of: .node(item.call)) }
      if let type = item.resultType { visit(type) }
      item.policies.forEach { visit(policy: $0) }
    case .conditional(let item):
      visit(condition: item.condition)
      visit(item.thenBlock)
      if let other = item.elseBlock { visit(other) }
    case .selection(let item):
      visit(item.subject)
      for arm in item.arms {
        visit(arm: arm.range, arm.patterns, count: item.arms.count)
        visit(arm.body)
      }
    case .loop(let item):
      add(.sequence(item.sequence), item.sequence.range)
      visit(item.sequence)
      item.policies.forEach { visit(policy: $0) }
      visit(item.body)
    case .iteration(let item):
      visit(item.initial)
      item.policies.forEach { visit(policy: $0) }
      visit(item.body)
      visit(item.next)
      if let condition = item.condition { visit(condition: condition) }
    case .sequence(let item): visit(item.body)
    case .attempt(let item):
      visit(item.body)
      visit(item.handler)
    case .assertion(let item):
      visit(condition: item.condition)
      add(.message(item.message), item.message.range)
      visit(item.message)
    case .failure(let item):
      add(.message(item.message), item.message.range)
      visit(item.message)
    case .output(let item): visit(item.value)
    case .wait, .approval, .unreadable: break
    }
  }

  private mutating func visit(policy: Call) {
    add(.policy(policy), policy.range)
    for argument in policy.arguments { visit(argument.value) }
  }

  private mutating func visit(condition: ExpressionSyntax) {
    add(.condition(condition), condition.range)
    visit(condition)
  }

  private mutating func visit(_ argument: Argument, of callee: Site.Callee) {
    add(.argument(argument, of: callee), argument.range)
    visit(argument.value)
  }

  private mutating func visit(arm range: SourceRange, _ patterns: [ExpressionSyntax.Pattern], count: Int) {
    add(.arm(range, patterns: patterns, count: count), range)
    for pattern in patterns { add(.pattern(pattern), pattern.range) }
  }

  // MARK: - Expressions

  private mutating func visit(_ expression: ExpressionSyntax) {
    add(.expression(expression), expression.range)
    switch expression.kind {
    case .missing, .literal, .name, .emptyBraces: break
    case .select(let base, let field, let optional):
      visit(base)
      add(.field(field, of: base, optional: optional), field.range)
    case .index(let base, let index, _):
      visit(base)
      visit(index)
    case .call(let name, let arguments):
      add(.function(name), name.range)
      for argument in arguments { visit(argument, of: .function(name.text, arguments)) }
    case .method(let base, let name, let arguments):
      visit(base)
      add(.function(name), name.range)
      for argument in arguments { visit(argument, of: .function(name.text, arguments)) }
    case .unary(_, let operand), .parenthesized(let operand): visit(operand)
    case .binary(_, let left, let right):
      visit(left)
      visit(right)
    case .conditional(let condition, let yes, let no):
      visit(condition: condition)
      visit(yes)
      visit(no)
    case .list(let elements): elements.forEach { visit($0.value) }
    case .record(let fields):
      for field in fields {
        add(.recordField(field), field.name.range.joined(with: field.value.range))
        visit(field.value)
      }
    case .map(let entries):
      for entry in entries {
        visit(entry.key)
        visit(entry.value)
      }
    case .interpolation(let segments):
      for case .expression(let value) in segments { visit(value) }
    case .match(let subject, let arms):
      visit(subject)
      for arm in arms {
        visit(arm: arm.range, arm.patterns, count: arms.count)
        visit(arm.value)
      }
    case .cast(let operand, let type):
      visit(operand)
      visit(type)
    }
  }
}
