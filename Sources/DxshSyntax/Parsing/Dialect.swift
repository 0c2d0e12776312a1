/// The two languages that expressions are written in.
package enum Dialect: Sendable, Hashable {
  /// The expressions of `.dxsh` files.
  case dxsh
  /// Plain CEL as its specification has it, without messages: no durations, sizes, interpolation, records, `match` or
  /// `as`; only CEL's own words are reserved (rule 71).
  case cel
}
