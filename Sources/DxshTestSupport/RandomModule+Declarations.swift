/// Random declarations.
extension RandomModule {
  mutating func declaration() {
    switch number(0...13) {
    case 0: importing()
    case 1:
      start("type")
      emit(pick(["Order", "Pair"]))
      typeParameters()
      emit("=", .free)
      if chance(60) { recordType(2) } else { type(2) }
    case 2: enumeration()
    case 3:
      start("const")
      annotated()
      expression(3)
    case 4:
      start("secret")
      annotated()
      call(["env", "vault"], gap: .free)
    case 5: connection()
    case 6: function()
    case 7: node()
    case 8:
      emitLine("defaults")
      policies()
    case 9: test()
    default: workflow()
    }
  }

  /// The first word of something that can be documented.
  mutating func start(_ word: String) {
    documentation(.line)
    emitLine(word)
  }

  private mutating func annotated() {
    emit(newName())
    if chance(50) {
      emit(":", .tight)
      type(2)
    }
    emit("=", .free)
  }

  private mutating func importing() {
    emitLine("import")
    emit(pick(["\"./a.dxsh\"", "'./b.dxsh'"]))
    if chance(50) {
      emit("as", .free)
      return emit(newName(), .free)
    }
    let count = number(1...3)
    bracketed("{", "}", gap: .space) { $0.commas(count) { module, _ in module.emit(module.newName()) } }
  }

  private mutating func enumeration() {
    start("enum")
    emit("Tier")
    let count = number(0...4)
    lines(count) { module, _, gap in
      module.documentation(gap)
      module.emit(module.pick(["free", "pro", "step", "in_progress"]), gap)
      if module.chance(30) {
        module.emit("=", .space)
        module.emit(module.pick(["\"a-b\"", "'c'"]), .space)
      }
    }
  }

  private mutating func connection() {
    start("connection")
    if chance(40) {
      emit(pick(["sqlite", "a.b"]))
      return parameters()
    }
    emit(newName())
    emit("=", .free)
    call(["postgres", "sqlite"], gap: .free)
  }

  private mutating func function() {
    start("func")
    emit(pick(["gross", "math.floor"]))
    typeParameters()
    let isNative = chance(30)
    parameters(receiver: isNative && chance(50))
    emit("->", .free)
    type(2)
    if chance(25) { names("throws", ["decode", "timeout"]) }
    if isNative { return }
    emit("=", .free)
    expression(3)
  }

  private mutating func node() {
    start("node")
    emit(pick(["http.get", "score"]))
    typeParameters()
    parameters()
    emit("->", .free)
    type(2)
    for clause in [0, 1, 2, 3, 4].shuffled(using: &random) where chance(50) {
      switch clause {
      case 0: names("effect", ["read", "once"], most: 1)
      case 1: names("throws", ["decode", "timeout"])
      case 2:
        emit("uses", .free)
        call(["slots"], gap: .free)
      case 3:
        emit("timeout", .free)
        bracketed("(", ")") { $0.expression(1) }
      default:
        emit("=", .free)
        call(["exec"], gap: .free)
      }
    }
  }

  mutating func parameters(receiver: Bool = false) {
    let count = number(receiver ? 1...3 : 0...3)
    bracketed("(", ")") { module in
      module.commas(count) { module, index in
        if receiver, index == 0 {
          module.emit("self")
        } else {
          module.emit(module.pick(["`in`", "a", "b", "day_of_year"]))
        }
        module.emit(":", .tight)
        module.parameterType()
      }
    }
  }

  private mutating func parameterType() {
    type(2)
    while chance(10) {
      emit("@sink", .free)
      if chance(60) { arguments(0) }
    }
    if chance(30) {
      emit("=", .free)
      expression(2)
    }
    refinement()
  }

  private mutating func typeParameters() {
    guard chance(25) else { return }
    emit("<", .tight)
    emit("A", .tight)
    if chance(40) {
      emit(",", .tight)
      emit("B", .space)
    }
    emit(">", .tight)
  }

  /// A clause of words.
  mutating func names(_ word: String, _ choices: [String], most: Int = 3) {
    emit(word, .free)
    let count = number(1...most)
    for index in 0..<count {
      if index > 0 { emit(",", .tight) }
      emit(pick(choices), .free)
    }
  }

  /// `with p(…), q(…)`
  mutating func policies() {
    emit("with", .free)
    let count = number(1...3)
    for index in 0..<count {
      if index > 0 { emit(",", .tight) }
      call(["timeout", "retry", "compensate", "on_error"], gap: .free, depth: 1)
    }
  }

  // MARK: Workflows

  private mutating func workflow() {
    start("workflow")
    emit(newName())
    parameters()
    if chance(60) {
      emit("->", .free)
      type(2)
    }
    if chance(20) { names("throws", ["too_risky", "gone"]) }
    if chance(20) { names("was", ["old"], most: 1) }
    block { module in
      for part in [0, 1, 2, 3].shuffled(using: &module.random) where module.chance(25) { module.headerPart(part) }
      module.items(3)
      if module.chance(20) {
        module.emitLine("finally")
        module.block { $0.items(1) }
      }
    }
  }

  private mutating func headerPart(_ part: Int) {
    switch part {
    case 0:
      start("schedule")
      emit(newName())
      if chance(30) { names("was", ["old"], most: 1) }
      fields()
    case 1:
      start("on")
      emit(pick(["webhook", "file"]))
      emit(newName())
      for clause in [0, 1].shuffled(using: &random) where chance(40) {
        if clause == 0 {
          emit("as", .free)
          type(1)
        } else {
          names("was", ["old"], most: 1)
        }
      }
      fields()
    case 2:
      emitLine("limits")
      fields()
    default:
      emitLine("defaults")
      policies()
    }
  }

  /// `{ name: e … }`
  mutating func fields(hasForm: Bool = false) {
    let count = number(0...3)
    let form = hasForm && chance(60) ? number(0...count) : -1
    lines(form >= 0 ? count + 1 : count) { module, index, gap in
      if index == form { return module.form(gap) }
      module.emit(module.pick(["cron", "timeout", "with", "title", "`in`"]), gap)
      module.emit(":", .tight)
      module.expression(2)
    }
  }

  private mutating func form(_ gap: Gap) {
    emit("form", gap)
    let count = number(0...2)
    lines(count) { module, _, gap in
      module.documentation(gap)
      module.emit(module.pick(["comment", "discount"]), gap)
      module.emit(":", .tight)
      module.parameterType()
    }
  }
}
