import ArgumentParser

/// `dxsh version`
struct VersionCommand: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "version", abstract: "Prints the version.")

  func run() {
    Output.result("dxsh \(Dxsh.version)")
  }
}
