/// Expressions: a list that begins with a word, then what the word needs, then the parts:
///
///     ["const", C]   ["ref", depth, slot]   ["local", n]   ["call", "add_int64", e, e]
///     ["field", "name", slot, e]   ["optional_field", "name", e]   ["index", e, e]   ["optional_index", e, e]
///     ["and", e, e]   ["or", e, e]   ["if", e, e, e]   ["list", e…]   ["map", key, value…]   ["text", e…]
///     ["record", ["a", "b"], e, e]   ["as", T, e]   ["try", e]
///     ["macro", "map", local, range, body]   ["macro", "map", local, range, body, condition]
///     ["macro2", "all", local, range, body]   with two variables; … condition, or of `fold` the first value
///     ["dispatch", "name", "member", e…]   ["member", "name", e]   ["has", "name", e]   ["present", e]
///     ["let", local, value, body]   ["attempt", e]   ["fail", "kind", "message"]
extension JSONForm {
  package static func expression(_ expression: Expression) -> Value {
    JSONStream.value { write(expression, to: &$0) }
  }

  /// Appends the form of an expression.
  package static func write(_ expression: Expression, to json: inout JSONStream) {
    json.beginList()
    switch expression {
    case .constant(let constant):
      json.word("const")
      write(constant.value, to: &json)
    case .binding(let depth, let slot):
      json.word("ref")
      json.number(depth)
      json.number(slot)
    case .local(let number):
      json.word("local")
      json.number(number)
    case .field(let operand, let name, let slot):
      json.word("field")
      json.text(name)
      json.number(slot)
      write(operand, to: &json)
    case .optionalField(let operand, let name): write("optional_field", named: name, [operand], to: &json)
    case .index(let operand, let index): write("index", [operand, index], to: &json)
    case .optionalIndex(let operand, let index): write("optional_index", [operand, index], to: &json)
    case .call(let function, let arguments): write("call", named: function.id, arguments, to: &json)
    case .and(let left, let right): write("and", [left, right], to: &json)
    case .or(let left, let right): write("or", [left, right], to: &json)
    case .conditional(let condition, let yes, let no): write("if", [condition, yes, no], to: &json)
    case .list(let elements): write("list", elements, to: &json)
    case .record(let names, let fields):
      json.word("record")
      json.beginList()
      for name in names { json.text(name) }
      json.endList()
      for field in fields { write(field, to: &json) }
    case .map(let entries): write("map", entries, to: &json)
    case .comprehension(let macro):
      json.word(macro.variables == 2 ? "macro2" : "macro")
      json.text(macro.kind.rawValue)
      json.number(macro.local)
      write(macro.range, to: &json)
      write(macro.body, to: &json)
      if let extra = macro.condition ?? macro.initial { write(extra, to: &json) }
    case .interpolation(let pieces): write("text", pieces, to: &json)
    case .conform(let operand, let type):
      json.word("as")
      write(type, to: &json)
      write(operand, to: &json)
    case .attempt(let operand): write("try", [operand], to: &json)
    case .outcome(let operand): write("attempt", [operand], to: &json)
    case .ifPresent(let operand): write("present", [operand], to: &json)
    case .member(let operand, let name): write("member", named: name, [operand], to: &json)
    case .presence(let operand, let name): write("has", named: name, [operand], to: &json)
    case .dispatch(let name, let style, let arguments):
      json.word("dispatch")
      json.text(name)
      json.word(style == .member ? "member" : "global")
      for argument in arguments { write(argument, to: &json) }
    case .letting(let local, let value, in: let body):
      json.word("let")
      json.number(local)
      write(value, to: &json)
      write(body, to: &json)
    case .failure(let failure):
      json.word("fail")
      json.text(failure.kind.rawValue)
      json.text(failure.message)
    }
    json.endList()
  }

  private static func write(
    _ word: StaticString, named name: String? = nil, _ parts: [Expression], to json: inout JSONStream
  ) {
    json.word(word)
    if let name { json.text(name) }
    for part in parts { write(part, to: &json) }
  }

  /// The expression of a form that `expression(_: Expression)` gave. Refuses unknown functions and macros, wrong
  /// numbers of parts and nesting beyond `Expression.depthLimit`. Iterative, since expressions nest deep.
  package static func expression(_ form: Value) throws(JSONFormError) -> Expression {
    var open: [OpenExpression] = []
    do throws(JSONFormError) {
      open.append(try OpenExpression(form))
      while true {
        let last = open.count - 1
        if let part = open[last].nextPart {
          guard open.count < Expression.depthLimit else {
            throw JSONFormError("the expression nests more than \(Expression.depthLimit) deep")
          }
          open.append(try OpenExpression(part))
        } else {
          let whole = try open[last].closed()
          guard last > 0 else { return whole }
          open.removeLast()
          open[last - 1].parts.append(whole)
        }
      }
    } catch {
      // The innermost has said where in it the mistake is; where it could not be opened, it is not among the open.
      throw open.reversed().reduce(error) { error, expression in
        expression.nextPart == nil ? error : error.within(.index(expression.nextIndex))
      }
    }
  }
}

/// The form of an expression some of whose parts have been read.
private struct OpenExpression {
  /// The parts that have been read.
  var parts: [Expression] = []
  private let list: [Value]
  private let tag: ExpressionTag

  init(_ form: Value) throws(JSONFormError) {
    guard case .list(let list) = form, case .string(let word)? = list.first, let tag = ExpressionTag(word) else {
      throw JSONFormError(expected: "an expression", found: form)
    }
    guard tag.sizes.contains(list.count) else {
      throw JSONFormError("\"\(tag.rawValue)\" cannot have \(list.count - 1) parts")
    }
    self.list = list
    self.tag = tag
    parts.reserveCapacity(list.count - tag.firstPart)
  }

  /// Where the part stands that is to be read next.
  var nextIndex: Int { tag.firstPart + parts.count }

  /// Nil when all have been read.
  var nextPart: Value? { nextIndex < list.count ? list[nextIndex] : nil }

  /// The expression over its parts, which have all been read.
  func closed() throws(JSONFormError) -> Expression {
    switch tag {
    case .constant: .constant(Constant(try operand(1, JSONForm.value)))
    case .binding: .binding(depth: try number(1), slot: try number(2))
    case .local: .local(try number(1))
    case .field: .field(parts[0], try name(), slot: try number(2))
    case .optionalField: .optionalField(parts[0], try name())
    case .index: .index(parts[0], parts[1])
    case .optionalIndex: .optionalIndex(parts[0], parts[1])
    case .call: .call(try operand(1, Self.function), parts)
    case .and: .and(parts[0], parts[1])
    case .or: .or(parts[0], parts[1])
    case .conditional: .conditional(parts[0], parts[1], parts[2])
    case .list: .list(parts)
    case .record: .record(try operand(1, Self.names), parts)
    case .map: .map(parts)
    case .macro, .macro2: .comprehension(try macro())
    case .interpolation: .interpolation(parts)
    case .conform: .conform(parts[0], try operand(1, JSONForm.type))
    case .attempt: .attempt(parts[0])
    case .outcome: .outcome(parts[0])
    case .ifPresent: .ifPresent(parts[0])
    case .member: .member(parts[0], try name())
    case .presence: .presence(parts[0], try name())
    case .dispatch: .dispatch(try name(), try operand(2, Self.style), parts)
    case .letting: .letting(try number(1), parts[0], in: parts[1])
    case .failure: .failure(EvaluationError(try operand(1, Self.kind), try operand(2, Self.sentence)))
    }
  }

  private func operand<Operand>(
    _ index: Int, _ read: (Value) throws(JSONFormError) -> Operand
  ) throws(JSONFormError) -> Operand {
    try JSONForm.element(list[...], index, read)
  }

  private func macro() throws(JSONFormError) -> Comprehension {
    let kind = try operand(1, Self.macro)
    let variables = tag == .macro2 ? 2 : 1
    guard kind.variables.contains(variables), kind != .fold || parts.count == 3 else {
      throw JSONFormError("`\(kind.rawValue)` cannot have \(variables) variables")
    }
    let extra = parts.count > 2 ? parts[2] : nil
    return Comprehension(
      kind, range: parts[0], local: try number(2), variables: variables, initial: kind == .fold ? extra : nil,
      condition: kind == .fold ? nil : extra, body: parts[1])
  }

  private static func style(_ form: Value) throws(JSONFormError) -> Overload.Style {
    try JSONForm.text(form, "global or member") == "member" ? .member : .global
  }

  private static func kind(_ form: Value) throws(JSONFormError) -> EvaluationError.Kind {
    guard let kind = EvaluationError.Kind(rawValue: try JSONForm.text(form, "a kind of failure")) else {
      throw JSONFormError(expected: "a kind of failure", found: form)
    }
    return kind
  }

  private static func sentence(_ form: Value) throws(JSONFormError) -> String {
    try JSONForm.text(form, "a sentence")
  }

  private func number(_ index: Int) throws(JSONFormError) -> Int {
    try operand(index) { form throws(JSONFormError) in try JSONForm.number(form, "a number") }
  }

  private func name() throws(JSONFormError) -> String {
    try operand(1) { form throws(JSONFormError) in try JSONForm.text(form, "a name") }
  }

  private static func function(_ form: Value) throws(JSONFormError) -> Function {
    let id = try JSONForm.text(form, "the identity of a function")
    guard let function = FunctionLibrary.function(withID: id) else {
      throw JSONFormError("there is no function \"\(id)\"")
    }
    return function
  }

  private static func names(_ form: Value) throws(JSONFormError) -> [String] {
    try JSONForm.elements(form, "a list of names") { form throws(JSONFormError) in
      try JSONForm.text(form, "the name of a field")
    }
  }

  private static func macro(_ form: Value) throws(JSONFormError) -> Comprehension.Kind {
    guard let kind = Comprehension.Kind(rawValue: try JSONForm.text(form, "a macro")) else {
      throw JSONFormError(expected: "a macro", found: form)
    }
    return kind
  }
}

/// The words that forms of expressions begin with.
private enum ExpressionTag: String, CaseIterable {
  case constant = "const"
  case binding = "ref"
  case local, field, index, call, and, or, list, record, map, macro, macro2
  case optionalField = "optional_field"
  case optionalIndex = "optional_index"
  case conditional = "if"
  case interpolation = "text"
  case conform = "as"
  case attempt = "try"
  case outcome = "attempt"
  case ifPresent = "present"
  case member, dispatch
  case presence = "has"
  case letting = "let"
  case failure = "fail"

  private static let tags: [Text: ExpressionTag] = Dictionary(
    uniqueKeysWithValues: allCases.map { (Text($0.rawValue), $0) })

  init?(_ word: Text) {
    guard let tag = Self.tags[word] else { return nil }
    self = tag
  }

  /// How many elements the list may have, the word included.
  var sizes: ClosedRange<Int> {
    switch self {
    case .constant, .local, .attempt, .outcome, .ifPresent: 2...2
    case .binding, .optionalField, .index, .optionalIndex, .and, .or, .conform, .member, .presence, .failure:
      3...3
    case .field, .conditional, .letting: 4...4
    case .macro, .macro2: 5...6
    case .dispatch: 3...Int.max
    case .call, .record: 2...Int.max
    case .list, .map, .interpolation: 1...Int.max
    }
  }

  /// Where the expressions begin in the list; what is before is particular to the word.
  var firstPart: Int {
    switch self {
    case .index, .optionalIndex, .and, .or, .conditional, .list, .map, .interpolation, .attempt, .outcome, .ifPresent: 1
    case .constant, .local, .optionalField, .call, .record, .conform, .member, .presence, .letting: 2
    case .binding, .field, .macro, .macro2, .dispatch, .failure: 3
    }
  }
}
