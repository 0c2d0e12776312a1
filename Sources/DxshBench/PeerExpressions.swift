/// The same expressions through `cel-expr-python`, which is Google's C++ runtime.
enum PeerExpressions {
  /// Nanoseconds for each element; nil when that Python does not have the package.
  static func costs(_ python: String, _ expressions: [Bench.ExpressionCase]) -> [Double]? {
    let cases = expressions.map { "(\(quoted($0.text)), \($0.elements))" }.joined(separator: ",\n  ")
    let path = Files.folder + "/peer.py"
    Files.write(script.replacing("CASES", with: cases), to: path)
    let output = Process.output(of: "\(python) \(path) 2>/dev/null")
    let costs = output.split(separator: "\n").compactMap { Double($0) }
    return costs.count == expressions.count ? costs : nil
  }

  private static func quoted(_ text: String) -> String { "\"\"\"\(text)\"\"\"" }

  private static let script = """
    import time
    from cel_expr_python import cel

    cases = [
      CASES
    ]
    variables = {'xs': cel.Type.List(cel.Type.INT), 'rs': cel.Type.List(cel.Type.Map(cel.Type.STRING, cel.Type.DYN))}
    environment = cel.NewEnv(variables=variables)
    for text, count in cases:
        expression = environment.compile(text)
        rs = [{'name': 'user%d' % i, 'age': i % 90, 'active': i % 2 == 0, 'score': i / 2, 'id': i} for i in range(count)]
        best = 1e9
        for _ in range(10):
            activation = environment.Activation({'xs': list(range(count)), 'rs': rs})
            start = time.thread_time()
            expression.eval(activation)
            best = min(best, time.thread_time() - start)
        print(best / count * 1e9)

    """
}
