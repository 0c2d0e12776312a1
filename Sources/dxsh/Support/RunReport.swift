import ArgumentParser
import DxshExpressions
import DxshRuntime

/// Prints how a run stopped, and throws the exit code when that is not 0.
struct RunReport {
  let id: String
  let options: RunOutputOptions

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
      Output.error("the run failed\(place): \(failure.kind): \(failure.message)")
      throw ExitCode(outcome.status == .rejected ? 3 : 1)
    case .cancelled:
      try envelope(outcome.status)
      Output.error("the run was cancelled")
      throw ExitCode(130)
    }
  }

  func paused(_ paths: [String]) throws {
    try envelope(.paused)
    let steps = paths.map { "  \($0)" }.joined(separator: "\n")
    Output.error(
      """
      the run \(id) is paused: it is not known whether \(paths.count == 1 ? "this step" : "these steps") took place:
      \(steps)
      find out, and say `dxsh runs settle \(id) \(paths[0]) done`, `retry` or `fail`
      """)
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
