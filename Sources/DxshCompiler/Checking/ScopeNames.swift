import DxshExpressions
import DxshSyntax

/// The names of one scope while its leaves are checked: their slots, types and uses.
final class ScopeNames {
  struct Entry {
    var slot: Int
    /// Nil until the leaf that binds it has been checked.
    var type: Type?
    /// Empty for parameters and loop variables, which are there from the start.
    var sites: [Outline.Site] = []
    var isUsed = false
    /// The declared secret or connection that a confined value comes from.
    var origin: Name?
  }

  let outline: Outline
  /// The scope around, and the block in it where this scope stands.
  let parent: (names: ScopeNames, block: Int)?
  /// Whether the scope around may have ended anywhere: in a handler and in `finally`, each of its names may be absent.
  let isAfterward: Bool
  /// The file's names, whether they are bound here or not.
  let globals: [String]
  private(set) var entries: [String: Entry] = [:]
  private(set) var slots: [CheckedScope.Slot] = []
  /// Names that are bound more often than they may be, which is reported.
  var clashes: Set<String> = []
  /// The names of the scopes inside leaves, by the number of the leaf.
  var bodies: [Int: [ScopeNames]] = [:]
  /// What leaves with scopes inside bind only on some paths, by the number of the leaf.
  private var uncertainNames: [Int: Set<String>] = [:]

  init(
    outline: Outline, parent: (names: ScopeNames, block: Int)?, isAfterward: Bool = false, globals: [String] = []
  ) {
    self.outline = outline
    self.parent = parent
    self.isAfterward = isAfterward
    self.globals = globals
  }

  /// A name that has its value from the start.
  @discardableResult
  func bind(_ name: String, _ type: Type, origin: Name? = nil) -> Int {
    entries[name] = Entry(slot: slots.count, type: type, origin: origin)
    slots.append(.init(name: name, type: type))
    return slots.count - 1
  }

  /// A name that leaves bind.
  func bind(_ name: String, sites: [Outline.Site]) {
    entries[name] = Entry(slot: slots.count, type: nil, sites: sites)
    slots.append(.init(name: name, type: .unknown))
  }

  /// Says what a leaf gives the name; false when another branch gave it a type that has nothing in common.
  func settle(_ name: String, _ type: Type, origin: Name? = nil) -> Bool {
    guard var entry = entries[name] else { return true }
    if let origin { entry.origin = origin }
    let join = entry.type.map { $0.joined(with: type) } ?? type
    entry.type = join ?? .unknown
    entries[name] = entry
    slots[entry.slot].type = entry.type ?? .unknown
    return join != nil
  }

  /// The name's type as seen from a block: `T?` unless it has certainly been bound there.
  func type(of name: String, from block: Int) -> Type? {
    guard let entry = entries[name] else { return nil }
    let type = entry.type ?? .unknown
    return entry.sites.isEmpty || isCertain(name, from: block) ? type : type.asOptional
  }

  /// Whether, seen from a block, a name that leaves bind has certainly been bound.
  func isCertain(_ name: String, from block: Int) -> Bool {
    let sites = entries[name]?.sites ?? []
    if uncertainNames.isEmpty { return outline.isCertain(sites, from: block) }
    return outline.isCertain(sites.filter { !(uncertainNames[$0.leaf]?.contains(name) ?? false) }, from: block)
  }

  /// Notes that a leaf binds a name only on some paths.
  func noteUncertain(_ name: String, at leaf: Int) { uncertainNames[leaf, default: []].insert(name) }

  func use(_ name: String) { entries[name]?.isUsed = true }
}

/// The names as one leaf sees them: those of its scope, and of the scopes around it.
final class LeafScope: NameScope {
  private let names: ScopeNames
  private let block: Int

  init(names: ScopeNames, block: Int) {
    self.names = names
    self.block = block
  }

  func resolve(_ name: String) -> TypedExpression? {
    var (names, block, depth) = (names, block, 0)
    var isAfterward = false
    while true {
      if let entry = names.entries[name] {
        names.use(name)
        let type = names.type(of: name, from: block) ?? .unknown
        return TypedExpression(
          .binding(depth: depth, slot: entry.slot), isAfterward && !entry.sites.isEmpty ? type.asOptional : type)
      }
      guard let parent = names.parent else { return nil }
      isAfterward = names.isAfterward
      (names, block, depth) = (parent.names, parent.block, depth + 1)
    }
  }

  func origin(of name: String) -> Name? {
    var current: ScopeNames? = names
    while let names = current {
      if let entry = names.entries[name] { return entry.type?.isConfined == true ? entry.origin : nil }
      current = names.parent?.names
    }
    return nil
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
      all += names.entries.keys.filter { $0 != Outline.outputName } + names.globals.filter { names.entries[$0] == nil }
      current = names.parent?.names
    }
    return all.sorted()
  }
}
