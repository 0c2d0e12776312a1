import DxshCompiler
import DxshPlan
import DxshRuntime
import DxshSyntax

/// One version of the file of a random workflow, made of the lines of its text.
struct FileVersion: Sendable {
  /// What stands against the move of a run to this version, by what the run has done before.
  enum Obstacle: Sendable {
    case always
    /// The step of a name has taken place.
    case tookPlace(String)
    /// A wait that begins with the run is not over.
    case waits(String)
  }

  var lines: [String]
  /// By how much more a run gives at its end than one of the workflow that the dice made.
  var surplus: Int64 = 0
  /// What steps are called now that had another name.
  var renamed: [String: String] = [:]
  var obstacles: [Obstacle] = []
  /// Whether nothing can stand against the move of a run, whatever it has done.
  var isHarmless = true
  /// The steps that were added.
  private var count = 0

  init(_ text: String) { lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init) }

  var text: String { lines.joined(separator: "\n") }

  // MARK: - Changes

  mutating func changeHarmlessly(_ dice: inout Dice) {
    switch dice.roll(3) {
    case 0: addBehind(&dice)
    case 1: rename(&dice)
    default: changePolicy(&dice)
    }
  }

  /// A step with which the run ends.
  private mutating func addBehind(_ dice: inout Dice) {
    guard let place = lines.firstIndex(where: { $0.hasPrefix("  step page = ") }) else { return }
    let name = newName("added")
    lines.insert("  " + Self.step(name, &dice), at: place)
    addToSum(name)
  }

  /// A step that another waits for, wherever that stands; it may be done already.
  mutating func insertInFront(_ dice: inout Dice) {
    guard let place = dice.pick(steps, where: { !lines[$0].contains(" after ") && !isOfEnd($0) }) else { return }
    let indent = String(lines[place].prefix { $0 == " " })
    let name = newName("new")
    lines[place] += " after \(name)"
    lines.insert(indent + Self.step(name, &dice), at: place)
    if indent.count == 2, place < endOfMain { addToSum(name) }
    isHarmless = false
  }

  /// One step or all of them, whose names say nothing to the invariants but by how they begin.
  private mutating func rename(_ dice: inout Dice) {
    let known = Set(["s", "k", "u", "q", "c", "l"])
    let text = self.text
    let free = steps.filter { index in
      let name = Self.name(in: lines[index].trimmed)
      return known.contains(String(name.prefix(1))) && !isOfEnd(index) && !renamed.values.contains(name)
        && text.ranges(of: "step \(name) = ").count == 1
    }
    guard !free.isEmpty else { return }
    var names: [String: String] = [:]
    for place in dice.once(in: 2) ? free : [dice.pick(free)] {
      let name = Self.name(in: lines[place].trimmed)
      names[name] = name + "r"
      lines[place] += " was \(name)"
    }
    lines = lines.map { line in
      let was = line.firstRange(of: " was ")?.lowerBound ?? line.endIndex
      return Self.replace(names, in: String(line[..<was])) + line[was...]
    }
    renamed.merge(names) { _, new in new }
  }

  private mutating func changePolicy(_ dice: inout Dice) {
    let place = dice.pick(steps) { lines[$0].contains("backoff: ") || lines[$0].contains("reason: \"random\")") }
    guard let place else { return }
    let line = lines[place]
    if let start = line.firstRange(of: "backoff: "), let end = line[start.upperBound...].firstRange(of: "s)") {
      lines[place] = line[..<start.upperBound] + "fixed(\(dice.roll(40))" + line[end.lowerBound...]
    } else if !line.contains("priority(") {
      lines[place] = line.replacing("reason: \"random\")", with: "reason: \"random\"), priority(\(dice.roll(9)))")
    }
  }

  // MARK: - What one version alone has

  /// A step that nothing uses, anywhere; returns its name.
  mutating func addUnused(_ dice: inout Dice) {
    guard let place = dice.pick(steps, where: { !isOfEnd($0) }) else { return }
    lines.insert(lines[place].prefix { $0 == " " } + Self.step(newName("gone"), &dice), at: place)
  }

  /// Lines at the beginning, which wait for nothing above.
  mutating func addFirst(_ lines: String...) {
    guard let place = self.lines.firstIndex(where: { $0.hasPrefix("workflow w(") }) else { return }
    let hasLimits = self.lines[place + 1].hasPrefix("  limits ")
    self.lines.insert(contentsOf: lines.map { "  " + $0 }, at: place + (hasLimits ? 2 : 1))
  }

  mutating func addParameter() {
    lines = lines.map { $0.replacing("workflow w()", with: "workflow w(added: int)") }
  }

  // MARK: - Text

  private static func step(_ name: String, _ dice: inout Dice) -> String {
    let effect = dice.pick(["pure", "read", "idempotent", "keyed", "once", "once"])
    return "step \(name) = x.\(dice.pick(["act(n: 3", "wait(n: 2, seconds: \(dice.roll(9))"]))) "
      + "with assume(\(effect), reason: \"random\")"
  }

  private mutating func newName(_ kind: String) -> String {
    count += 1
    return "\(kind)\(count)"
  }

  /// What the step gives, 4, is one more of what the run gives.
  private mutating func addToSum(_ name: String) {
    lines = lines.map { $0.replacing("size(page)", with: "size(page) + \(name)") }
    surplus += 4
  }

  /// Where the first workflow ends.
  private var endOfMain: Int {
    let start = lines.firstIndex { $0.hasPrefix("workflow w(") } ?? 0
    return lines[start...].firstIndex(of: "}") ?? lines.count
  }

  /// Whether the line stands in a `finally`.
  private func isOfEnd(_ line: Int) -> Bool {
    let name = Self.name(in: lines[line].trimmed)
    return name == "last" || name.hasPrefix("z")
  }

  /// The lines that are a step, and nothing else.
  private var steps: [Int] {
    lines.indices.filter { lines[$0].hasPrefix(" ") && lines[$0].trimmed.hasPrefix("step ") }
  }

  /// Of a line that is a step.
  private static func name(in line: String) -> String {
    line.split(separator: " ").dropFirst().first.map(String.init) ?? ""
  }

  private static func replace(_ names: [String: String], in line: String) -> String {
    var result = ""
    var word = ""
    for character in line + " " {
      if character.isLetter || character.isNumber || character == "_" {
        word.append(character)
      } else {
        result += names[word] ?? word
        result.append(character)
        word = ""
      }
    }
    return String(result.dropLast())
  }
}

/// How the file of a run changes while the run is open.
struct FileChange: Sendable {
  /// What the run is started with.
  var before: FileVersion
  /// What it is to be moved to, one after the other, until one lets it.
  var after: [FileVersion]

  init(of workflow: RandomWorkflow, _ dice: inout Dice) {
    before = FileVersion(workflow.text)
    var changed = before
    var corrected = before
    let effect = dice.pick(["keyed", "once"])
    let claim = "with assume(\(effect), reason: \"random\")"
    switch dice.roll(10) {
    case 0, 1: changed.insertInFront(&dice)
    case 2:
      before.addUnused(&dice)
      changed.isHarmless = false
      corrected.isHarmless = false
    case 3:
      let line = "step paid1 = x.act(n: 3) \(claim)"
      before.addFirst(line)
      changed.addFirst(line.replacing("paid1", with: "charged1"))
      changed.obstacles = [.tookPlace("paid1")]
      corrected = before
    case 4:
      before.addFirst("step kpaid1 = x.act(n: 3) \(claim), compensate(x.undo(n: self))")
      changed.obstacles = [.tookPlace("kpaid1")]
      corrected = before
    case 5:
      let behind = "step rested1 = x.act(n: 3) "
      before.addFirst("wait rest1 = delay(\(20 + dice.roll(200))s)", behind + "after rest1 \(claim)")
      changed.addFirst(behind + claim)
      changed.obstacles = [.waits("rest1")]
      corrected = before
    case 6:
      changed.addParameter()
      changed.obstacles = [.always]
    default: break
    }
    if !changed.obstacles.isEmpty { changed.isHarmless = false }
    for _ in 0..<(1 + dice.roll(3)) {
      let same = dice
      changed.changeHarmlessly(&dice)
      var copy = same
      if !changed.obstacles.isEmpty { corrected.changeHarmlessly(&copy) }
    }
    after = changed.obstacles.isEmpty ? [changed] : [changed, corrected]
  }
}

extension Dice {
  fileprivate mutating func pick(_ indices: [Int], where isFitting: (Int) -> Bool) -> Int? {
    let fitting = indices.filter(isFitting)
    return fitting.isEmpty ? nil : pick(fitting)
  }
}

extension String {
  fileprivate var trimmed: String { String(drop { $0 == " " }) }
}
