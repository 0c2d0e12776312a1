import DxshExpressions
import DxshTime

extension CheckedApproval {
  /// How long it waits at most; nil where that is known only when it runs.
  var constantDeadline: TimeSpan? {
    if case .duration(let span)? = deadline?.constantValue { span } else { nil }
  }

  /// Of those that there are the one with the longest deadline; the first of several.
  static func longest(of approvals: [CheckedApproval?]) -> CheckedApproval? {
    approvals.reduce(nil) { longest, other in
      guard let longest, let other else { return longest ?? other }
      return other.constantDeadline ?? .zero > longest.constantDeadline ?? .zero ? other : longest
    }
  }
}

extension CheckedScope {
  /// Of the approvals in it and in what it calls the one with the longest deadline; nil for none.
  var longestApproval: CheckedApproval? {
    var longest: CheckedApproval?
    for leaf in leaves {
      let other: CheckedApproval? =
        switch leaf.kind {
        case .approval(let approval): approval
        case .invocation(let invocation): invocation.approval
        case .loop(let loop): loop.body.longestApproval
        case .iteration(let iteration): iteration.body.longestApproval
        case .attempt(let attempt): .longest(of: [attempt.body.longestApproval, attempt.handler.longestApproval])
        case .value, .call, .condition, .assertion, .failure, .wait, .output, .barrier, .invalid: nil
        }
      if let other { longest = .longest(of: [longest, other]) }
    }
    return longest
  }
}
