import ArgumentParser
import DxshExpressions
import DxshPlan
import DxshRuntime

/// Prints how a run stopped, and throws the exit code when that is not 0.
struct RunReport {
  let id: String
  let options: RunOutputOptions
  /// What follows each command that is named, such as ` --state reports/.dxsh`.
  let given: String

  init(_ id: String, in store: any RunStore, _ options: RunOutputOptions) {
    self.id = id
    self.options = options
    self.given = options.state.given(for: store)
  }

  /// How a run stands that this process did not bring to where it is.
  func standing(_ status: RunStatus) throws { try envelope(status) }

  func ended(_ outcome: RunOutcome) throws {
    switch outcome {
    case .succeeded(let value):
      if options.format == .json {
        try envelope(outcome.status, output: value)
      } else if !value.isNone {
        Output.result(try JSONWriter.write(value, indented: true))
      }
    case .failed(let failure):
      try envelope(outcome.status, error: failure)
      let place = failure.path.isEmpty ? "" : " at \(failure.path)"
      Output.error("the run failed\(PrintableText.line(place)): \(failure.kind): \(failure.message)")
      throw ExitCode(outcome.status == .rejected ? 3 : 1)
    case .cancelled:
      try envelope(outcome.status)
      Output.error("the run was cancelled")
      throw ExitCode(130)
    }
  }

  func paused(_ paths: [String]) throws {
    try envelope(.paused)
    let unknown = paths.filter { Plan.undone(by: $0) == nil }
    let undoing = paths.filter { Plan.undone(by: $0) != nil }
    var problems: [(text: String, steps: [String])] = []
    if !unknown.isEmpty {
      problems.append(
        ("it is not known whether \(unknown.count == 1 ? "this step" : "these steps") took place", unknown))
    }
    if !undoing.isEmpty {
      problems.append(("what was to undo a step failed, or it is not known whether it took place", undoing))
    }
    var lines = ["the run \(id) is paused: \(problems[0].text):"]
    for (number, problem) in problems.enumerated() {
      if number > 0 { lines.append("\(problem.text):") }
      lines += problem.steps.map { "  \(PrintableText.line($0))" }
    }
    let step = ShellWord.quoted(paths[0])
    lines.append("find out, and say `dxsh runs settle \(id) \(step) done\(given)`, or the same with `retry` or `fail`")
    Output.error(lines.joined(separator: "\n"))
    throw ExitCode(4)
  }

  func paused(_ pause: RunPause) throws {
    try envelope(.paused)
    Output.error(
      """
      the run \(id) was paused by somebody\(pause.words)
      say `dxsh resume \(id)\(given)` to go on, or `dxsh cancel \(id)\(given)` to end it
      """)
    throw ExitCode(4)
  }

  /// - isKept: whether anything of the run is
  func waiting(_ waits: [WaitingStep], isKept: Bool) throws {
    try envelope(.waiting)
    let now = SystemClock().now()
    let lines = waits.map { "  " + PrintableText.line("\($0.path): \($0.words(at: now))") }.joined(separator: "\n")
    guard isKept else {
      Output.error("the run waits, and is gone as nothing of it is kept (--ephemeral):\n\(lines)")
      throw ExitCode(4)
    }
    var help = ""
    if let signal = waits.lazy.compactMap(\.signals.first).first {
      let key = signal.key.map { " --key \(ShellWord.quoted($0))" } ?? ""
      let command = PrintableText.line("dxsh signal \(id) \(ShellWord.quoted(signal.name))\(key)\(given)")
      help = "\nsay `\(command)` to send what it waits for"
    }
    Output.error("the run \(id) waits:\n\(lines)\(help)")
    throw ExitCode(4)
  }

  private func envelope(_ status: RunStatus, output: Value = .none, error: RunFailure? = nil) throws {
    guard options.format == .json else { return }
    let shape = RecordShape(["run", "status", "output", "error"])
    let errorShape = RecordShape(["kind", "message", "path", "attempt"])
    let failure = error.map { error in
      Value.record(
        RecordValue(
          errorShape, [.text(error.kind), .text(error.message), .text(error.path), .int(Int64(error.attempt))]))
    }
    let fields = [.text(id), .text(status.rawValue), output, failure ?? .none]
    Output.result(try JSONWriter.write(.record(RecordValue(shape, fields)), indented: true))
  }
}
