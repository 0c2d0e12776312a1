import DxshPlan
import DxshRuntime
import DxshSQLite
import DxshTime

/// Results that runs share.
extension SQLiteTransactions {
  /// Each that is kept removes so many that nobody may use any more, so that they come to nothing in the end.
  private static let removedAtOnce: Int64 = 8

  func keep(_ results: [CachedResult], at time: Timestamp) throws(SQLiteError) {
    let remove = try connection.cached(
      "DELETE FROM results WHERE number IN (SELECT number FROM results WHERE until_ms <= ? LIMIT ?)")
    try remove.bind(.integer(time.milliseconds), .integer(Self.removedAtOnce * Int64(results.count)))
    try remove.run()
    let write = try connection.cached("INSERT OR REPLACE INTO results (key, bytes, until_ms) VALUES (?, ?, ?)")
    for result in results {
      try write.bind(.blob(result.key.bytes), .blob(result.bytes), .integer(result.until.milliseconds))
      try write.run()
    }
  }
}
