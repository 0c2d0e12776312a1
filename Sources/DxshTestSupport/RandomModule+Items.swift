/// Random items of workflows and tests.
extension RandomModule {
  mutating func items(_ depth: Int) {
    let count = number(0...3)
    for _ in 0..<count { item(depth) }
  }

  private mutating func item(_ depth: Int) {
    switch number(0...(depth > 0 ? 12 : 5)) {
    case 0:
      start("let")
      emit(newName())
      if chance(30) {
        emit(":", .tight)
        type(2)
      }
      emit("=", .free)
      expression(4)
    case 1, 2: step()
    case 3: wait()
    case 4:
      emitLine(pick(["output", "assert"]))
      let isAssertion = lastText == "assert"
      expression(3)
      if isAssertion {
        emit(",", .tight)
        emit(pick(["\"why\"", "\"not ${x}\""]), .free)
      }
    case 5:
      emitLine("fail")
      if chance(40) {
        emit("gone")
        emit(",", .tight)
      }
      emit("\"a message of some length\"", .space)
    case 6: approval()
    case 7: choice(depth)
    case 8: selection(depth)
    case 9: loop(depth)
    case 10: iteration(depth)
    case 11:
      emitLine("sequence")
      block { $0.items(depth - 1) }
    default:
      emitLine("try")
      block { $0.items(depth - 1) }
      emit("catch", .free)
      emit("problem")
      block { $0.items(depth - 1) }
    }
  }

  private mutating func step() {
    start("step")
    emit(newName())
    emit("=", .free)
    call(["http.get", "debug.echo", "a.b.c"], gap: .free)
    clauses([0, 1, 2, 3, 5])
  }

  private mutating func wait() {
    start("wait")
    emit(newName())
    emit("=", .free)
    if chance(40) {
      emit("any")
      let count = number(0...3)
      lines(count) { module, _, gap in
        module.emit(module.newName(), gap)
        module.emit(":", .tight)
        module.call(["signal", "delay"])
        if module.chance(40) {
          module.emit("as", .free)
          module.type(1)
        }
      }
    } else {
      call(["delay", "signal", "until"], gap: .free)
    }
    clauses([0, 1, 3, 5])
  }

  /// Clauses by number, in any order.
  private mutating func clauses(_ kinds: [Int]) {
    for kind in kinds.shuffled(using: &random) where chance(30) {
      switch kind {
      case 0:
        emit("as", .free)
        type(2)
      case 1: names("after", ["a", "b.c"])
      case 2: names("requires", ["gate", "qa"])
      case 3: policies()
      case 4: names("collect", ["failures"], most: 1)
      default: names("was", ["old"], most: 1)
      }
    }
  }

  private mutating func approval() {
    start("approval")
    emit(newName())
    clauses([1, 5])
    fields(hasForm: true)
  }

  private mutating func choice(_ depth: Int, isChained: Bool = false) {
    if isChained { emit("if") } else { emitLine("if") }
    header()
    block { $0.items(depth - 1) }
    guard chance(50) else { return }
    emit("else", .free)
    if depth > 1, chance(40) { choice(depth - 1, isChained: true) } else { block { $0.items(depth - 1) } }
  }

  /// An expression before a block, which does not begin with a brace.
  private mutating func header() {
    emit(name())
    guard chance(50) else { return }
    emit(pick(["&&", "==", "+"]), .free)
    bracketed("(", ")", gap: .free) { $0.expression(2) }
  }

  private mutating func selection(_ depth: Int) {
    emitLine("match")
    header()
    block { module in
      let count = module.number(0...3)
      for _ in 0..<count {
        module.emitLine(module.pick(["pro", "_", "-1", "Tier.free", "'a'"]))
        if module.chance(30) {
          module.emit("|", .space)
          module.patterns()
        }
        module.emit("=>", .free)
        module.block { $0.items(depth - 1) }
        if module.chance(20) { module.emit(",", .tight) }
      }
    }
  }

  private mutating func loop(_ depth: Int) {
    emitLine("for")
    if chance(30) {
      emit("i")
      emit(",", .tight)
    }
    emit("v")
    emit("in", .free)
    header()
    clauses([1, 3, 4, 5])
    block { $0.items(depth - 1) }
  }

  private mutating func iteration(_ depth: Int) {
    start("repeat")
    emit(newName())
    if chance(30) {
      emit(":", .tight)
      type(2)
    }
    emit("=", .free)
    header()
    clauses([1, 3, 5])
    block { module in
      module.items(depth - 1)
      module.emitLine("next")
      module.expression(2)
      if module.chance(50) {
        module.emit("while", .free)
        module.expression(2)
      }
    }
  }

  // MARK: Tests

  mutating func test() {
    start("test")
    emit(pick(["\"what holds\"", "'it is \"so\"'"]))
    block { module in
      let count = module.number(0...5)
      for _ in 0..<count { module.testItem() }
    }
  }

  private mutating func testItem() {
    switch number(0...7) {
    case 0, 1:
      emitLine(pick(["mock", "send", "decide"]))
      let isMock = lastText == "mock"
      emit(pick(["http.get", "signal"]))
      if chance(50) { arguments(1) }
      if isMock, chance(30) {
        emit("throws", .free)
        emit("timeout", .space)
      } else {
        emit("->", .free)
        expression(2)
      }
      time()
    case 2:
      emitLine("clock")
      expression(1)
    case 3:
      emitLine("fire")
      emit("nightly")
      time()
    case 4:
      emitLine("crash")
      emit(pick(["before", "after"]))
      emit("a.b")
      time()
    case 5:
      emitLine("run")
      emit(newName())
      emit("=", .free)
      call(["report"], gap: .free)
    default:
      emitLine("expect")
      expression(3)
    }
  }

  private mutating func time() {
    guard chance(40) else { return }
    emit("at")
    emit(pick(["5m", "2h"]))
  }
}
