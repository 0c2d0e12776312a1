/// What has fields of its own beside the keys of the form.
extension YAMLConstruct {
  static let schedule = YAMLConstruct(
    "schedule", "a schedule", [.optional(.was, .name, "The name that it had before")],
    fields: [
      YAMLField(name: "cron", isKeyword: false, description: "Minute, hour, day, month and weekday; a list is a union"),
      YAMLField(name: "every", isKeyword: true, description: "The time from one fire to the next"),
      YAMLField(name: "timezone", isKeyword: false, description: "The zone that the times are meant in"),
      YAMLField(name: "overlap", isKeyword: true, description: "allow, skip, queue or cancel_running"),
      YAMLField(name: "catchup", isKeyword: true, description: "none, latest(within: …) or all(within: …, limit: …)"),
      YAMLField(name: "jitter", isKeyword: false, description: "By how much a fire may be late, to spread the load"),
      YAMLField(name: "start", isKeyword: false, description: "The first instant that counts"),
      YAMLField(name: "end", isKeyword: false, description: "The last instant that counts"),
      YAMLField(name: "except", isKeyword: false, description: "Days that are left out"),
      YAMLField(name: "days", isKeyword: true, description: "any or all of day of the month and weekday"),
      YAMLField(name: "gap", isKeyword: true, description: "shift or skip a time that a clock change leaves out"),
      YAMLField(name: "twice", isKeyword: true, description: "first, second or both of a time that occurs twice"),
      YAMLField(name: "on_error", isKeyword: true, description: "What a failed run means for the next"),
      YAMLField(name: "pause_after", isKeyword: false, description: "How many failures in a row pause it"),
      YAMLField(name: "params", isKeyword: false, description: "The workflow's arguments"),
    ])

  static let trigger = YAMLConstruct(
    "trigger", "a trigger",
    [
      .optional(.as, .type, "The type of what it delivers"),
      .optional(.was, .name, "The name that it had before"),
    ],
    fields: [
      YAMLField(name: "webhook", isKeyword: false, description: "A request of the web starts it"),
      YAMLField(name: "file", isKeyword: false, description: "A change of files starts it"),
      YAMLField(name: "workflow", isKeyword: false, description: "The end of another workflow starts it"),
    ])

  /// The fields of the one key of a trigger.
  static let triggerFields = YAMLConstruct(
    "triggerFields", "the fields of a trigger", [],
    fields: [
      YAMLField(name: "path", isKeyword: false, description: "The path of a webhook"),
      YAMLField(name: "method", isKeyword: true, description: "The method of a webhook: get, post, put, patch, delete"),
      YAMLField(name: "auth", isKeyword: false, description: "How a request shows who it is from"),
      YAMLField(name: "key", isKeyword: false, description: "What makes two deliveries the same"),
      YAMLField(name: "glob", isKeyword: false, description: "The files that are watched"),
      YAMLField(name: "events", isKeyword: true, description: "The changes that count"),
      YAMLField(name: "name", isKeyword: false, description: "The other workflow"),
      YAMLField(name: "outcome", isKeyword: true, description: "The outcomes of the other workflow that count"),
      YAMLField(name: "limit", isKeyword: false, description: "How often it may start in a row"),
      YAMLField(name: "params", isKeyword: false, description: "The workflow's arguments"),
    ])

  static let limits = YAMLConstruct(
    "limits", "the limits of a run", [],
    fields: [
      YAMLField(name: "concurrency", isKeyword: false, description: "How many steps may be under way at once"),
      YAMLField(name: "memory", isKeyword: false, description: "How much memory it may use"),
      YAMLField(name: "duration", isKeyword: false, description: "How long it may take, waits included"),
      YAMLField(name: "active", isKeyword: false, description: "How long it may work, waits left out"),
      YAMLField(name: "cost", isKeyword: false, description: "What it may cost"),
    ])

  static let approval = YAMLConstruct(
    "approval", "an approval",
    [
      .required(.approval, .name, "The name of the approval"),
      .optional(.after, .list(.path), "What it waits for"),
      .optional(.was, .name, "The name that it had before"),
      .optional(.form, .parameters, "What those who decide fill in"),
    ],
    fields: [
      YAMLField(name: "title", isKeyword: false, description: "The question"),
      YAMLField(name: "show", isKeyword: false, description: "The evidence, by name"),
      YAMLField(name: "approvers", isKeyword: false, description: "Who may decide"),
      YAMLField(
        name: "choices", isKeyword: true, description: "The enum of the outcomes, instead of approve and reject"),
      YAMLField(name: "opens", isKeyword: true, description: "The outcomes that let steps start"),
      YAMLField(name: "quorum", isKeyword: true, description: "How many have to agree: a number, all or one_per_role"),
      YAMLField(name: "reject_quorum", isKeyword: false, description: "How many have to reject"),
      YAMLField(name: "allow_requester", isKeyword: false, description: "Whether who started the run may decide"),
      YAMLField(name: "timeout", isKeyword: false, description: "How long it stays open"),
      YAMLField(name: "on_timeout", isKeyword: true, description: "reject, fail, escalate or outcome(…)"),
      YAMLField(name: "remind", isKeyword: true, description: "every(…)"),
      YAMLField(name: "escalate", isKeyword: false, description: "Who else is asked, and when"),
      YAMLField(name: "notify", isKeyword: false, description: "Who is told, and how"),
    ])

  /// Policies, and arguments of policies, whose values are expressions (rule 55).
  static let policyKeywords: Set<String> = [
    "on_error", "on_interrupt", "backoff", "only", "every", "effect", "events", "outcome",
  ]

  func isKeyword(_ name: String) -> Bool {
    fields?.contains { $0.isKeyword && $0.name == name } ?? false
  }
}
