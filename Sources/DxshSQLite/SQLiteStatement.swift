import CDxshSQLite

/// A prepared statement. Parameters and columns are counted from 0.
package final class SQLiteStatement {
  /// A cell of a row.
  package enum Cell: Sendable, Equatable {
    case null
    case integer(Int64)
    case real(Double)
    /// UTF-8, which SQLite does not guarantee.
    case text([UInt8])
    case blob([UInt8])
  }

  private let handle: OpaquePointer
  private let connection: OpaquePointer
  /// A connection whose statements live on lives on in SQLite, and asks these.
  private let surroundings: SQLiteSurroundings

  init(_ handle: OpaquePointer, of connection: OpaquePointer, _ surroundings: SQLiteSurroundings) {
    self.handle = handle
    self.connection = connection
    self.surroundings = surroundings
  }

  deinit { sqlite3_finalize(handle) }

  package var parameterCount: Int { Int(sqlite3_bind_parameter_count(handle)) }

  /// Whether it changes nothing in the database.
  package var isReadOnly: Bool { sqlite3_stmt_readonly(handle) != 0 }

  package var columnNames: [String] {
    (0..<sqlite3_column_count(handle)).map { sqlite3_column_name(handle, $0).map { String(cString: $0) } ?? "" }
  }

  package func bind(_ cells: Cell...) throws(SQLiteError) { try bind(cells) }

  package func bind(_ cells: [Cell]) throws(SQLiteError) {
    for (position, cell) in cells.enumerated() {
      let index = Int32(position + 1)
      let code =
        switch cell {
        case .null: sqlite3_bind_null(handle, index)
        case .integer(let number): sqlite3_bind_int64(handle, index, number)
        case .real(let number): sqlite3_bind_double(handle, index, number)
        case .text(let text) where text.isEmpty: sqlite3_bind_text(handle, index, "", 0, Self.transient)
        case .text(let text):
          text.withUnsafeBytes { bytes in
            sqlite3_bind_text64(
              handle, index, bytes.baseAddress?.assumingMemoryBound(to: CChar.self), UInt64(text.count),
              Self.transient, UInt8(SQLITE_UTF8))
          }
        case .blob(let blob) where blob.isEmpty: sqlite3_bind_zeroblob(handle, index, 0)
        case .blob(let blob):
          blob.withUnsafeBytes { bytes in
            sqlite3_bind_blob64(handle, index, bytes.baseAddress, UInt64(blob.count), Self.transient)
          }
        }
      guard code == SQLITE_OK else { throw SQLiteConnection.error(code, connection) }
    }
  }

  /// Goes to the next row; false when there is none.
  package func step() throws(SQLiteError) -> Bool {
    switch sqlite3_step(handle) {
    case SQLITE_ROW: return true
    case SQLITE_DONE:
      sqlite3_reset(handle)
      return false
    case let code:
      let error = SQLiteConnection.error(code, connection)
      sqlite3_reset(handle)
      throw error
    }
  }

  /// Carries the statement out; drops its rows.
  package func run() throws(SQLiteError) {
    while try step() {}
  }

  package func reset() {
    sqlite3_reset(handle)
    sqlite3_clear_bindings(handle)
  }

  package func cell(_ column: Int) -> Cell {
    let index = Int32(column)
    switch sqlite3_column_type(handle, index) {
    case SQLITE_INTEGER: return .integer(sqlite3_column_int64(handle, index))
    case SQLITE_FLOAT: return .real(sqlite3_column_double(handle, index))
    case SQLITE_TEXT: return .text(bytes(sqlite3_column_text(handle, index).map { UnsafeRawPointer($0) }, index))
    case SQLITE_BLOB: return .blob(bytes(sqlite3_column_blob(handle, index), index))
    default: return .null
    }
  }

  package func integer(_ column: Int) -> Int64 { sqlite3_column_int64(handle, Int32(column)) }

  package func text(_ column: Int) -> String {
    if case .text(let bytes) = cell(column) { String(decoding: bytes, as: UTF8.self) } else { "" }
  }

  package func blob(_ column: Int) -> [UInt8] {
    if case .blob(let bytes) = cell(column) { bytes } else { [] }
  }

  package func isNull(_ column: Int) -> Bool { sqlite3_column_type(handle, Int32(column)) == SQLITE_NULL }

  private func bytes(_ start: UnsafeRawPointer?, _ index: Int32) -> [UInt8] {
    guard let start else { return [] }
    return Array(UnsafeRawBufferPointer(start: start, count: Int(sqlite3_column_bytes(handle, index))))
  }

  /// SQLite copies what is bound.
  private static let transient = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
}

extension SQLiteStatement.Cell {
  package static func text(_ text: String) -> SQLiteStatement.Cell { .text(Array(text.utf8)) }
}
