import ArgumentParser
import DxshRuntime

/// `dxsh store …`
struct StoreCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "store",
    abstract: "Checks and mends the store of a state folder, moves its runs, and removes old ones.",
    discussion: """
      EXAMPLES
        dxsh store check
        dxsh store export runs.jsonl --state /var/lib/reports
        dxsh store vacuum --keep 7d --dry-run
      """,
    subcommands: [
      StoreCheckCommand.self, StoreRebuildCommand.self, StoreMigrateCommand.self, StoreExportCommand.self,
      StoreImportCommand.self, StoreVacuumCommand.self,
    ])
}

/// Carries out a part of a command that throws what a store throws.
func reportingStoreErrors<Result>(_ body: () throws(RunStoreError) -> Result) throws(CallFailure) -> Result {
  do throws(RunStoreError) {
    return try body()
  } catch {
    throw CallFailure(error.message, code: error.kind == .taken ? 4 : 2)
  }
}
