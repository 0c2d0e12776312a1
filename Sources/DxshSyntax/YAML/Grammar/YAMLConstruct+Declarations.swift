/// Files and what they declare.
extension YAMLConstruct {
  static let file = YAMLConstruct(
    "file", "a file",
    [
      .optional(.imports, .list(.construct(importing)), "What other files declare"),
      .optional(.secrets, .named(.construct(secret)), "Values that are kept out of the file and of every message"),
      .optional(.consts, .named(.either(.construct(constant), .value)), "Values with a name"),
      .optional(.types, .named(.type), "Types with a name; `\"Name<T>\"` has parameters"),
      .optional(.enums, .named(.members), "Enums: a list of members"),
      .optional(
        .connections, .named(.either(.construct(connectionKind), .single(.arguments))),
        "Connections: the kind with its settings"),
      .optional(
        .funcs, .named(.either(.construct(function), .list(.construct(function)))), "Functions of expressions"),
      .optional(.nodes, .named(.construct(node)), "Nodes that programs of your own implement"),
      .optional(.defaults, .policies, "The policies of all steps of the file"),
      .optional(.workflows, .named(.construct(workflow)), "Workflows"),
      .optional(.tests, .named(.testItems), "Tests: what each shows, and its items"),
    ])

  static let importing = YAMLConstruct(
    "import", "an import",
    [
      .required(.from, .text, "The path of the file, from this one"),
      .optional(.as, .name, "The name that stands for the file"),
      .optional(.names, .list(.name), "The names that are meant"),
    ])

  static let secret = YAMLConstruct(
    "secret", "a secret",
    [
      .optional(.type, .type, "The type of the value; text without it"),
      .required(.from, .expression, "Where the value comes from: `env(\"TOKEN\")`"),
    ])

  static let constant = YAMLConstruct(
    "const", "a constant",
    [
      .optional(.type, .type, "The type of the value"),
      .required(.value, .value, "The value"),
    ])

  static let connectionKind = YAMLConstruct(
    "connectionKind", "a kind of connection", [.required(.params, .parameters, "What connections of this kind take")])

  static let function = YAMLConstruct(
    "func", "a function",
    [
      .optional(.generics, .list(.name), "The names of its type parameters"),
      .optional(.params, .parameters, "What it takes"),
      .required(.returns, .type, "The type of its result"),
      .optional(.throws, .list(.name), "The errors that it may end with"),
      .optional(.value, .value, "What it comes to"),
    ])

  static let node = YAMLConstruct(
    "node", "a node",
    [
      .optional(.generics, .list(.name), "The names of its type parameters"),
      .optional(.params, .parameters, "What it takes"),
      .required(.returns, .type, "The type of its result"),
      .optional(
        .effect, .choice(["pure", "read", "idempotent", "keyed", "transactional", "once"]), "What it does outside"),
      .optional(.throws, .list(.name), "The errors that it may end with"),
      .optional(.uses, .list(.call), "The resource that it needs: `slots(\"http\")`"),
      .optional(.timeout, .value, "How long one attempt may take"),
      .optional(.run, .call, "The program that runs it: `exec(\"./score.py\")`"),
    ])

  static let parameter = YAMLConstruct(
    "parameter", "a parameter",
    [
      .required(.type, .type, "Its type"),
      .optional(.sink, .arguments, "Where the value goes, for what must not get there"),
      .optional(.annotations, .list(.call), "Its annotations, when they are not one `sink`"),
      .optional(.default, .value, "Its value where none is given"),
      .optional(.where, .expression, "What holds of the value, `self`"),
    ])

  static let recordField = YAMLConstruct(
    "recordField", "a field of a record type",
    [
      .required(.type, .type, "Its type"),
      .optional(.where, .expression, "What holds of the value, `self`"),
    ])

  static let workflow = YAMLConstruct(
    "workflow", "a workflow",
    [
      .optional(.was, .name, "The name that it had before"),
      .optional(.params, .parameters, "What it takes"),
      .optional(.returns, .type, "The type of its output"),
      .optional(.throws, .list(.name), "The errors that it may end with"),
      .optional(.schedules, .named(.construct(schedule)), "When it is started"),
      .optional(.triggers, .named(.construct(trigger)), "What else starts it"),
      .optional(.limits, .construct(limits), "What a run may use"),
      .optional(.defaults, .policies, "The policies of all its steps"),
      .optional(.do, .items, "Its items"),
      .optional(.finally, .items, "What is done at the end in any case"),
    ])
}
