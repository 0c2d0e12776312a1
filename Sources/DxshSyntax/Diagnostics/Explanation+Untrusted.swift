extension DiagnosticCode {
  /// Of text that others wrote.
  var untrustedExplanation: Explanation {
    switch self {
    case .untrustedCode:
      Explanation(
        "others can write code that is run",
        why:
          "What a server answers, a webhook delivers or a model says is text that others chose. In a command, in SQL "
          + "or among the instructions of a model it would be obeyed. Where that is meant, a comment says why.",
        wrong: Self.example("shell.script(script: \"echo ${page.body}\")"),
        right: Self.example("shell.script(script: \"cat\", input: page.body)"))
    case .untrustedPlace:
      Explanation(
        "others can choose a file or a server",
        why:
          "What a server answers, a webhook delivers or a model says is text that others chose. As a path it can name "
          + "any file (`../../etc/passwd`), as a URL any server, inside your network too. `url.segment` makes one name "
          + "of a text; `hosts` says which servers may be asked.",
        wrong: Self.example("file.read(path: \"pages/${page.body}\")"),
        right: Self.example("file.read(path: \"pages/${url.segment(page.body)}\")"))
    default: preconditionFailure("\(rawValue) is explained elsewhere")
    }
  }

  private static func example(_ call: String) -> String {
    "workflow w() {\n  step page = http.get(url: \"https://example.com/\") as { body: string }\n"
      + "  step used = \(call)\n}"
  }
}
