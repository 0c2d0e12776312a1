/// Values: what stands for an expression (rule 55).
extension YAMLWriter {
  /// Where a value stands: after a key, or as an element of a list.
  enum Head {
    case key(String)
    case dash

    func line(_ scalar: String) -> String {
      switch self {
      case .key(let key): key + ": " + scalar
      case .dash: scalar
      }
    }
  }

  /// - isKeyword: scalars are expressions, in quotes or not
  mutating func value(_ head: Head, _ expression: ExpressionSyntax, isKeyword: Bool = false) {
    let first = output.count
    writeComments(before: expression.range.start)
    let trailing = comments.take(after: expression.range.end)
    write(head, expression, isKeyword)
    write(trailing, from: first)
    lower = max(lower, expression.range.end)
  }

  private mutating func write(_ head: Head, _ expression: ExpressionSyntax, _ isKeyword: Bool) {
    switch expression.kind {
    case .list(let elements) where !elements.isEmpty && !elements.contains(where: \.optional):
      collection(head, in: expression.range) { writer in
        for element in elements {
          writer.element { $0.value(.dash, element.value, isKeyword: isKeyword) }
        }
      }
    case .record(let fields) where isMapping(fields):
      collection(head, in: expression.range) { writer in
        for field in fields {
          writer.element(field.name.range.joined(with: field.value.range)) { writer in
            writer.value(.key(field.name.text), field.value, isKeyword: isKeyword)
          }
        }
      }
    case .map(let entries) where !isKeyword && isMapping(entries):
      collection(head, in: expression.range) { writer in
        for entry in entries {
          writer.element(entry.key.range.joined(with: entry.value.range)) { writer in
            writer.value(.key(writer.mapKey(entry.key) ?? ""), entry.value)
          }
        }
      }
    case .list(let elements) where elements.isEmpty: empty(head, "[]", expression.range)
    case .emptyBraces: empty(head, "{}", expression.range)
    default:
      scalar(head, expression, isKeyword)
    }
  }

  private mutating func collection(_ head: Head, in range: SourceRange, _ body: (inout YAMLWriter) -> Void) {
    switch head {
    case .key(let key): nested(key, body)
    case .dash: body(&self)
    }
    if case .key = head { output.indent() }
    writeClosing(of: range)
    if case .key = head { output.outdent() }
  }

  private mutating func empty(_ head: Head, _ brackets: String, _ range: SourceRange) {
    writeComments(in: range)
    output.line(head.line(brackets))
  }

  // MARK: Scalars

  private mutating func scalar(_ head: Head, _ expression: ExpressionSyntax, _ isKeyword: Bool) {
    if comments.hasAny(from: expression.range.start, to: expression.range.end) {
      let inner = comments.take(from: expression.range.start, to: expression.range.end)
      if let lines = spelling(of: expression, isKeyword) { return block(head, "|-", lines) }
      for comment in inner { output.comment(text(of: comment)) }
    }
    if let literal = literal(expression) { return output.line(head.line(literal)) }
    let text = isKeyword ? printed(expression) : text(of: expression)
    write(head, text)
  }

  /// The text of an expression.
  mutating func code(_ head: Head, _ expression: ExpressionSyntax) {
    writeComments(before: expression.range.start)
    if comments.hasAny(from: expression.range.start, to: expression.range.end) {
      let inner = comments.take(from: expression.range.start, to: expression.range.end)
      if let lines = spelling(of: expression, true) { return block(head, "|-", lines) }
      for comment in inner { output.comment(text(of: comment)) }
    }
    write(head, printed(expression))
  }

  /// A text on one line, or as a block scalar.
  mutating func write(_ head: Head, _ text: String) {
    if let block = YAMLScalar.block(text) {
      self.block(head, block.header, block.lines)
    } else {
      output.line(head.line(YAMLScalar.text(text)))
    }
  }

  private mutating func block(_ head: Head, _ header: String, _ lines: [Substring]) {
    output.line(head.line(header))
    // The text of an element is indented by its `-`.
    if case .dash = head { output.outdent() }
    for line in lines { output.textLine(line) }
    if case .dash = head { output.indent() }
  }

  /// Numbers, durations, sizes, `true`, `false` and `null`, which stand as they are.
  private func literal(_ expression: ExpressionSyntax) -> String? {
    switch expression.kind {
    case .literal(.string), .literal(.bytes): nil
    case .literal(let literal): LiteralText.text(of: literal)
    case .unary(.negate, let operand): number(operand).map { "-" + $0 }
    default: nil
    }
  }

  private func number(_ operand: ExpressionSyntax) -> String? {
    guard case .literal(let literal) = operand.kind else { return nil }
    switch literal {
    case .int, .uint, .double, .duration, .size: return LiteralText.text(of: literal)
    case .null, .bool, .string, .bytes: return nil
    }
  }

  /// The scalar's text: that of a text, a text with placeholders, or one `${…}`.
  private func text(of expression: ExpressionSyntax) -> String {
    switch expression.kind {
    case .literal(.string(let text)): return escaped(text)
    case .interpolation(let segments) where segments.count > 1 && isWritable(segments):
      return segments.map { segment in
        switch segment {
        case .text(let text): escaped(text)
        case .expression(let expression): "${" + printed(expression) + "}"
        }
      }.joined()
    default: return "${" + printed(expression) + "}"
    }
  }

  /// A `$` directly before a placeholder would make it text.
  private func isWritable(_ segments: [ExpressionSyntax.Segment]) -> Bool {
    for (segment, next) in zip(segments, segments.dropFirst()) {
      if case .text(let text) = segment, case .expression = next, text.utf8.last == UInt8(ascii: "$") { return false }
    }
    return true
  }

  /// A text in which `${` is plain.
  func escaped(_ text: String) -> String {
    var result = ""
    var rest = text[...]
    while let place = rest.firstIndex(of: "$") {
      result += rest[..<place]
      rest = rest[place...]
      result += rest.hasPrefix("${") ? "$$" : "$"
      rest = rest.dropFirst()
    }
    return result + rest
  }

  /// The author's text of an expression with comments in it, as the lines of a block scalar; nil where it has texts of
  /// several lines, which would be indented, or does not stand in the file as it reads, as in quotes of YAML.
  private func spelling(of expression: ExpressionSyntax, _ isKeyword: Bool) -> [Substring]? {
    let text = source.text(expression.range)
    if text.contains("\"\"\"") || text.contains("'''") { return nil }
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      String(line.last == "\r" ? line.dropLast() : line)[...]
    }
    let indentation =
      lines.dropFirst().filter { !$0.allSatisfy(\.isWhitespace) }
      .map { $0.prefix { $0 == " " }.count }.min() ?? 0
    for index in lines.indices.dropFirst() {
      lines[index] = "  " + lines[index].dropFirst(min(indentation, lines[index].prefix { $0 == " " }.count))
    }
    let again = parseExpression(SourceFile(id: FileID(0), name: "", text: lines.joined(separator: "\n")))
    guard again.diagnostics.isEmpty, printed(again.tree) == printed(expression) else { return nil }
    guard !isKeyword else { return lines }
    lines[0] = "${" + lines[0]
    lines[lines.count - 1] += "}"
    return lines
  }

  // MARK: Records and maps

  func isMapping(_ fields: [ExpressionSyntax.Field]) -> Bool {
    var seen: Set<String> = []
    return !fields.isEmpty
      && fields.allSatisfy { field in
        !field.optional && YAMLScalar.isPlain(field.name.text) && field.name.text.utf8.allSatisfy(isNamePart)
          && seen.insert(field.name.text).inserted
      }
  }

  private func isMapping(_ entries: [ExpressionSyntax.Entry]) -> Bool {
    var seen: Set<String> = []
    return !entries.isEmpty
      && entries.allSatisfy { entry in
        guard !entry.optional, let key = mapKey(entry.key), key.utf8.count < 1_000 else { return false }
        return seen.insert(key).inserted
      }
  }

  /// A key of a map: a text in quotes, or a literal.
  private func mapKey(_ key: ExpressionSyntax) -> String? {
    switch key.kind {
    case .literal(.string(let text)): YAMLQuotes.quoted(escaped(text))
    default: literal(key)
    }
  }

  // MARK: Arguments and policies

  /// - isPolicy: one positional value stands alone where it is no mapping
  mutating func arguments(
    _ key: String, _ arguments: [Argument], policy: String? = nil, isKeyword: Bool = false
  ) {
    let positional = arguments.filter { $0.label == nil }
    let named = arguments.filter { $0.label != nil }
    let isKeyword = isKeyword || policy.map(YAMLConstruct.policyKeywords.contains) ?? false
    if arguments.isEmpty { return entry(key, "{}") }
    expectUnique(named.compactMap(\.label))
    for case let label? in named.map(\.label) where label.text == "args" {
      refuse("an argument cannot be called `args`", at: label.range)
    }
    if policy != nil, positional.count == 1, named.isEmpty, isScalar(positional[0].value, isKeyword) {
      return value(.key(key), positional[0].value, isKeyword: isKeyword)
    }
    nested(key) { writer in
      if named.isEmpty { return writer.positional(positional, isKeyword) }
      if !positional.isEmpty { writer.nested("args") { $0.positional(positional, isKeyword && policy == nil) } }
      for argument in named { writer.argument(argument, isPolicy: policy != nil, isKeyword && policy == nil) }
    }
  }

  private mutating func positional(_ arguments: [Argument], _ isKeyword: Bool) {
    for argument in arguments {
      element { $0.value(.dash, argument.value, isKeyword: isKeyword) }
    }
  }

  private mutating func argument(_ argument: Argument, isPolicy: Bool, _ isKeyword: Bool) {
    let name = argument.label?.text ?? ""
    let isKeyword = isKeyword || isPolicy && YAMLConstruct.policyKeywords.contains(name)
    element(argument.range) { writer in
      writer.value(.key(YAMLScalar.key(name)), argument.value, isKeyword: isKeyword)
    }
  }

  /// Whether a value is written as a scalar.
  private func isScalar(_ expression: ExpressionSyntax, _ isKeyword: Bool) -> Bool {
    switch expression.kind {
    case .list(let elements): elements.contains(where: \.optional)
    case .record(let fields): !isMapping(fields)
    case .map(let entries): isKeyword || !isMapping(entries)
    case .emptyBraces: false
    default: true
    }
  }

  mutating func policies(_ key: String, _ policies: [Call]) {
    if policies.isEmpty { return }
    expectUnique(policies.map { Name($0.path.text, at: $0.path.range) })
    nested(key) { writer in
      for policy in policies {
        writer.element(policy.range) { writer in
          writer.arguments(YAMLScalar.key(policy.path.text), policy.arguments, policy: policy.path.text)
        }
      }
    }
  }
}
