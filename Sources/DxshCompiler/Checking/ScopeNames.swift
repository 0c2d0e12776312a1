import DxshExpressions
import DxshSyntax

/// The names of one scope while its leaves are checked: their slots, types and uses.
final class ScopeNames {
  /// Small: there is one for each name, while all that was read is there too.
  struct Entry {
    let name: String
    let slot: Int
    /// The name as an expression of its scope; one for all that mention it.
    let binding: Expression
    /// Nil until the leaf that binds it has been checked.
    var type: Type?
    /// Its number in the outline; nil for parameters and loop variables, which are there from the start.
    fileprivate let number: UInt32?
    /// Whether it is bound wherever the scope's names are seen, unless a leaf binds it only on some paths.
    fileprivate let isEverywhere: Bool
    var isUsed = false
    /// Whether something reads its value, and not only waits for it.
    var isRead = false

    /// Whether leaves bind it.
    var isOfLeaves: Bool { number != nil }
  }

  /// What is known of each name.
  final class Entries {
    /// Has the names that leaves bind.
    private let index: NameIndex
    /// Has the others.
    private let others = NameIndex()
    /// Of each name, by its number in `index`, the slot that it means; -1 for none.
    private var slots: [Int]
    /// By the numbers in `others`: the last one, where several have the name.
    private var otherSlots: [Int] = []
    /// By their slots.
    fileprivate var all: [Entry] = []
    /// The declared secrets and connections that confined values come from, by their slots.
    private var origins: [Int: Name] = [:]
    /// The numbers and durations that some are in every run, by their slots.
    fileprivate var constants: [Int: Value] = [:]

    fileprivate init(_ index: NameIndex) {
      self.index = index
      slots = [Int](repeating: -1, count: index.names.count)
      all.reserveCapacity(index.names.count)
    }

    fileprivate var keys: [String] { index.names.filter { slot(of: $0) != nil } + others.names }
    subscript(name: String) -> Entry? { slot(of: name).map { all[$0] } }

    func slot(of name: String) -> Int? {
      if let number = index.number(of: name) { return slots[number] < 0 ? nil : slots[number] }
      return otherSlots.isEmpty ? nil : others.number(of: name).map { otherSlots[$0] }
    }

    func isUsed(_ name: String) -> Bool { slot(of: name).map { all[$0].isUsed } ?? false }

    func isRead(_ name: String) -> Bool { slot(of: name).map { all[$0].isRead } ?? false }

    func origin(of name: String) -> Name? { origins.isEmpty ? nil : slot(of: name).flatMap { origins[$0] } }

    fileprivate func setOrigin(_ origin: Name?, at slot: Int) {
      if let origin { origins[slot] = origin }
    }

    /// - number: in the outline, of a name that leaves bind
    fileprivate func add(_ name: String, _ type: Type?, number: Int? = nil, isEverywhere: Bool = true) {
      let slot = all.count
      if let known = number ?? index.number(of: name) {
        slots[known] = slot
      } else {
        let (other, isNew) = others.add(name)
        if isNew { otherSlots.append(slot) } else { otherSlots[other] = slot }
      }
      all.append(
        Entry(
          name: name, slot: slot, binding: .binding(depth: 0, slot: slot), type: type, number: number.map(UInt32.init),
          isEverywhere: isEverywhere))
    }
  }

  let outline: Outline
  /// The scope around, and the block in it where this scope stands.
  let parent: (names: ScopeNames, block: Int)?
  /// Whether the scope around may have ended anywhere: in a handler and in `finally`, each of its names may be absent.
  let isAfterward: Bool
  /// The file's names, whether they are bound here or not.
  let globals: [String]
  let entries: Entries
  /// Names that are bound more often than they may be, which is reported.
  var clashes: Set<String> = []
  /// The names of the scopes inside leaves, by the number of the leaf.
  var bodies: [Int: [ScopeNames]] = [:]
  /// What leaves with scopes inside bind only on some paths, by the number of the leaf.
  private var uncertainNames: [Int: Set<String>] = [:]
  /// With how many entries there were.
  private var sortedNames: (names: [String], count: Int)?

  init(
    outline: Outline, parent: (names: ScopeNames, block: Int)?, isAfterward: Bool = false, globals: [String] = []
  ) {
    self.outline = outline
    self.parent = parent
    self.isAfterward = isAfterward
    self.globals = globals
    entries = Entries(outline.index)
  }

  var slots: [CheckedScope.Slot] { entries.all.map { .init(name: $0.name, type: $0.type ?? .unknown) } }

  /// What can be mentioned, sorted: for each mistake in a name it is asked again.
  fileprivate var sorted: [String] {
    if let known = sortedNames, known.count == entries.all.count { return known.names }
    let names = entries.keys.filter { $0 != Outline.outputName } + globals.filter { entries[$0] == nil }
    sortedNames = (names.sorted(), entries.all.count)
    return sortedNames?.names ?? []
  }

  /// A name that has its value from the start.
  @discardableResult
  func bind(_ name: String, _ type: Type, origin: Name? = nil) -> Int {
    entries.add(name, type)
    entries.setOrigin(origin, at: entries.all.count - 1)
    return entries.all.count - 1
  }

  /// A slot that no author can name.
  func bindHidden(_ name: String, _ type: Type) -> Int { bind("\(name)(\(entries.all.count))", type) }

  /// A name that leaves bind, by its number in the outline.
  func bind(_ name: String, number: Int) {
    let sites = outline.sites(at: number)
    entries.add(name, nil, number: number, isEverywhere: sites.count == 1 && sites[0].block == 0)
  }

  /// The places that bind a name; none for parameters and loop variables.
  private func sites(at slot: Int) -> Outline.Sites {
    entries.all[slot].number.map { outline.sites(at: Int($0)) } ?? Outline.Sites()
  }

  /// Says what a leaf gives the name. Returns the type that another branch gave it, if that has nothing in common.
  @discardableResult
  func settle(_ name: String, _ type: Type, origin: Name? = nil) -> Type? {
    guard let slot = entries.slot(of: name) else { return nil }
    entries.setOrigin(origin, at: slot)
    guard let before = entries.all[slot].type else {
      entries.all[slot].type = type
      return nil
    }
    let join = before.joined(with: type)
    entries.all[slot].type = join ?? .unknown
    return join == nil ? before : nil
  }

  /// Says that the only leaf that binds the name gives it this value in every run.
  func settle(_ name: String, constant: Value) {
    guard let slot = entries.slot(of: name), sites(at: slot).count == 1 else { return }
    entries.constants[slot] = constant
  }

  /// The name's type as seen from a block: `T?` unless it has certainly been bound there.
  func type(of name: String, from block: Int) -> Type? { entries.slot(of: name).map { type(at: $0, from: block) } }

  private func type(at slot: Int, from block: Int) -> Type {
    let type = entries.all[slot].type ?? .unknown
    if entries.all[slot].isEverywhere, uncertainNames.isEmpty { return type }
    let sites = sites(at: slot)
    return sites.isEmpty || isCertain(entries.all[slot].name, sites, from: block) ? type : type.asOptional
  }

  /// A name that is read from a block of this scope, or from a scope so much further in: what it is there, and whether
  /// a leaf binds it.
  fileprivate func read(_ name: String, from block: Int, depth: Int) -> (value: TypedExpression, isOfLeaf: Bool)? {
    guard let slot = entries.slot(of: name) else { return nil }
    entries.all[slot].isUsed = true
    entries.all[slot].isRead = true
    let binding = depth == 0 ? entries.all[slot].binding : .binding(depth: depth, slot: slot)
    return (TypedExpression(binding, type(at: slot, from: block)), entries.all[slot].isOfLeaves)
  }

  /// Whether, seen from a block, a name that leaves bind has certainly been bound.
  func isCertain(_ name: String, from block: Int) -> Bool {
    isCertain(name, entries.slot(of: name).map(sites) ?? Outline.Sites(), from: block)
  }

  private func isCertain(_ name: String, _ sites: Outline.Sites, from block: Int) -> Bool {
    if uncertainNames.isEmpty { return outline.isCertain(sites, from: block) }
    return outline.isCertain(sites.filter { !(uncertainNames[$0.leaf]?.contains(name) ?? false) }, from: block)
  }

  /// Notes that a leaf binds a name only on some paths.
  func noteUncertain(_ name: String, at leaf: Int) { uncertainNames[leaf, default: []].insert(name) }

  fileprivate func constant(at slot: Int) -> Value? { entries.constants[slot] }

  func use(_ name: String) {
    if let slot = entries.slot(of: name) { entries.all[slot].isUsed = true }
  }
}

/// The names as one leaf sees them: those of its scope, and of the scopes around it.
final class LeafScope: NameScope {
  private let names: ScopeNames
  let block: Int

  init(names: ScopeNames, block: Int) {
    self.names = names
    self.block = block
  }

  func resolve(_ name: String) -> TypedExpression? {
    var (names, block, depth) = (names, block, 0)
    var isAfterward = false
    while true {
      if let (value, isOfLeaf) = names.read(name, from: block, depth: depth) {
        return isAfterward && isOfLeaf ? TypedExpression(value.expression, value.type.asOptional) : value
      }
      guard let parent = names.parent else { return nil }
      isAfterward = names.isAfterward
      (names, block, depth) = (parent.names, parent.block, depth + 1)
    }
  }

  func origin(of name: String) -> Name? {
    var current: ScopeNames? = names
    while let names = current {
      if let entry = names.entries[name] {
        return entry.type?.isConfined == true ? names.entries.origin(of: name) : nil
      }
      current = names.parent?.names
    }
    return nil
  }

  func bindHidden(_ name: String, _ type: Type) -> Int? { names.bindHidden(name, type) }

  func constant(depth: Int, slot: Int) -> Value? {
    var current: ScopeNames? = names
    for _ in 0..<depth { current = current?.parent?.names }
    return current?.constant(at: slot)
  }

  func isVisible(_ name: String) -> Bool {
    if name == Outline.outputName { return false }
    var current: ScopeNames? = names
    while let names = current {
      if names.entries[name] != nil || names.globals.contains(name) { return true }
      current = names.parent?.names
    }
    return false
  }

  var visibleNames: [String] {
    var all: [String] = []
    var current: ScopeNames? = names
    while let names = current {
      all += names.sorted
      current = names.parent?.names
    }
    // One scope is sorted already.
    return names.parent == nil ? all : all.sorted()
  }
}
