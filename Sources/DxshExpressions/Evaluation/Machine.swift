/// Carries out a program: its registers, where it is, and what it may still cost.
///
/// The pointers are to memory that outlives the machine: `Program.evaluate` holds it. The builder gives only registers,
/// constants and jumps that exist, so none is checked here.
struct Machine {
  let program: Program
  let code: UnsafePointer<Instruction>
  let constants: UnsafePointer<Value>?
  let registers: UnsafeMutablePointer<Value>
  let frame: Frame
  var meter: Meter
  /// The failures that are kept; empty while there was none.
  var kept: [EvaluationError?] = []

  init(
    _ program: Program, _ code: UnsafeBufferPointer<Instruction>, _ constants: UnsafeBufferPointer<Value>,
    _ room: UnsafeMutableBufferPointer<Value>, _ frame: Frame, _ meter: Meter
  ) {
    guard let start = code.baseAddress, let registers = room.baseAddress else {
      preconditionFailure("a program has code and registers")
    }
    self.program = program
    self.code = start
    self.constants = constants.baseAddress
    self.registers = registers
    self.frame = frame
    self.meter = meter
  }

  mutating func run() throws(EvaluationError) -> Value {
    var position = 0
    while true {
      do throws(EvaluationError) {
        return try execute(&position)
      } catch {
        position = try handler(of: error, at: position - 1)
      }
    }
  }

  /// Where the failure of an instruction goes on; throws it where nothing catches it. Limits are never caught.
  private mutating func handler(
    of error: EvaluationError, at position: Int
  ) throws(EvaluationError) -> Int {
    guard error.kind != .limit,
      let region = program.parts.regions.first(where: { $0.start <= position && position < $0.end })
    else { throw error }
    try meter.charge(50)
    if region.place >= 0 {
      if kept.isEmpty { kept = [EvaluationError?](repeating: nil, count: program.parts.places) }
      kept[region.place] = error
    }
    return region.handler
  }

  @inline(__always)
  func operand(_ number: Int32) -> UnsafePointer<Value> {
    if number >= 0 { return UnsafePointer(registers + Int(number)) }
    return constants.unsafelyUnwrapped + Int(~number)
  }

  @inline(__always)
  func set(_ instruction: Instruction, _ value: consuming Value) {
    registers[Int(instruction.target)] = value
  }

  /// Runs from a position on; where it throws, the position is behind the instruction that failed.
  private mutating func execute(_ position: inout Int) throws(EvaluationError) -> Value {
    while true {
      let next = code[position]
      position += 1
      switch next.operation {
      case .end: return operand(next.a).pointee
      case .move: set(next, operand(next.a).pointee)
      case .take: take(next)
      case .load: set(next, loaded(Int(next.a), Int(next.b)))
      case .fail: throw program.parts.failures[Int(next.c)]
      case .check: try check(next)
      case .callNullary: set(next, try program.parts.nullary[Int(next.c)]())
      case .callUnary: try callUnary(next)
      case .callBinary: try callBinary(next)
      case .callTernary: try callTernary(next)
      case .callMetered: try callMetered(next)
      case .dispatch: try dispatch(next)
      case .addInts: try ints(next) { $0.addingReportingOverflow($1) }
      case .subtractInts: try ints(next) { $0.subtractingReportingOverflow($1) }
      case .multiplyInts: try ints(next) { $0.multipliedReportingOverflow(by: $1) }
      case .addDoubles: try doubles(next) { $0 + $1 }
      case .subtractDoubles: try doubles(next) { $0 - $1 }
      case .multiplyDoubles: try doubles(next) { $0 * $1 }
      case .divideDoubles: try doubles(next) { $0 / $1 }
      case .equal: set(next, .bool(try isEqual(next)))
      case .notEqual: set(next, .bool(try !isEqual(next)))
      case .less: try compare(next, { $0 < $1 }, { $0 < $1 })
      case .lessOrEqual: try compare(next, { $0 <= $1 }, { $0 <= $1 })
      case .greater: try compare(next, { $0 > $1 }, { $0 > $1 })
      case .greaterOrEqual: try compare(next, { $0 >= $1 }, { $0 >= $1 })
      case .isElement: try isElement(next)
      case .not: try not(next)
      case .text: try text(next)
      case .field: try field(next)
      case .optionalField, .optionalIndex: try optionalPart(next)
      case .member: try member(next)
      case .presence: try presence(next)
      case .index: try index(next)
      case .jump: position = Int(next.c)
      case .jumpIfFalse: if try !bool(next.a) { position = Int(next.c) }
      case .jumpIfTrue: if try bool(next.a) { position = Int(next.c) }
      case .jumpIfNone: if operand(next.a).pointee.isNone { position = Int(next.c) }
      case .forget: if !kept.isEmpty { kept[Int(next.b)] = nil }
      case .rethrow: if !kept.isEmpty, let failure = kept[Int(next.b)] { throw failure }
      case .settle: try settle(next)
      case .keep: keep(next)
      case .requireBool: _ = try bool(next.a)
      case .newList, .append, .appendPresent, .appendEntry, .appendPresentEntry, .appendEntries: try extend(next)
      case .makeMap: try makeMap(next)
      case .makeRecord: makeRecord(next)
      case .loop: try startLoop(next)
      case .next: if try !advance(next) { position = Int(next.c) }
      case .nextPair: if try !advancePair(next) { position = Int(next.c) }
      case .count: count(next)
      case .sort: try sort(next)
      case .group: try group(next)
      case .box, .unbox, .requireOptional, .conform, .outcome: try convert(next)
      }
    }
  }

  private func take(_ instruction: Instruction) {
    registers[Int(instruction.target)] = registers[Int(instruction.a)]
    registers[Int(instruction.a)] = .none
  }

  private func loaded(_ depth: Int, _ slot: Int) -> Value {
    if depth == 0 { return frame.values[slot] }
    var frame = frame
    for _ in 0..<depth {
      guard let parent = frame.parent else { preconditionFailure("an expression reaches out of its scopes") }
      frame = parent
    }
    return frame.values[slot]
  }

  private func check(_ instruction: Instruction) throws(EvaluationError) {
    if case .boxed(let box) = registers[Int(instruction.a)], case .failure(let failure) = box.content { throw failure }
  }

  @inline(__always)
  func bool(_ number: Int32) throws(EvaluationError) -> Bool {
    if case .bool(let value) = operand(number).pointee { return value }
    throw EvaluationError(.decode, "expected a bool, found \(operand(number).pointee.summary)")
  }

  private func keep(_ instruction: Instruction) {
    guard !kept.isEmpty, let failure = kept[Int(instruction.b)] else { preconditionFailure("no failure was kept") }
    registers[Int(instruction.target)] = .box(.failure(failure))
  }

  /// `&&` and `||` whose left side may have failed: the side that decides absorbs the other's failure (CEL
  /// specification, "Logical Operators").
  private func settle(_ instruction: Instruction) throws(EvaluationError) {
    guard !kept.isEmpty, let failure = kept[Int(instruction.b)] else { return }
    if case .bool(let value) = registers[Int(instruction.target)], value == (instruction.c == 1) { return }
    throw failure
  }
}
