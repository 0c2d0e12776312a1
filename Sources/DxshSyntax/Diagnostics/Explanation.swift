/// The long form of a diagnostic: what it means, and an example with the mistake and without.
package struct Explanation: Sendable {
  package var title: String
  package var why: String
  /// A whole file that gives exactly this diagnostic.
  package var wrong: String
  /// The file mended. Of schedules it still says that this version does not run them.
  package var right: String
  /// Whether the two are in the YAML form.
  package var isYAML: Bool

  init(_ title: String, why: String, wrong: String, right: String, isYAML: Bool = false) {
    self.title = title
    self.why = why
    self.wrong = wrong
    self.right = right
    self.isYAML = isYAML
  }

  /// What a file with one of the two is called.
  package var fileName: String { isYAML ? "example.dxsh.yaml" : "example.dxsh" }

  /// What `dxsh explain` prints.
  package func text(_ code: DiagnosticCode) -> String {
    """
    \(code.rawValue): \(title)

    \(why)

    Wrong:

    \(Self.indented(wrong))

    Right:

    \(Self.indented(right))
    """
  }

  private static func indented(_ source: String) -> String {
    source.split(separator: "\n", omittingEmptySubsequences: false).map { $0.isEmpty ? "" : "    " + $0 }
      .joined(separator: "\n")
  }
}

extension DiagnosticCode {
  package var explanation: Explanation {
    switch self {
    case .unexpectedToken, .unclosedDelimiter, .badString, .badLiteral, .nestingLimit, .badEncoding, .misplacedWord,
      .notSupported:
      textExplanation
    case .badYAML, .unsupportedYAML, .yamlTrap, .unknownKey, .duplicateKey, .missingKey, .misplacedValue,
      .expansionLimit:
      yamlExplanation
    case .unknownName, .duplicateName, .unknownType, .unknownField, .unknownArgument, .recursion, .ambiguousMember,
      .importFailed:
      nameExplanation
    case .typeMismatch, .optionalNotNarrowed, .missingArgument, .badOperand, .inexhaustiveMatch, .unreachableArm,
      .noCommonType, .recordShape,
      .notRenderable, .undecodedJSON, .partialOperation:
      typeExplanation
    case .dependencyCycle, .unreachable, .missingOutput, .race, .unsafeRetry, .deadHandler, .undeclaredError,
      .timeoutInversion, .idleWait, .waitInFinally, .misplacedPolicy,
      .unused,
      .unusedStepResult, .constantCondition, .shadowing, .redundant,
      .misplacedDocumentation, .suppression:
      flowExplanation
    case .cronSyntax, .cronNeverFires, .badTimeZone, .fireInGap, .fireInOverlap, .launchInputMissing,
      .emptyWindow, .selfOverlap, .unevenStep, .dayAndWeekday:
      scheduleExplanation
    case .widerThanLimit, .mayExceedLimit, .limitsDisagree: boundExplanation
    case .approvalBypassed, .approvalWithoutDeadline, .approvalOpensByItself, .approvalUnused, .impossibleQuorum,
      .decidedUnseen, .approvalPerElement, .approvalsPileUp:
      approvalExplanation
    case .secretInMessage, .secretKept, .secretInArgument, .hardcodedSecret, .secretDecides: secretExplanation
    case .untrustedCode, .untrustedPlace: untrustedExplanation
    }
  }
}
