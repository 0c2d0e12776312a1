import DxshPlan
import DxshSQLite

/// What is wrong with the plans that runs were started with; each is looked at once.
struct PlanAudit {
  private var known: [String: (message: String, remedy: StoreFinding.Remedy)?] = [:]

  mutating func look(
    at hash: String, _ connection: SQLiteConnection
  ) throws(SQLiteError) -> (message: String, remedy: StoreFinding.Remedy)? {
    if let known = known[hash] { return known }
    let found = try Self.problem(hash, connection)
    known[hash] = .some(found)
    return found
  }

  private static func problem(
    _ hash: String, _ connection: SQLiteConnection
  ) throws(SQLiteError) -> (message: String, remedy: StoreFinding.Remedy)? {
    let find = try connection.cached("SELECT body FROM plans WHERE hash = ?")
    defer { find.reset() }
    try find.bind(.text(hash))
    guard try find.step() else { return ("its plan is missing", .restore) }
    return problem(of: find.blob(0), hash: hash)
  }

  /// What is wrong with a plan's bytes; nil for nothing.
  static func problem(of body: [UInt8], hash: String) -> (message: String, remedy: StoreFinding.Remedy)? {
    guard SHA256Digest(of: body).hexadecimal == hash else { return ("its plan is damaged", .restore) }
    do {
      _ = try Plan.decode(body)
      return nil
    } catch {
      return ("this version of dxsh does not read its plan (\(error.message))", .upgrade)
    }
  }
}
