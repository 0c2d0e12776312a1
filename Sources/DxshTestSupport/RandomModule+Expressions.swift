/// Random expressions, types and calls.
extension RandomModule {
  /// Anything that can stand as an argument.
  mutating func expression(_ depth: Int) {
    conditional(depth)
    if chance(5) {
      emit("as", .free)
      type(1)
    }
  }

  mutating func conditional(_ depth: Int) {
    operators(depth, 0)
    guard depth > 0, chance(12) else { return }
    emit("?", .free)
    operators(depth - 1, 0)
    emit(":", .free)
    conditional(depth - 1)
  }

  private mutating func operators(_ depth: Int, _ level: Int) {
    let levels = [["||"], ["&&"], ["<", "<=", ">", ">=", "==", "!=", "in"], ["+", "-"], ["*", "/", "%"]]
    if level == levels.count { return unary(depth) }
    operators(depth, level + 1)
    while depth > 0, chance(7) {
      emit(pick(levels[level]), .free)
      brackets += 1
      operators(depth - 1, level + 1)
      brackets -= 1
    }
  }

  private mutating func unary(_ depth: Int) {
    if chance(8) {
      let sign = pick(["-", "!"])
      for _ in 0..<number(1...2) { emit(sign) }
    }
    postfix(depth)
  }

  private mutating func postfix(_ depth: Int) {
    primary(depth)
    while chance(25) {
      switch number(0...3) {
      case 0:
        emit(".", chance(80) ? .tight : .free)
        emit(fieldName(), .tight)
      case 1:
        emit(".?", .tight)
        emit(pick(["note", "for"]), .tight)
      case 2 where depth > 0:
        bracketed(pick(["[", "[?"]), "]") { $0.expression(depth - 1) }
      default:
        emit(".", chance(60) ? .tight : .free)
        emit(pick(["map", "filter", "size"]), .tight)
        arguments(depth - 1)
      }
    }
  }

  private mutating func primary(_ depth: Int) {
    if depth <= 0 || chance(35) {
      if chance(50) { emit(pick(["", "", "", "."]) + name()) } else { literal() }
      return
    }
    switch number(0...7) {
    case 0:
      emit(pick(["usd", "money", "f"]))
      arguments(depth - 1)
    case 1: bracketed("(", ")", gap: .space) { $0.expression(depth - 1) }
    case 2:
      bracketed("[", "]", gap: .space) { module in
        let count = module.number(0...4)
        module.commas(count) { module, _ in
          if module.chance(10) { module.emit("?") }
          module.expression(depth - 1)
        }
      }
    case 3: record(depth)
    case 4: map(depth)
    case 5: interpolation(depth)
    case 6 where depth > 1: match(depth)
    default: literal()
    }
  }

  private mutating func record(_ depth: Int) {
    bracketed("{", "}", gap: .space) { module in
      let count = module.number(0...4)
      module.commas(count) { module, _ in
        if module.chance(8) { module.emit("?") }
        module.emit(module.fieldName())
        module.emit(":", .tight)
        module.expression(depth - 1)
      }
    }
  }

  private mutating func map(_ depth: Int) {
    bracketed("{", "}", gap: .space) { module in
      let count = module.number(1...3)
      module.commas(count) { module, _ in
        if module.chance(8) { module.emit("?") }
        switch module.number(0...2) {
        case 0: module.emit(module.pick(["\"a\"", "1", "true", "'b'", "2u"]))
        case 1: module.bracketed("(", ")", gap: .space) { $0.expression(1) }
        default:
          module.emit("\"k\"")
          module.emit("+")
          module.emit("1")
        }
        module.emit(":", .space)
        module.expression(depth - 1)
      }
    }
  }

  private mutating func match(_ depth: Int) {
    emit("match")
    emit(name())
    if chance(40) {
      emit("+", .free)
      operators(1, 4)
    }
    bracketed("{", "}", gap: .space) { module in
      let count = module.number(1...3)
      module.commas(count) { module, _ in
        module.patterns()
        module.emit("=>", .free)
        module.expression(depth - 1)
      }
    }
  }

  mutating func patterns() {
    emit(pattern())
    while chance(25) {
      emit("|", .space)
      emit(pattern())
    }
  }

  private mutating func pattern() -> String {
    pick(["_", "pro", "Tier.free", "none", "-1", "- 2", "1.5", "'x'", "\"y\"", "true", "30s", "a.b.c", "5u"])
  }

  private mutating func interpolation(_ depth: Int) {
    let texts = ["", "a ", "é “x”", "\\n", "$", "\\${x} ", "\\\"", " {b} "]
    let isTriple = !isInText && chance(25)
    let quotes = isTriple ? "\"\"\"" : "\""
    emit(quotes + (isTriple ? pick(["", "\n  "]) : "") + pick(texts) + "${", .space)
    let saved = (brackets, isInText)
    (brackets, isInText) = (0, true)
    let count = number(1...2)
    for index in 0..<count {
      if index > 0 { emit("}" + pick(texts) + "${", pick([.tight, .space])) }
      operators(min(depth - 1, 2), 0)
    }
    (brackets, isInText) = saved
    emit("}" + pick(texts) + quotes, .tight)
  }

  private mutating func literal() {
    let plain = [
      "0", "1", "0x1F", "9223372036854775807", "7u", "0xFFu", "1.5", "2e10", "0.1", "1e300", "\"a\"", "''",
      "'it \"is\"'",
      "r\"\\d+\"", "b\"\\xff\\n\"", "\"tab\\t\\u00e9\\\\\"", "\"\\${no}\"", "null", "true", "false", "1h30m", "90m",
      "8d",
      "1w", "250ms", "0s", "64KiB", "2GB", "1000B", "0B", "1024000B", "b'x\\'y'", "\"a much longer text of an author\"",
    ]
    let long = ["\"\"\"\n  several\n  lines\n\"\"\"", "'''it's\n'''", "r'''\\\n'''"]
    emit(!isInText && chance(8) ? pick(long) : pick(plain))
  }

  // MARK: Calls and types

  mutating func arguments(_ depth: Int) {
    bracketed("(", ")") { module in
      let positional = module.number(0...2)
      let named = module.number(0...2)
      module.commas(positional + named) { module, index in
        if index >= positional {
          module.emit(module.fieldName())
          module.emit(":", .tight)
        }
        module.expression(max(depth, 0))
      }
    }
  }

  mutating func call(_ paths: [String], gap: Gap = .space, depth: Int = 2) {
    emit(pick(paths), gap)
    arguments(depth)
  }

  mutating func type(_ depth: Int, inText: Bool = false) {
    switch number(0...5) {
    case 0 where depth > 0:
      emit(pick(["list", "connection"]))
      typeArguments(1, depth)
    case 1 where depth > 0:
      emit("map")
      typeArguments(2, depth)
    case 2 where depth > 0 && !isInText: recordType(depth - 1)
    default: emit(pick(["int", "string", "json", typeName()]))
    }
    if chance(15) { emit("?", .tight) }
  }

  private mutating func typeArguments(_ count: Int, _ depth: Int) {
    emit("<", .tight)
    brackets += 1
    for index in 0..<count {
      if index > 0 { emit(",", .tight) }
      type(depth - 1)
    }
    emit(">", .tight)
    brackets -= 1
  }

  mutating func recordType(_ depth: Int) {
    let count = number(0...3)
    lines(count) { module, _, gap in
      module.documentation(gap)
      module.emit(module.fieldName(), gap)
      module.emit(":", .tight)
      module.type(depth)
      module.refinement()
    }
  }

  mutating func refinement() {
    guard chance(15) else { return }
    emit("where", .free)
    emit("self", .free)
    emit(">", .free)
    emit("0", .free)
  }
}
