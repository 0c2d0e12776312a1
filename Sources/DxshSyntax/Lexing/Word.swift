/// The words that mean something to the parser. Only the reserved ones cannot be names.
package enum Word: String, Sendable, Hashable, CaseIterable {
  /// Any other identifier.
  case none = ""

  // Reserved by CEL.
  case `as`, `break`, const, `continue`, `else`, `for`, function, `if`, `import`, `let`, loop, package, namespace,
    `return`
  case `var`, void, `while`
  case `true`, `false`, null, `in`
  // Reserved by dxsh.
  case match
  case selfWord = "self"
  case error

  // Declarations.
  case type
  case enumeration = "enum"
  case node, workflow, secret, connection, test, defaults
  case `func`
  // Items.
  case step, sequence, assert, fail, output, wait, approval, `try`, `repeat`, next, finally, schedule, on, limits
  // Items of tests.
  case mock, decide, send, clock, fire, crash, run, expect
  // Clauses.
  case after, with, collect, requires, was, effect, `throws`, uses, timeout, `where`, `catch`
  // Words inside items.
  case any, form, at, before
  // Operators of other languages.
  case and, or, not
}

extension Word {
  /// What the parser does with a word.
  struct Roles: OptionSet, Sendable {
    let rawValue: UInt8

    /// No binding, parameter, enum member or option may have this name.
    static let reserved = Roles(rawValue: 1)
    /// It is no field name without backticks.
    static let literal = Roles(rawValue: 2)
    static let declaration = Roles(rawValue: 4)
    static let item = Roles(rawValue: 8)
    /// It stands before or after the items of a workflow.
    static let header = Roles(rawValue: 16)
    static let testItem = Roles(rawValue: 32)
    /// A clause that a name follows.
    static let clause = Roles(rawValue: 64)
  }

  var roles: Roles {
    switch self {
    case .none, .timeout, .where, .catch, .any, .form, .at, .before, .and, .or, .not: []
    case .as, .break, .continue, .else, .function, .loop, .package, .namespace, .return, .var, .void, .while, .selfWord,
      .error:
      .reserved
    case .true, .false, .null, .in: [.reserved, .literal]
    case .const, .import: [.reserved, .declaration]
    case .let, .if, .for, .match: [.reserved, .item]
    case .type, .enumeration, .node, .workflow, .secret, .connection, .func, .test: .declaration
    case .defaults: [.declaration, .header]
    case .step, .sequence, .assert, .fail, .output, .wait, .approval, .try, .repeat, .next: .item
    case .finally, .schedule, .on, .limits: .header
    case .mock, .decide, .send, .clock, .fire, .crash, .run, .expect: .testItem
    case .after, .with, .collect, .requires, .was, .effect, .throws, .uses: .clause
    }
  }

  static let declarations = allCases.filter { $0.roles.contains(.declaration) }
  static let items = allCases.filter { $0.roles.contains(.item) }

  /// Whether CEL has it as a keyword or reserves it (CEL specification, "Syntax").
  var isReservedByCEL: Bool {
    switch self {
    case .as, .break, .const, .continue, .else, .for, .function, .if, .import, .let, .loop, .package, .namespace,
      .return, .var, .void, .while, .true, .false, .null, .in:
      true
    case .none, .match, .selfWord, .error, .type, .enumeration, .node, .workflow, .secret, .connection, .test,
      .defaults, .func, .step, .sequence, .assert, .fail, .output, .wait, .approval, .try, .repeat, .next, .finally,
      .schedule, .on, .limits, .mock, .decide, .send, .clock, .fire, .crash, .run, .expect, .after, .with, .collect,
      .requires, .was, .effect, .throws, .uses, .timeout, .where, .catch, .any, .form, .at, .before, .and, .or, .not:
      false
    }
  }

  package var isReserved: Bool { roles.contains(.reserved) }
  package var isFieldName: Bool { !roles.contains(.literal) }
  var startsItem: Bool { !roles.isDisjoint(with: [.item, .header, .testItem]) }
  var startsDeclaration: Bool { roles.contains(.declaration) }
}
