import DxshSyntax

/// Reading text: tokens and trees, in MB/s and per step.
extension Bench {
  static func parsing() {
    for count in [1_000, 10_000, 100_000] {
      let file = SourceFile(id: FileID(0), name: "bench.dxsh", text: workflowText(count))
      let megabytes = Double(file.bytes.count) / 1e6
      let rounds = max(3, 200_000 / count)
      let tokens = Clock.best(of: rounds) { _ = tokenize(file) }
      let tree = Clock.best(of: rounds) { _ = parse(file) }
      print("\(count) steps (\(megabytes.oneDigit) MB): tokens \((megabytes / tokens).oneDigit) MB/s; ", terminator: "")
      print("tree \((megabytes / tree).oneDigit) MB/s (goal 50), \((tree / Double(count)).microseconds) per step")
      let formatted = Clock.best(of: max(2, rounds / 10)) { _ = format(file) }
      print("  formatted \((megabytes / formatted).oneDigit) MB/s, ", terminator: "")
      print("\((formatted / Double(count)).microseconds) per step")
      yaml(parse(file).tree, of: file, count, rounds)
    }
  }

  /// The same file as YAML, beside libyaml's events of it.
  private static func yaml(_ tree: Module, of file: SourceFile, _ count: Int, _ rounds: Int) {
    let twin = SourceFile(id: FileID(0), name: "bench.dxsh.yaml", text: printYAML(tree, of: file).text)
    let megabytes = Double(twin.bytes.count) / 1e6
    let events = Clock.best(of: rounds) { _ = countYAMLEvents(twin) }
    let read = Clock.best(of: rounds) { _ = parse(twin) }
    print("  as YAML (\(megabytes.oneDigit) MB): events \((megabytes / events).oneDigit) MB/s; ", terminator: "")
    print("tree \((megabytes / read).oneDigit) MB/s, \((read / events).oneDigit) × the events (goal 1.5)")
  }

  /// Steps as authors write them: a comment, arguments, a text with a placeholder, policies, a condition.
  private static func workflowText(_ count: Int) -> String {
    var lines = ["workflow bench(base: string, limit: int = 10) -> int {"]
    for step in 0..<count {
      let before = max(0, step - 1)
      switch step % 4 {
      case 0:
        lines += [
          "  /// Reads page \(step).",
          "  step page\(step) = http.get(url: \"${base}/items?page=\(step)\", headers: { accept: \"text/plain\" })",
          "    with timeout(30s), retry(3, backoff: exponential(1s, max: 1m))",
        ]
      case 1: lines.append("  let count\(step) = page\(before).items.filter(x, x.price > 10.5 && x.active).size()")
      case 2: lines.append("  step total\(step) = math.add(left: count\(before) * 2 + 1, right: limit - \(step))")
      default:
        lines += ["  if total\(before) > limit || total\(before) == 0 {", "    assert limit < 100, \"many\"", "  }"]
      }
    }
    lines += ["", "  output limit", "}", ""]
    return lines.joined(separator: "\n")
  }
}
