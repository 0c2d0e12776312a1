/// Moves the ranges of a tree: to where a decoded text stands in its file, or all to one place.
enum RangeRewriter {
  case offsets(OffsetMap)
  case fixed(SourceRange)

  func range(_ range: SourceRange) -> SourceRange {
    switch self {
    case .offsets(let map): map.range(range)
    case .fixed(let range): range
    }
  }

  func rewrite(_ diagnostic: inout Diagnostic) {
    diagnostic.range = range(diagnostic.range)
    for index in diagnostic.related.indices {
      diagnostic.related[index].range = range(diagnostic.related[index].range)
    }
    guard var fix = diagnostic.fix else { return }
    for index in fix.edits.indices { fix.edits[index].range = range(fix.edits[index].range) }
    diagnostic.fix = fix
  }
}

/// A part of the tree whose ranges can be moved.
protocol RangeRewritable {
  mutating func rewriteRanges(_ rewriter: RangeRewriter)
}

extension Array: RangeRewritable where Element: RangeRewritable {
  mutating func rewriteRanges(_ rewriter: RangeRewriter) {
    for index in indices { self[index].rewriteRanges(rewriter) }
  }
}

extension Name: RangeRewritable {
  mutating func rewriteRanges(_ rewriter: RangeRewriter) { range = rewriter.range(range) }
}

extension Path: RangeRewritable {
  mutating func rewriteRanges(_ rewriter: RangeRewriter) {
    self = Path(names.map { Name($0.text, at: rewriter.range($0.range)) })
  }
}

extension Argument: RangeRewritable {
  mutating func rewriteRanges(_ rewriter: RangeRewriter) {
    label?.rewriteRanges(rewriter)
    value.rewriteRanges(rewriter)
  }
}

extension Call: RangeRewritable {
  mutating func rewriteRanges(_ rewriter: RangeRewriter) {
    path.rewriteRanges(rewriter)
    arguments.rewriteRanges(rewriter)
    range = rewriter.range(range)
  }
}

extension TypeSyntax: RangeRewritable {
  mutating func rewriteRanges(_ rewriter: RangeRewriter) {
    range = rewriter.range(range)
    switch kind {
    case .missing: break
    case .named(var path, var arguments):
      path.rewriteRanges(rewriter)
      arguments.rewriteRanges(rewriter)
      kind = .named(path, arguments: arguments)
    case .optional(var wrapped):
      wrapped.rewriteRanges(rewriter)
      kind = .optional(wrapped)
    case .record(var fields):
      for index in fields.indices {
        fields[index].name.rewriteRanges(rewriter)
        fields[index].type.rewriteRanges(rewriter)
        fields[index].refinement?.rewriteRanges(rewriter)
        fields[index].range = rewriter.range(fields[index].range)
      }
      kind = .record(fields)
    }
  }
}

extension ExpressionSyntax.Pattern: RangeRewritable {
  mutating func rewriteRanges(_ rewriter: RangeRewriter) {
    range = rewriter.range(range)
    guard case .member(var path) = kind else { return }
    path.rewriteRanges(rewriter)
    kind = .member(path)
  }
}

extension ExpressionSyntax: RangeRewritable {
  mutating func rewriteRanges(_ rewriter: RangeRewriter) {
    range = rewriter.range(range)
    kind = kind.rewritten(rewriter)
  }
}

extension ExpressionSyntax.Kind {
  /// The kind with its ranges moved.
  fileprivate func rewritten(_ rewriter: RangeRewriter) -> Self {
    func moved<Part: RangeRewritable>(_ part: Part) -> Part {
      var part = part
      part.rewriteRanges(rewriter)
      return part
    }
    switch self {
    case .missing, .literal, .name, .emptyBraces: return self
    case .select(let base, let field, let optional):
      return .select(moved(base), field: moved(field), optional: optional)
    case .index(let base, let index, let optional): return .index(moved(base), moved(index), optional: optional)
    case .call(let name, let arguments): return .call(moved(name), moved(arguments))
    case .method(let base, let name, let arguments): return .method(moved(base), moved(name), moved(arguments))
    case .unary(let sign, let operand): return .unary(sign, moved(operand))
    case .binary(let sign, let left, let right): return .binary(sign, moved(left), moved(right))
    case .conditional(let condition, let then, let other):
      return .conditional(moved(condition), moved(then), moved(other))
    case .list(let elements):
      return .list(elements.map { .init(value: moved($0.value), optional: $0.optional) })
    case .record(let fields):
      return .record(fields.map { .init(name: moved($0.name), value: moved($0.value), optional: $0.optional) })
    case .map(let entries):
      return .map(entries.map { .init(key: moved($0.key), value: moved($0.value), optional: $0.optional) })
    case .interpolation(let segments):
      return .interpolation(
        segments.map { segment in
          guard case .expression(let expression) = segment else { return segment }
          return .expression(moved(expression))
        })
    case .match(let subject, let arms):
      return .match(
        moved(subject),
        arms.map {
          .init(patterns: moved($0.patterns), value: moved($0.value), range: rewriter.range($0.range))
        })
    case .cast(let value, let type): return .cast(moved(value), moved(type))
    case .parenthesized(let inner): return .parenthesized(moved(inner))
    }
  }
}
