package import DxshTime

/// How a run stands where its journal ends: what going on with it would do next, and what that has to wait for.
package struct RunSituation: Sendable, Equatable {
  /// What cannot begin before something else has ended, of the scopes that are under way.
  package struct Behind: Sendable, Equatable {
    package var count: Int
    /// The paths of the first three, in the order of the text.
    package var first: [String]

    package init(count: Int, first: [String]) {
      self.count = count
      self.first = first
    }
  }

  /// An attempt that has begun, or that nothing but a place or a time holds up.
  package struct Attempt: Sendable, Equatable {
    package var path: String
    /// From 1.
    package var number: Int
    /// How many attempts its policy allows in all; nil without a policy.
    package var limit: Int?
    /// Of one that waits for its time after a failure.
    package var notBefore: Timestamp?
    /// What its `uses` asks of the machine; nil of nothing.
    package var needs: StepNeeds?
    package var behind: Behind
  }

  package struct Wait: Sendable, Equatable {
    package var step: WaitingStep
    package var since: Timestamp?
    package var behind: Behind
  }

  /// A step that a person has to settle: its outcome is not known, or it is a compensation that failed.
  package struct Undecided: Sendable, Equatable {
    package var path: String
    package var behind: Behind
  }

  /// Set when nothing is left to do, whether or not the journal says so already.
  package var outcome: RunOutcome?
  /// Those without a time first, then by their times.
  package var attempts: [Attempt] = []
  /// Those that are over first come first, then by their paths.
  package var waits: [Wait] = []
  /// By their paths.
  package var undecided: [Undecided] = []
  /// The paths of the steps that were done, or had begun, under an earlier plan and are not wanted yet, sorted.
  package var kept: [String] = []
  /// The paths of the steps of which no other attempt was made as the `budget` of their `retry` was used up.
  package var outOfBudget: Set<String> = []
  package var trace = RunTrace()

  /// When the run has something to do by itself: the first time of a wait or of another attempt.
  package var nextTime: Timestamp? {
    (waits.compactMap(\.step.until) + attempts.compactMap(\.notBefore)).min()
  }
}
