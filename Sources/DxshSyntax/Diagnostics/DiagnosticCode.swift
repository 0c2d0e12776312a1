/// Every diagnostic there is, by its stable code. Codes are never reused.
///
/// `E0…` is text, `E01…` names, `E02…` types, `E03…` flow and effects, `E04…` schedules, `E05…` approvals,
/// `E07…` secrets; `W…` warns. What each means at length is in `Explanation`.
package enum DiagnosticCode: String, Sendable, Hashable, CaseIterable {
  case unexpectedToken = "E0001"
  case unclosedDelimiter = "E0002"
  case badString = "E0003"
  case badLiteral = "E0004"
  case nestingLimit = "E0005"
  case badEncoding = "E0006"
  case badYAML = "E0007"
  case unsupportedYAML = "E0008"
  case yamlTrap = "E0009"
  case misplacedWord = "E0010"
  case unknownKey = "E0011"
  case duplicateKey = "E0012"
  case missingKey = "E0013"
  case misplacedValue = "E0014"
  case expansionLimit = "E0015"
  case notSupported = "E0020"

  case unknownName = "E0101"
  case duplicateName = "E0102"
  case unknownType = "E0103"
  case unknownField = "E0104"
  case unknownArgument = "E0107"
  case recursion = "E0109"
  case ambiguousMember = "E0111"
  case importFailed = "E0112"

  case typeMismatch = "E0201"
  case optionalNotNarrowed = "E0202"
  case missingArgument = "E0203"
  case badOperand = "E0204"
  case inexhaustiveMatch = "E0205"
  case unreachableArm = "E0206"
  case noCommonType = "E0207"
  case recordShape = "E0208"
  case notRenderable = "E0210"
  case undecodedJSON = "E0211"
  case partialOperation = "E0214"

  case dependencyCycle = "E0301"
  case unreachable = "E0302"
  case missingOutput = "E0303"
  case race = "E0304"
  case unsafeRetry = "E0306"
  case deadHandler = "E0307"
  case undeclaredError = "E0308"
  case timeoutInversion = "E0309"

  case cronSyntax = "E0401"
  case cronNeverFires = "E0402"
  case badTimeZone = "E0403"
  case fireInGap = "E0404"
  case fireInOverlap = "E0405"

  case approvalWithoutDeadline = "E0503"
  case approvalOpensByItself = "E0504"
  case impossibleQuorum = "E0506"

  case secretInMessage = "E0701"
  case secretKept = "E0702"
  case secretInArgument = "E0703"
  case hardcodedSecret = "E0705"
  case secretDecides = "E0706"

  case unused = "W0001"
  case unusedStepResult = "W0002"
  case constantCondition = "W0004"
  case suppression = "W0008"
  case misplacedDocumentation = "W0011"
  case selfOverlap = "W0406"
  case unevenStep = "W0408"
  case dayAndWeekday = "W0409"
  case widerThanLimit = "W0602"
  case mayExceedLimit = "W0603"

  package var severity: Diagnostic.Severity {
    rawValue.hasPrefix("W") ? .warning : .error
  }
}
