/// When the clocks of a zone show a certain time.
package enum LocalInstants: Hashable, Sendable {
  /// As almost always.
  case once(Timestamp)
  /// The clocks were put back over it.
  case twice(first: Timestamp, second: Timestamp)
  /// The clocks were put forward over it.
  case never(Gap)

  /// Where clocks skip a stretch of time.
  package struct Gap: Hashable, Sendable {
    /// The first instant after it.
    package let end: Timestamp
    /// The instant at which the clocks would have shown the time if they had not been changed: as long after `end` as
    /// the time is into the gap.
    package let shifted: Timestamp
    /// The offset before the change, in seconds east of UTC.
    package let offsetBefore: Int
    /// The offset after the change, larger by the length of the gap.
    package let offsetAfter: Int
  }

  /// One instant for the time, as calendars choose (RFC 5545, section 3.3.5): the first of two; in a gap the time
  /// moves forward by its length, 02:30 to 03:30.
  package var chosen: Timestamp {
    switch self {
    case .once(let instant), .twice(let instant, _): instant
    case .never(let gap): gap.shifted
    }
  }

  /// The first instant at which the clocks show the time or a later one.
  package var firstAtOrAfter: Timestamp {
    switch self {
    case .once(let instant), .twice(let instant, _): instant
    case .never(let gap): gap.end
    }
  }
}
