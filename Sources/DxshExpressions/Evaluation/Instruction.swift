/// One operation of a `Program`.
///
/// An operand is the number of a register, or `~n` for the constant `n`.
struct Instruction {
  var operation: Operation
  /// The register that takes the result.
  var target: UInt16
  var a: Int32 = 0
  var b: Int32 = 0
  /// Most often an index into one of the program's tables, or where a jump goes.
  var c: Int32 = 0

  init(_ operation: Operation, _ target: Int = 0, _ a: Int32 = 0, _ b: Int32 = 0, _ c: Int = 0) {
    self.operation = operation
    self.target = UInt16(target)
    self.a = a
    self.b = b
    self.c = Int32(c)
  }
}

/// What an instruction does. `target`, `a`, `b` and `c` are its fields.
enum Operation: UInt8 {
  /// Ends with the operand `a`.
  case end
  /// The operand `a`.
  case move
  /// The register `a`, which is empty then.
  case take
  /// Slot `b` of the frame `a` scopes further out.
  case load
  /// Fails with the error `c`.
  case fail
  /// Fails with the error that the register `a` holds, if it holds one.
  case check

  // Calls: the operands `a` and `b`, or the registers from `a` on; `c` is the function.
  case callNullary, callUnary, callBinary, callTernary, callMetered
  /// A call of the dispatch `c` with the `b` registers from `a` on.
  case dispatch

  // Operators on the operands `a` and `b`, for other kinds the function `c`.
  case addInts, subtractInts, multiplyInts, addDoubles, subtractDoubles, multiplyDoubles, divideDoubles
  case equal, notEqual, less, lessOrEqual, greater, greaterOrEqual
  case isElement
  case not
  /// The text of the `b` registers from `a` on.
  case text

  // Parts of the operand `a`: the name `c`, or the key `b`. A `field` is most likely in slot `b`.
  case field, optionalField, member, presence, index, optionalIndex

  // Jumps to `c`.
  case jump
  /// By the bool `a`; fails where it is none.
  case jumpIfFalse, jumpIfTrue
  /// By the optional `a`.
  case jumpIfNone

  // Failures that are kept, in the place `b`.
  case forget, rethrow
  /// Puts the failure that was kept into the target, for `check`.
  case keep
  /// The target's bool, unless it is not `c` (0 or 1) and a failure was kept, which then is thrown.
  case settle
  /// Fails where `a` is no bool.
  case requireBool

  // Collections.
  /// An empty list with room for `b` elements.
  case newList
  case append
  /// Appends what the optional `a` holds.
  case appendPresent
  /// Appends the key `a` and the value `b`.
  case appendEntry
  /// Appends the key `a` and what the optional `b` holds.
  case appendPresentEntry
  /// Appends the keys and values of the map `a`.
  case appendEntries
  /// A map of the keys and values in the register `a`.
  case makeMap
  /// A record of the shape `c` with the registers from `a` on as fields.
  case makeRecord

  // Loops.
  /// Starts to go over the list or map `a`; the target and the register after it are the loop's.
  case loop
  /// The next element or key of the loop at `a`; at its end jumps to `c`.
  case next
  /// The next index and element, or key and value, into the target and the register after it; at its end jumps to `c`.
  case nextPair
  /// Adds one.
  case count
  /// Sorts the elements of the list or the keys of the map `a` by the keys in the register `b`.
  case sort
  /// Groups them.
  case group

  // Optionals and types.
  /// The optional that holds `a`.
  case box
  /// What the optional `a` holds.
  case unbox
  /// Fails where `a` is no optional.
  case requireOptional
  /// The operand `a` as the type `c`.
  case conform
  /// A record `{ value, error }`: the operand `a`, or the failure kept at the place `b` when `c` is 1.
  case outcome
}
