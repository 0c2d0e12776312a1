import DxshExpressions
import DxshPlan

/// The values of a plan's secrets, as the environment of this process has them. They are held in memory alone.
enum Secrets {
  /// Throws a sentence that names the secret, never its value, when one is missing or is not of its type.
  static func values(for plan: Plan) throws(CallFailure) -> [Value] {
    var values: [Value] = []
    for secret in plan.secrets {
      switch secret.source {
      case .environment(let variable):
        guard let text = Environment.variables[variable] else {
          throw CallFailure("the secret \(secret.name) is missing: set the environment variable \(variable)")
        }
        guard let value = value(text, as: secret.type) else {
          throw CallFailure("the secret \(secret.name) is no \(secret.type): see the environment variable \(variable)")
        }
        values.append(value)
      }
    }
    return values
  }

  /// Values of the secrets' types, for looking at a plan where the secrets are not there.
  static func standIns(for plan: Plan) -> [Value] {
    plan.secrets.map { secret in
      if case .enumeration(let declared) = secret.type { return .text(declared.members.first?.wireName ?? "") }
      let texts = ["", "0", "0s", "1970-01-01T00:00:00Z"]
      return texts.lazy.compactMap { value($0, as: secret.type) }.first ?? .none
    }
  }

  private static func value(_ text: String, as type: Type) -> Value? {
    switch type {
    case .bool, .int, .uint, .double: (try? JSONReader.read(Array(text.utf8))).flatMap { try? $0.decoded(as: type) }
    case .string, .bytes, .timestamp, .duration, .size, .enumeration: try? Value.text(text).decoded(as: type)
    case .json, .null, .dyn, .never, .unknown, .list, .map, .optional, .record, .parameter, .secret, .connection,
      .decimal, .money, .type, .abstract:
      nil
    }
  }
}
