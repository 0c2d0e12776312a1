/// `docs/functions.md`, made of the declarations.
enum FunctionReference {
  static func text(_ topics: [FunctionTopic]) -> String {
    var text = """
      # Functions

      The functions that expressions can call, by topic. `stdlib/functions/` declares them; this page is made of it.
      Operators, macros and everything else about expressions: [expressions.md](expressions.md).

      A function whose first parameter is `self` is called on that value: `func contains(self: string, part: string)`
      as `"workflow".contains("flow")`. The others are called by their whole name: `math.abs(-1)`. `A` and `B` stand
      for any type. What `throws` an error needs `try(…)` or `attempt(…)` around it in a file, and so do the examples.

      Every line of an example is true, save under `fails`, where each is refused or has no value. What `expr` heads
      holds in plain CEL (`dxsh eval`) and in files, `cel` only in plain CEL, `dxsh` only in files.


      """
    for topic in topics {
      let names = topic.groups.map { "[\($0.name)](#\(anchor(topic, $0.name)))" }
      text += "- [\(topic.title)](#\(topic.name)): \(names.joined(separator: ", "))\n"
    }
    for topic in topics {
      text += "\n<a id=\"\(topic.name)\"></a>\n\n## \(topic.title)\n"
      if !topic.introduction.isEmpty { text += "\n\(topic.introduction)\n" }
      for group in topic.groups {
        text += "\n<a id=\"\(anchor(topic, group.name))\"></a>\n\n### \(group.name)\n"
        for function in group.functions {
          text += "\n```\n\(function.text)\n```\n\n\(function.documentation)\n"
        }
      }
    }
    return text
  }

  private static func anchor(_ topic: FunctionTopic, _ name: String) -> String { "\(topic.name)-\(name)" }
}
