extension JSONReader {
  /// What a reader accepts, and what becomes of numbers that JSON allows and a program may not want rounded. The
  /// defaults lose nothing but what RFC 8259, section 6, lets every reader lose: a number with a fraction or an
  /// exponent becomes the nearest double.
  package struct Options: Sendable {
    package enum Fractions: Sendable {
      /// The nearest double; an error when that is infinite.
      case double
      /// All digits; an error when they are more than a decimal's 34.
      case decimal
    }

    /// Integers below Int64's or above UInt64's.
    package enum LargeIntegers: Sendable {
      case refused
      /// Text of the same digits.
      case text
      /// An error when the digits are more than a decimal's 34.
      case decimal
    }

    package enum RepeatedKeys: Sendable {
      case refused
      /// The last value counts, at the place of the first.
      case lastWins
    }

    /// For numbers with a fraction or an exponent.
    package var fractions = Fractions.double
    package var largeIntegers = LargeIntegers.refused
    package var repeatedKeys = RepeatedKeys.refused
    /// How deeply lists and objects may nest, up to `deepest`.
    package var depth = JSONReader.depthLimit
    /// The size of the text in bytes. A value takes three times as many, in the worst of cases 25 times.
    package var byteLimit = 1 << 30

    /// Values are freed, compared and written recursively. At this depth that takes up to 0.8 MB of a thread's stack,
    /// 4 MB in a debug build, of the usual 8.
    package static let deepest = 1024

    package init() {}
  }
}
