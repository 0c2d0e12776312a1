/// Why there is no zone of a name.
package enum ZoneError: Error, Hashable, Sendable {
  /// No zone can be called so: neither a name like `Europe/Berlin` nor an offset like `+02:00`.
  case malformedName
  /// The database has no such zone.
  case unknown
  /// There is no database at this path: the package tzdata is not installed, or TZDIR is wrong.
  case noDatabase(String)
  /// The file at this path cannot be read or is not what a zone's file must be.
  case unreadable(String)
}
