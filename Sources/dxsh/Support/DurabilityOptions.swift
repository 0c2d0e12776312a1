import ArgumentParser
import DxshRuntime

/// What a process promises of what it writes of its runs.
struct DurabilityOptions: ParsableArguments {
  @Option(
    help: """
      full: what was written is on the disk before anything that must not be repeated begins. process: it survives \
      the process, but not a power cut, after which steps may take place twice. none: for tests.
      """)
  var durability: Durability = .full
}

extension Durability: ExpressibleByArgument {}
