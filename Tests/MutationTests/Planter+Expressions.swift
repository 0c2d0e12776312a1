import DxshNodes
import DxshSyntax

extension Planter {
  mutating func plant(_ expression: ExpressionSyntax, at index: Int) {
    let range = expression.range
    switch expression.kind {
    case .name(let name):
      add(.misspeltName, replacing: range, with: misspelt(name), at: index)
    case .call(let name, let arguments):
      if Self.conversions.contains(name.text) { converted.formUnion(arguments.map(\.value.range)) }
    case .literal(let literal): plant(literal, at: index, range)
    case .method(let base, let name, let arguments): plantMethod(base, name, arguments, at: index, range)
    case .index(let base, let key, let optional):
      if optional {
        add(
          .unprovenPart, replacing: range, with: "\(text(base.range))[\(text(key.range))]", at: index)
      }
    case .binary(let operation, let left, let right):
      switch operation {
      case .and, .or: add(.wrongOperand, replacing: right.range, with: "1", at: index)
      case .add, .subtract, .multiply, .less, .greater, .lessOrEqual, .greaterOrEqual:
        add(.wrongOperand, replacing: right.range, with: "true", at: index)
        add(.wrongOperand, replacing: left.range, with: "[none]", at: index)
      default: break
      }
    case .record(let fields):
      if let last = fields.last {
        add(.extraField, edits.inserting(", surplus: 1", at: Int(last.value.range.end)), at: .site(index))
      }
    case .interpolation: plantQuotes(range)
    default: break
    }
    plantBracket(expression)
  }

  /// What they convert may be of any type.
  private static let conversions: Set = ["bool", "bytes", "double", "int", "string", "uint"]

  private mutating func plant(_ literal: ExpressionSyntax.Literal, at index: Int, _ range: SourceRange) {
    switch literal {
    case .string where converted.contains(range): plantQuotes(range)
    case .int where converted.contains(range), .double where converted.contains(range): break
    case .string:
      add(.swappedLiteral, replacing: range, with: "7", at: index)
      plantQuotes(range)
    case .int, .double: add(.swappedLiteral, replacing: range, with: "\"seven\"", at: index)
    case .bool: add(.swappedLiteral, replacing: range, with: "7", at: index)
    case .duration: add(.mixedUnits, replacing: range, with: "5MB", at: index)
    case .size: add(.mixedUnits, replacing: range, with: "5s", at: index)
    case .null, .uint, .bytes: break
    }
  }

  private mutating func plantMethod(
    _ base: ExpressionSyntax, _ name: Name, _ arguments: [Argument], at index: Int, _ range: SourceRange
  ) {
    switch name.text {
    case "orValue":
      add(.unguardedOptional, edits.replacing(range, with: "(\(text(base.range)) + 1)"), at: .site(index))
    default: break
    }
  }

  private mutating func plantQuotes(_ range: SourceRange) {
    let end = Int(range.end) - 1
    guard range.end > range.start + 1, file.bytes[end] == file.bytes[Int(range.start)],
      file.bytes[end] == UInt8(ascii: "\"")
    else { return }
    add(.unclosedString, edits.replacing(end, end + 1, with: ""), at: .bytes(Int(range.start), end))
  }

  private mutating func plantBracket(_ expression: ExpressionSyntax) {
    switch expression.kind {
    case .call, .method, .list, .record, .map, .index, .parenthesized:
      let end = Int(expression.range.end) - 1
      guard [UInt8(ascii: ")"), UInt8(ascii: "]"), UInt8(ascii: "}")].contains(file.bytes[end]) else { return }
      add(
        .unclosedBracket, edits.replacing(end, end + 1, with: ""), at: .bytes(Int(expression.range.start), end))
    default: break
    }
  }

  mutating func plant(_ field: Name, of base: ExpressionSyntax, _ optional: Bool, at index: Int) {
    let isMember = if case .name(let name) = base.kind { name.first?.isUppercase == true } else { false }
    add(isMember ? .misspeltMember : .misspeltField, replacing: field.range, with: misspelt(field.text), at: index)
    guard optional else { return }
    add(.unguardedOptional, edits.replacing(Int(base.range.end), Int(field.range.start), with: "."), at: .site(index))
  }

  mutating func plant(_ pattern: ExpressionSyntax.Pattern, at index: Int) {
    guard case .member(let path) = pattern.kind, let last = path.names.last else { return }
    add(.misspeltMember, replacing: last.range, with: misspelt(last.text), at: index)
  }

  mutating func plant(arm range: SourceRange, _ patterns: [ExpressionSyntax.Pattern], count: Int, at index: Int) {
    guard count > 1 else { return }
    var end = Int(range.end)
    while end < file.bytes.count, [UInt8(ascii: ","), UInt8(ascii: " ")].contains(file.bytes[end]) { end += 1 }
    // The `match` is a few sites before its arm; its lines are those around.
    add(.missingArm, edits.replacing(Int(range.start), end, with: ""), at: .site(enclosingMatch(of: index)))
    let copy = text(range)
    let separator = file.bytes[Int(range.end) - 1] == UInt8(ascii: "}") ? "\n" : ", "
    add(.repeatedArm, edits.inserting(separator + copy, at: Int(range.end)), at: .site(enclosingMatch(of: index)))
  }

  private func enclosingMatch(of index: Int) -> Int {
    let arm = sites[index].range
    for candidate in sites[..<index].indices.reversed() {
      let range = sites[candidate].range
      guard range.start < arm.start, range.end >= arm.end else { continue }
      switch sites[candidate].kind {
      case .item(.selection, _, _): return candidate
      case .expression(let expression): if case .match = expression.kind { return candidate }
      default: break
      }
    }
    return index
  }

  mutating func plant(_ field: ExpressionSyntax.Field, at index: Int) {
    var end = Int(field.value.range.end)
    while end < file.bytes.count, [UInt8(ascii: ","), UInt8(ascii: " ")].contains(file.bytes[end]) { end += 1 }
    let record = sites[..<index].indices.last { candidate in
      if case .expression(let expression) = sites[candidate].kind, case .record(let fields) = expression.kind {
        return fields.contains { $0.name.range == field.name.range } && fields.count > 1
      }
      return false
    }
    guard let record else { return }
    add(
      .missingField, edits.replacing(Int(field.name.range.start) - (field.optional ? 1 : 0), end, with: ""),
      at: .site(record))
  }

  mutating func plant(_ argument: Argument, of callee: Site.Callee, at index: Int) {
    switch callee {
    case .node(let call):
      guard let label = argument.label else { return }
      add(.misspeltArgument, replacing: label.range, with: misspelt(label.text), at: index)
      guard Library.requires(label.text, of: call.path.text) else { return }
      plantWithout(argument, call.arguments, at: .site(enclosingTarget(of: index)))
    case .function(let name, let arguments):
      guard Library.takesExactly(arguments.count, name) else { return }
      plantWithout(argument, arguments, at: .site(enclosingExpression(of: index)))
      guard argument.range == arguments.last?.range else { return }
      add(.extraArgument, edits.inserting(", 1", at: Int(argument.range.end)), at: .site(index))
    }
  }

  /// The call that a site is an argument of.
  private func enclosingExpression(of index: Int) -> Int {
    let inner = sites[index].range
    return sites[..<index].indices.last { candidate in
      guard case .expression = sites[candidate].kind else { return false }
      let range = sites[candidate].range
      return range.contains(inner) && range != inner
    } ?? index
  }

  private func enclosingTarget(of index: Int) -> Int {
    sites[..<index].indices.last { if case .target = sites[$0].kind { true } else { false } } ?? index
  }

  private mutating func plantWithout(_ argument: Argument, _ arguments: [Argument], at place: Mutant.Place) {
    var end = Int(argument.range.end)
    while end < file.bytes.count, [UInt8(ascii: ","), UInt8(ascii: " ")].contains(file.bytes[end]) { end += 1 }
    add(.droppedArgument, edits.replacing(Int(argument.range.start), end, with: ""), at: place)
  }
}
