/// The parts that items share: calls, clauses, blocks, values.
extension Parser {
  struct Clauses {
    var resultType: TypeSyntax?
    var after: [Path] = []
    var requires: [Name] = []
    var policies: [Call] = []
    var collect: Name?
    var was: Name?
  }

  /// Whether a clause may stand on an item.
  private static func takes(_ item: Word, _ clause: Word) -> Bool {
    if clause == .was { return true }
    return switch item {
    case .step: clause == .as || clause == .after || clause == .requires || clause == .with
    case .wait: clause == .as || clause == .after || clause == .with
    case .for: clause == .after || clause == .with || clause == .collect
    case .repeat: clause == .after || clause == .with
    case .approval: clause == .after
    case .on: clause == .as
    default: false
    }
  }

  /// `as T`, `after a, b`, `requires g`, `with p(…)`, `collect f`, `was old`: each at most once, in any order.
  mutating func parseClauses(of item: Word) -> Clauses {
    var clauses = Clauses()
    var last = Word.none
    var earlier: [Word] = []
    if isRecovering, isAtStrongClause { isRecovering = false }
    while !isRecovering, token.word != .none, isAtClause {
      let clause = token
      if clause.word == last || earlier.contains(clause.word) {
        complain(.repeatedClause(clause.word, of: item.rawValue, at: range(clause)))
      } else if !Self.takes(item, clause.word) {
        complain(.foreignClause(clause.word, of: item, at: range(clause)))
      }
      if last != .none { earlier.append(last) }
      last = clause.word
      advance()
      parseClause(clause.word, into: &clauses)
    }
    return clauses
  }

  @inline(__always)
  private var isAtClause: Bool {
    let word = token.word
    guard
      word == .as || word == .after || word == .with || word == .collect || word == .requires || word == .was
    else { return false }
    return peek().kind != .colon
  }

  private mutating func parseClause(_ word: Word, into clauses: inout Clauses) {
    if word == .as {
      clauses.resultType = parseType()
    } else if word == .was {
      clauses.was = parseWord("the name that it had before")
    } else if word == .requires {
      repeat { clauses.requires.append(parseName("the name of an approval")) } while !isRecovering && consume(.comma)
    } else if word == .collect {
      clauses.collect = parseName("the name of the list of failures")
    } else if word == .after {
      repeat { clauses.after.append(parsePath("the name of a step")) } while !isRecovering && consume(.comma)
    } else {
      repeat {
        let policy = parseCall("a policy such as `timeout(30s)`")
        if clauses.policies.isEmpty { clauses.policies.reserveCapacity(token.kind == .comma ? 2 : 1) }
        clauses.policies.append(policy)
      } while !isRecovering
        && consume(.comma)
    }
  }

  /// `path(…)`; a path alone is a mistake that it reads past where the item could end.
  mutating func parseCall(_ what: String) -> Call {
    let start = token.start
    let path = parsePath(what)
    guard token.kind == .leftParen, !isOnNewLine, !isRecovering else {
      let canEnd =
        isOnNewLine || isAtClause || token.kind == .rightBrace || token.kind == .comma || token.kind == .endOfFile
      if canEnd {
        complain(.callWithoutArguments(path.text, at: path.range))
      } else {
        fail(.expected("`(` and the arguments of `\(path.text)`", found: found))
      }
      return Call(path: path, arguments: [], range: range(from: start))
    }
    let arguments = parseArguments()
    return Call(path: path, arguments: arguments, range: range(from: start))
  }

  var missingCall: Call { Call(path: Path([missingName]), arguments: [], range: gap) }

  /// The expression of an item.
  mutating func parseValue() -> ExpressionSyntax {
    isRecovering ? ExpressionSyntax(.missing, at: gap) : parseExpression()
  }

  /// The expression before a block.
  mutating func parseHeaderExpression(_ what: String) -> ExpressionSyntax {
    if isRecovering { return ExpressionSyntax(.missing, at: gap) }
    if token.kind == .leftBrace, cursor.isAtBlock || peek().isOnNewLine && peek().kind == .rightBrace {
      fail(.expected(what, found: found))
      return ExpressionSyntax(.missing, at: gap)
    }
    let saved = isInHeader
    isInHeader = true
    defer { isInHeader = saved }
    return parseExpression()
  }

  /// `=`; `==` and a value without it are mistakes that it reads past.
  mutating func expectAssign(_ what: String) {
    if isRecovering || consume(.assign) { return }
    if token.kind == .equal {
      complain(.equalInsteadOfAssign(at: range(token)))
      return advance()
    }
    let next = peek()
    let isLiteral = token.kind == .leftBrace && peek(2).kind == .colon
    let isValue = isLiteral || next.isOnNewLine || next.kind != .assign && next.kind != .identifier
    if token.kind.startsElement, !isOnNewLine, isValue {
      return complain(.missingAssign(at: range(token), gap: gap))
    }
    fail(.expected(what, found: found))
  }

  /// Reports what follows an item on its line.
  mutating func failAfterItem() {
    if token.kind == .identifier, peek().kind == .leftParen {
      return fail(.policyWithoutWith(text(token), at: range(token)))
    }
    if token.kind.isCloser { return fail(.strayCloser(token.kind, at: range(token))) }
    fail(.expected("the end of the line", found: found))
  }
}
