extension TimeZone {
  /// The instants at which the clocks show a time. Nil outside the range of `Timestamp`.
  ///
  /// Should a zone's file have clocks show a time more than twice, the first and the last are given.
  package func instants(of local: CivilTime) -> LocalInstants? {
    let wanted = local.secondsSinceEpoch
    let range = Int(Timestamp.minimumSeconds) - Self.offsets.upperBound...Int(Timestamp.maximumSeconds) + 90_000
    guard range.contains(wanted) else { return nil }
    var found: [Int] = []
    var gap: (end: Int, before: Int, after: Int)?
    // All periods within reach of the largest offsets.
    var period = period(at: wanted - Self.offsets.upperBound)
    while true {
      if period.contains(wanted - period.offset) { found.append(wanted - period.offset) }
      guard let end = period.end, end <= wanted - Self.offsets.lowerBound else { break }
      let next = self.period(at: end)
      if wanted - period.offset >= end, wanted - next.offset < end { gap = (end, period.offset, next.offset) }
      period = next
    }
    let instants = found.compactMap { Timestamp(seconds: Int64($0), nanoseconds: Int64(local.nanosecond)) }
    if let first = instants.first, let last = instants.last {
      return instants.count == 1 ? .once(first) : .twice(first: first, second: last)
    }
    guard let gap, let end = Timestamp(seconds: Int64(gap.end), nanoseconds: 0),
      let shifted = Timestamp(seconds: Int64(wanted - gap.before), nanoseconds: Int64(local.nanosecond))
    else { return nil }
    return .never(LocalInstants.Gap(end: end, shifted: shifted, offsetBefore: gap.before, offsetAfter: gap.after))
  }
}
