import ArgumentParser
import DxshExpressions
import DxshRuntime
import DxshStores

/// `dxsh store check`
struct StoreCheckCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Looks for what is wrong with a store.",
    discussion: """
      Reads everything: the pages of the database, every part of every journal, the plans, the messages, and whether \
      what is shown of a run is what its journal says. Others may go on with their runs meanwhile. Each line names \
      what is wrong and the remedy. Exits 1 when there is something, 2 when the store cannot be looked at.

      EXAMPLES
        dxsh store check
        dxsh store check --state /var/lib/reports --format json
      """)

  @Option(help: "text or json.")
  var format: RunOutputOptions.Format = .text

  @OptionGroup var state: StateOptions

  func run() async throws {
    let folder = try state.existingFolder()
    var findings: [StoreFinding] = []
    let count = try reportingStoreErrors { () throws(RunStoreError) in
      try StoreCheck.run(folder: folder) { finding in
        if format == .text { Output.result(finding.description) }
        findings.append(finding)
      }
    }
    // Of a store that cannot be read there is nothing to count.
    let unused = (try? StoreCheck.unusedValues(folder: folder)) ?? 0
    switch format {
    case .json: Output.result(JSONForm.text(Self.json(count, unused, findings)))
    case .text:
      if findings.isEmpty { Output.result("\(Counted.text(count, "run")), nothing wrong") }
      if unused > 0 {
        Output.result(
          "\(Counted.text(unused, "large value")) that no run uses: `dxsh store vacuum` removes them")
      }
    }
    if !findings.isEmpty { throw ExitCode(1) }
  }

  private static func json(_ runs: Int, _ unused: Int, _ findings: [StoreFinding]) -> Value {
    let rows = findings.map { finding in
      JSONForm.object([
        ("run", finding.run.map(Value.text) ?? .null), ("message", .text(finding.message)),
        ("remedy", .text(finding.remedy.rawValue)),
      ])
    }
    return JSONForm.object([
      ("runs", .int(Int64(runs))), ("unused_values", .int(Int64(unused))), ("findings", .list(rows)),
    ])
  }
}
