/// The stable JSON forms of what a stored plan is made of: constants, types and expressions, as `Value`s ready for
/// `JSONWriter`, and their reverse.
///
/// The forms are part of the plan's durable format: each thing is written in one way, so that equal plans are equal
/// bytes. Unlike in `JSONWriter`'s own form of a value, nothing is lost.
package enum JSONForm {
  /// How deeply constants and types may nest; reading refuses more.
  package static let depthLimit = JSONReader.depthLimit
}
