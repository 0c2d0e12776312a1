/// `docs/functions.md`, made of the declarations.
enum FunctionReference {
  static func text(_ topics: [FunctionTopic]) -> String {
    var text = introduction
    for topic in topics {
      let names = topic.groups.map { "[\($0.name)](#\(anchor(topic, $0.name)))" }
      text += "- [\(topic.title)](#\(topic.name)): \(names.joined(separator: ", "))\n"
    }
    for topic in topics {
      text += "\n<a id=\"\(topic.name)\"></a>\n\n## \(topic.title)\n"
      if !topic.introduction.isEmpty { text += "\n\(topic.introduction)\n" }
      for group in topic.groups {
        text += "\n<a id=\"\(anchor(topic, group.name))\"></a>\n\n### \(group.name)\n"
        for part in parts(group.functions) { text += "\n\(rendered(part))" }
      }
    }
    return text
  }

  private static let introduction = """
    # Functions

    The functions that expressions can call, by topic. `stdlib/functions/` declares them; this page is made of it.
    Operators, macros and everything else about expressions: [expressions.md](expressions.md).

    A function whose first parameter is `self` is called on that value: `func contains(self: string, part: string)`
    as `"workflow".contains("flow")`. The others are called by their whole name: `math.abs(-1)`. `A` and `B` stand
    for any type, `T?` is an [optional](expressions.md#optionals). What `throws` an error can fail: in a file, unless
    its arguments are constants that can be tried out when the file is checked, `try(…)` or `attempt(…)` has to be
    around it ([What can fail](expressions.md#what-can-fail)).

    Every line of an example is true, save under `fails`, where each is refused or has no value. What `expr` heads
    holds in plain CEL (`dxsh eval`) and in files, `cel` only in plain CEL, `dxsh` only in files.


    """

  private static func anchor(_ topic: FunctionTopic, _ name: String) -> String { "\(topic.name)-\(name)" }

  /// Each function with examples, and behind it those without, which share them.
  private static func parts(_ functions: [DeclaredFunction]) -> [[DeclaredFunction]] {
    functions.reduce(into: []) { parts, function in
      if parts.isEmpty || !CodeBlock.all(in: function.documentation).isEmpty {
        parts.append([function])
      } else {
        parts[parts.count - 1].append(function)
      }
    }
  }

  /// The signatures, what the further ones say as comments, and the text and the examples of the first.
  private static func rendered(_ part: [DeclaredFunction]) -> String {
    let first = part[0]
    var text = "```\n\(first.text)\n"
    for function in part.dropFirst() {
      var sentences = function.documentation.split(separator: "\n").joined(separator: " ")
      if function.dialects == first.dialects {
        for mark in DeclaredFunction.marks { sentences = sentences.replacing(" " + mark, with: "") }
      }
      text += "// \(sentences)\n\(function.text)\n"
    }
    return text + "```\n\n\(first.documentation)\n"
  }
}
