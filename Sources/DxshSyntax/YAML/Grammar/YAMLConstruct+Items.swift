/// What stands in a workflow's body. The first key of each is the one that tells them apart.
extension YAMLConstruct {
  static let items: [YAMLConstruct] = [
    binding, step, wait, approval, conditional, match, loop, iteration, sequence, attempt, assertion, failure, output,
  ]

  private static let afterKey = YAMLKey.optional(.after, .list(.path), "What it waits for")
  private static let withKey = YAMLKey.optional(.with, .policies, "Its policies, by name")
  private static let wasKey = YAMLKey.optional(.was, .name, "The name that it had before")
  private static let doKey = YAMLKey.required(.do, .items, "Its items")

  static let binding = YAMLConstruct(
    "let", "a `let`",
    [
      .required(.let, .name, "The name of the value"),
      .optional(.type, .type, "Its type"),
      .required(.value, .value, "The value"),
    ])

  static let step = YAMLConstruct(
    "step", "a step",
    [
      .required(.step, .name, "The name of the step and of its result"),
      .required(.call, .path, "The node or workflow that it calls"),
      .optional(.args, .arguments, "The arguments"),
      .optional(.as, .type, "The type of its result"),
      afterKey,
      .optional(.requires, .list(.name), "The approvals that let it start"),
      withKey, wasKey,
    ])

  static let wait = YAMLConstruct(
    "wait", "a wait",
    [
      .required(.wait, .name, "The name of the wait and of its result"),
      .optional(.call, .path, "What is waited for: delay, until or signal"),
      .optional(.args, .arguments, "The arguments of the call"),
      .optional(.any, .named(.construct(alternative)), "Several to wait for, the first of which counts"),
      .optional(.as, .type, "The type of its result"),
      afterKey, withKey, wasKey,
    ])

  static let alternative = YAMLConstruct(
    "alternative", "what is waited for",
    [
      .required(.call, .path, "delay, until or signal"),
      .optional(.args, .arguments, "The arguments of the call"),
      .optional(.as, .type, "The type of its result"),
    ])

  static let conditional = YAMLConstruct(
    "if", "an `if`",
    [
      .required(.if, .value, "The condition"),
      .required(.then, .items, "What is done where it holds"),
      .optional(.else, .items, "What is done where it does not"),
    ])

  static let match = YAMLConstruct(
    "match", "a `match`",
    [
      .required(.match, .value, "What is matched"),
      .required(.cases, .list(.construct(matchCase)), "The cases"),
    ])

  static let matchCase = YAMLConstruct(
    "case", "a case of a `match`",
    [
      .required(.when, .pattern, "The pattern: `pro`, `1 | 2`, `_`"),
      doKey,
    ])

  static let loop = YAMLConstruct(
    "for", "a `for`",
    [
      .required(.for, .name, "The name of the element"),
      .optional(.index, .name, "The name of its place in a list or its key in a map"),
      .required(.in, .value, "The list or map"),
      afterKey, withKey,
      .optional(.collect, .name, "The name of the list of failures"),
      wasKey, doKey,
    ])

  static let iteration = YAMLConstruct(
    "repeat", "a `repeat`",
    [
      .required(.repeat, .name, "The name of the state"),
      .optional(.type, .type, "The type of the state"),
      .required(.from, .value, "The first state"),
      afterKey, withKey, wasKey, doKey,
      .required(.next, .value, "The next state"),
      .optional(.while, .value, "Whether there is a next one"),
    ])

  static let sequence = YAMLConstruct(
    "sequence", "a `sequence`", [.required(.sequence, .items, "Items, each of which waits for the one before")])

  static let attempt = YAMLConstruct(
    "try", "a `try`",
    [
      .required(.try, .items, "What may fail"),
      .required(.catch, .name, "What the error is called"),
      .required(.do, .items, "What is done when it fails"),
    ])

  static let assertion = YAMLConstruct(
    "assert", "an `assert`",
    [
      .required(.assert, .value, "What has to hold"),
      .required(.message, .value, "Why the run ends where it does not"),
    ])

  static let failure = YAMLConstruct(
    "fail", "a `fail`",
    [
      .required(.fail, .value, "Why the run ends"),
      .optional(.kind, .name, "The kind of failure"),
    ])

  static let output = YAMLConstruct("output", "an `output`", [.required(.output, .value, "The result of the run")])

  // MARK: Tests

  static let testItems: [YAMLConstruct] = [mock, decide, send, clock, fire, crash, run, expect]

  private static let atKey = YAMLKey.optional(.at, .value, "When, from the start")

  static let mock = YAMLConstruct(
    "mock", "a `mock`",
    [
      .required(.mock, .path, "The node or workflow that is replaced"),
      .optional(.args, .arguments, "The calls that are meant; all of them without it"),
      .optional(.returns, .value, "The result"),
      .optional(.throws, .name, "The error that it ends with"),
      atKey,
    ])

  static let decide = YAMLConstruct(
    "decide", "a `decide`",
    [
      .required(.decide, .path, "The approval"),
      .optional(.args, .arguments, "The arguments"),
      .required(.value, .value, "The decision"),
      atKey,
    ])

  static let send = YAMLConstruct(
    "send", "a `send`",
    [
      .required(.send, .path, "`signal`"),
      .optional(.args, .arguments, "The name of the signal and its key"),
      .required(.value, .value, "What is sent"),
      atKey,
    ])

  static let clock = YAMLConstruct("clock", "a `clock`", [.required(.clock, .value, "Where virtual time starts")])

  static let fire = YAMLConstruct(
    "fire", "a `fire`", [.required(.fire, .name, "The schedule or trigger"), atKey])

  static let crash = YAMLConstruct(
    "crash", "a `crash`",
    [
      .required(.crash, .choice(["before", "after"]), "On which side of the step the process dies"),
      .required(.step, .path, "The step"),
      atKey,
    ])

  static let run = YAMLConstruct(
    "run", "a `run`",
    [
      .required(.run, .name, "A name for the run"),
      .required(.call, .path, "The workflow"),
      .optional(.args, .arguments, "Its arguments"),
    ])

  static let expect = YAMLConstruct("expect", "an `expect`", [.required(.expect, .value, "What has to hold")])
}
