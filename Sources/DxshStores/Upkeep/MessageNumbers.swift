import DxshSQLite

/// The numbers of messages, which only go up.
enum MessageNumbers {
  /// The last one that was given away.
  static func last(_ connection: SQLiteConnection) throws(SQLiteError) -> Int64 {
    let read = try connection.cached("SELECT seq FROM sqlite_sequence WHERE name = 'inbox'")
    defer { read.reset() }
    return try read.step() ? read.integer(0) : 0
  }

  /// Sees to it that later messages have larger numbers.
  static func pass(_ number: Int64, _ connection: SQLiteConnection) throws(SQLiteError) {
    guard number > (try last(connection)) else { return }
    let raise = try connection.cached("UPDATE sqlite_sequence SET seq = ?1 WHERE name = 'inbox'")
    try raise.bind(.integer(number))
    try raise.run()
    guard connection.changes == 0 else { return }
    let add = try connection.cached("INSERT INTO sqlite_sequence (name, seq) VALUES ('inbox', ?)")
    try add.bind(.integer(number))
    try add.run()
  }
}
