import ArgumentParser
import DxshSyntax

extension DiagnosticTier: ExpressibleByArgument {}

/// `--tier`, `--deny` and `--allow`.
struct LevelOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp("Also say what only some want to see: pedantic, or audit, which has both.", valueName: "tier"))
  var tier: DiagnosticTier?

  @Option(help: ArgumentHelp("Make a warning an error, or all with `warnings`; may be repeated.", valueName: "code"))
  var deny: [String] = []

  @Option(help: ArgumentHelp("Do not say a warning; may be repeated.", valueName: "code"))
  var allow: [String] = []

  func levels() throws(CallFailure) -> Levels {
    var levels = Levels()
    levels.tier = tier
    do throws(Levels.Mistake) {
      for word in deny { try levels.deny(word) }
    } catch {
      throw CallFailure("--deny: \(error.message)")
    }
    do throws(Levels.Mistake) {
      for word in allow { try levels.allow(word) }
    } catch {
      throw CallFailure("--allow: \(error.message)")
    }
    return levels
  }
}
