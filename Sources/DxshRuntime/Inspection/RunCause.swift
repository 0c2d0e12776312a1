package import DxshTime

/// One reason why a run does not go on, or one thing that it is at.
package struct RunCause: Sendable, Equatable {
  /// Stable: `dxsh runs explain --format json` prints these words.
  package enum Kind: String, Sendable, CaseIterable {
    /// The run has ended; there is no other cause then.
    case ended
    /// Nothing is left to do but to note the end.
    case complete
    /// A process has it.
    case underWay = "under-way"
    /// The process that has it stands still, as after SIGSTOP.
    case stopped
    /// Its process died before it ended.
    case died
    /// It has something to do, and no process takes it up.
    case unattended
    /// Somebody has made it pause.
    case paused
    /// It cannot be gone on with from here.
    case unavailable
    /// It is not known whether a step took place.
    case indeterminate
    /// A step could not be undone.
    case compensation
    /// It waits for a signal or a time.
    case wait
    /// A step waits for a slot of a pool.
    case pool
    /// A step waits for its time of a rate.
    case rate
    /// A step waits for a breaker that is open, or was.
    case breaker
    /// A step failed and will be tried again at a time.
    case retry
    /// A step is under way, was when its process ended, or is about to begin.
    case attempt
    /// A step is ready, and its process has not begun it: it asks something of the machine, which others may have.
    case machine
    /// Somebody told it something that it has not taken in.
    case message
  }

  /// A step that has what is waited for.
  package struct Holder: Sendable, Equatable {
    package var run: String
    package var step: String

    package init(run: String, step: String) {
      self.run = run
      self.step = step
    }
  }

  package var kind: Kind
  /// One sentence, without a full stop at its end.
  package var text: String
  /// The path of the step that it is about.
  package var step: String?
  package var since: Timestamp?
  /// When it is over by itself.
  package var until: Timestamp?
  package var attempt: Int?
  /// How many there may be in all.
  package var attempts: Int?
  /// What would end it.
  package var signals: [SignalName] = []
  package var behind: RunSituation.Behind?
  /// Who has the slots that are waited for, in the order of their coming.
  package var holders: [Holder] = []
  /// The process that has the run, or had it.
  package var owner: RunOwner?
  /// What to say at the command line; one of them, or the first.
  package var commands: [String] = []

  package init(_ kind: Kind, _ text: String, step: String? = nil) {
    self.kind = kind
    self.text = text
    self.step = step
  }
}

extension TimeSpan {
  /// As much of it as people want to know: `3d4h`, `2h5m`, `1m20s`, `12s`, `1.25s`.
  package var inShort: String {
    let whole = clampedNanoseconds
    let second: Int64 = 1_000_000_000
    let unit: Int64 =
      switch whole.magnitude {
      case UInt64(86_400 * second)...: 3600 * second
      case UInt64(3600 * second)...: 60 * second
      case UInt64(10 * second)...: second
      default: 1_000_000
      }
    return TimeSpan(nanoseconds: whole / unit * unit).description
  }
}

extension Timestamp {
  /// To the second.
  package var inShort: String { (Timestamp(seconds: seconds, nanoseconds: 0) ?? self).description }
}

/// Texts in commands.
package enum ShellWord {
  /// As a shell takes it for one word.
  package static func quoted(_ text: String) -> String {
    let isPlain =
      !text.isEmpty
      && text.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "."),
          UInt8(ascii: "/"), UInt8(ascii: "@"):
          true
        default: false
        }
      }
    return isPlain ? text : "'\(text.replacing("'", with: "'\\''"))'"
  }
}
