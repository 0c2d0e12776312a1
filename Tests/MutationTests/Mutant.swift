import DxshSyntax

/// A file with one mistake.
struct Mutant {
  var mistake: Mistake
  /// The file that it was made of, and what stands there now.
  var name: String
  var text: String
  var place: Place

  /// Where the mistake is.
  enum Place {
    /// On the lines of the site of this number in the tree that the text has.
    case site(Int)
    /// On the lines from that of one byte to that of another.
    case bytes(Int, Int)
    /// On the line of this text.
    case line(of: String)
  }
}

/// The kinds of mistakes that authors make.
enum Mistake: String, CaseIterable {
  case misspeltName = "a misspelt name"
  case misspeltField = "a misspelt field"
  case misspeltArgument = "a misspelt argument"
  case misspeltNode = "a misspelt node"
  case misspeltFunction = "a misspelt function"
  case misspeltType = "a misspelt type"
  case misspeltMember = "a misspelt member of an enum"
  case misspeltPolicy = "a misspelt policy"
  case droppedArgument = "a dropped argument"
  case extraArgument = "an argument too many"
  case swappedLiteral = "a literal of another type"
  case swappedType = "a declared type for another"
  case unguardedOptional = "an optional used unguarded"
  case missingArm = "a missing arm"
  case repeatedArm = "an arm that another one covers"
  case secretInLog = "a secret in a message"
  case retryOnOnce = "a retry of what may happen once"
  case cycle = "a cycle"
  case race = "a file that two steps write at once"
  case mixedUnits = "a unit for another"
  case policyArgument = "a policy's argument of another type"
  case wrongOperand = "an operand of another type"
  case conditionWithoutBool = "a condition that is no bool"
  case loopOverNumber = "a loop over a number"
  case repeatedName = "a name that is there already"
  case missingField = "a record without a field"
  case extraField = "a field too many"
  case undecodedJSON = "json used undecoded"
  case unprovenPart = "an element that may be absent"
  case cronSyntax = "a cron expression out of range"
  case cronNeverFires = "a cron expression that never fires"
  case unknownZone = "an unknown time zone"
  case quorumTooHigh = "a quorum too high"
  case misspeltScheduleField = "a misspelt field of a schedule or an approval"
  case unusedValue = "a value that nobody reads"
  case constantCondition = "a condition that decides nothing"
  case unclosedBracket = "an unclosed bracket"
  case unclosedString = "an unclosed string"
  case droppedKeyword = "a dropped keyword"
  case misspeltKeyword = "a misspelt keyword"
  case misspeltKey = "a misspelt key in YAML"
  case droppedKey = "a dropped key in YAML"
  case unclosedQuote = "an unclosed quote in YAML"
  case tab = "a tab in YAML"
}

/// A text with parts of it replaced.
struct Edits {
  private let file: SourceFile
  private var edits: [(start: Int, end: Int, text: String)] = []

  init(_ file: SourceFile) {
    self.file = file
  }

  func replacing(_ range: SourceRange, with text: String) -> Edits {
    replacing(Int(range.start), Int(range.end), with: text)
  }

  func replacing(_ start: Int, _ end: Int, with text: String) -> Edits {
    var copy = self
    copy.edits.append((start, end, text))
    return copy
  }

  func inserting(_ text: String, at offset: Int) -> Edits { replacing(offset, offset, with: text) }

  /// Below everything else, so that it moves nothing.
  func appending(_ text: String) -> Edits { inserting("\n" + text + "\n", at: file.bytes.count) }

  var result: String {
    var bytes = file.bytes
    for edit in edits.sorted(by: { $0.start > $1.start }) {
      bytes.replaceSubrange(edit.start..<edit.end, with: Array(edit.text.utf8))
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
