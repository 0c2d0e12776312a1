import ArgumentParser
import DxshRuntime

/// Where a run is kept, how it is carried out and reported; the same for all commands that go on with runs.
struct RunOutputOptions: ParsableArguments {
  enum Format: String, ExpressibleByArgument, CaseIterable { case text, json }

  @Option(help: "How many calls may be in flight at once; without it as many as the workflow's limits say, else 16.")
  var maxParallel: Int?

  @Flag(help: "Let steps go in the order in which they become ready, not those first behind which most is left to do.")
  var firstCome = false

  @Option(help: "text prints the output; json prints run, status, output and error.")
  var format: Format = .text

  @Flag(help: "Stay while the run waits for a signal, which others send with `dxsh signal`.")
  var wait = false

  @Flag(help: "Say nothing on standard error but errors.")
  var quiet = false

  @OptionGroup var machine: MachineOptions
  @OptionGroup var state: StateOptions

  func validate() throws {
    guard maxParallel ?? 1 >= 1 else { throw ValidationError("--max-parallel takes at least 1") }
  }
}
