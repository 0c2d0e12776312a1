/// All that is known of a zone's clocks, from the first to the last day: the changes that its file lists and the rule
/// after them.
struct ZoneRules: Hashable, Sendable {
  /// When the offset changes, in seconds since the epoch, ascending.
  private let changes: [Int]
  /// The offset from each change on, in seconds east of UTC.
  private let offsets: [Int]
  /// The offset before the first change.
  private let firstOffset: Int
  /// What holds from `ruleStart` on; nil when the last change was the last.
  private let rule: YearlyRule?
  private let ruleStart: Int

  /// Ascending changes, each with the offset from then on, and the rule that holds from the last one on.
  init(firstOffset: Int, changes: [(time: Int, offset: Int)], rule: YearlyRule?) {
    var times: [Int] = []
    var offsets: [Int] = []
    // Files list changes of the name, too.
    for change in changes where change.offset != offsets.last ?? firstOffset {
      times.append(change.time)
      offsets.append(change.offset)
    }
    self.changes = times
    self.offsets = offsets
    self.firstOffset = firstOffset
    self.rule = rule
    self.ruleStart = changes.last?.time ?? .min
  }

  /// The period in which an instant falls, in seconds since the epoch, at most some days outside the range of
  /// `Timestamp`.
  func period(at instant: Int) -> OffsetPeriod {
    if let rule, instant >= ruleStart {
      let period = rule.period(at: instant)
      guard ruleStart > .min else { return period }
      return OffsetPeriod(start: max(period.start ?? .min, ruleStart), end: period.end, offset: period.offset)
    }
    let next = indexOfChange(after: instant)
    return OffsetPeriod(
      start: next > 0 ? changes[next - 1] : nil,
      end: next < changes.count ? changes[next] : rule == nil ? nil : ruleStart,
      offset: next > 0 ? offsets[next - 1] : firstOffset)
  }

  /// The place of the first change after an instant, which is how many there are up to it.
  private func indexOfChange(after instant: Int) -> Int {
    var low = 0
    var high = changes.count
    while low < high {
      let middle = (low + high) / 2
      if changes[middle] <= instant {
        low = middle + 1
      } else {
        high = middle
      }
    }
    return low
  }
}
