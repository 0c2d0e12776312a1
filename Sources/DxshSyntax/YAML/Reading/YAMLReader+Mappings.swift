/// Mappings: their keys, merges, and which of them a construct knows.
extension YAMLReader {
  /// A key with its value.
  struct Entry {
    var key: Int32
    var value: Part

    var keyPart: Part { Part(key, use: value.use) }
  }

  /// The entries of a mapping with those that `<<` merges into it; each key once.
  mutating func entries(of mapping: Int32) -> [Entry] {
    var entries: [Entry] = []
    entries.reserveCapacity(Int(document[mapping].count) / 2)
    var merges: [(place: Int, key: Int32, value: Int32)] = []
    var key = document[mapping].first
    while key != YAMLNode.none {
      let value = document[key].next
      if value == YAMLNode.none { break }
      if document[key].kind != .scalar {
        if document[key].kind != .unreadable { report(.keyIsNoText(at: firstByte(of: key))) }
      } else if isMerge(key) {
        merges.append((entries.count, key, value))
      } else {
        entries.append(Entry(key: key, value: Part(value)))
      }
      key = document[value].next
    }
    dropDuplicates(in: &entries)
    for merge in merges.reversed() {
      let merged = merged(merge.key, merge.value)
      var known = Set(entries.map { document.text($0.key) })
      // Fewer stand before it where keys were there twice.
      let place = min(merge.place, entries.count)
      entries.insert(contentsOf: merged.filter { known.insert(document.text($0.key)).inserted }, at: place)
    }
    return entries
  }

  private func firstByte(of node: Int32) -> SourceRange {
    var place = place(node)
    place.end = min(place.end, place.start + 1)
    return place
  }

  private func isMerge(_ key: Int32) -> Bool {
    document[key].style == .plain && document.bytes(key) { $0.count == 2 && $0[0] == 0x3C && $0[1] == 0x3C }
  }

  private mutating func dropDuplicates(in entries: inout [Entry]) {
    if entries.count < 2 { return }
    var seen: [String: Int32] = [:]
    if entries.count <= 8, !hasEqualKeys(entries) { return }
    entries.removeAll { entry in
      let text = document.text(entry.key)
      guard let first = seen[text] else {
        seen[text] = entry.key
        return false
      }
      report(.duplicateKey(text, at: place(entry.key), first: place(first)))
      return true
    }
  }

  private func hasEqualKeys(_ entries: [Entry]) -> Bool {
    for (index, entry) in entries.enumerated() {
      for other in entries[..<index] where isEqual(entry.key, other.key) { return true }
    }
    return false
  }

  private func isEqual(_ left: Int32, _ right: Int32) -> Bool {
    document.bytes(left) { left in
      document.bytes(right) { right in left.count == right.count && left.elementsEqual(right) }
    }
  }

  /// What `<<: *a` or `<<: [*a, *b]` merges; the first of several wins.
  private mutating func merged(_ key: Int32, _ value: Int32) -> [Entry] {
    var sources: [Int32] = [value]
    if document[value].kind == .sequence {
      sources = []
      var element = document[value].first
      while element != YAMLNode.none {
        sources.append(element)
        element = document[element].next
      }
    }
    var entries: [Entry] = []
    for source in sources {
      let use = use ?? place(source)
      enter(Part(source)) { reader, node in
        guard reader.document[node].kind == .mapping else {
          if reader.document[node].kind != .unreadable { reader.report(.mergeOfNoMapping(at: reader.place(node))) }
          return
        }
        for entry in reader.entries(of: node) {
          entries.append(Entry(key: entry.key, value: Part(entry.value.node, use: entry.value.use ?? use)))
        }
      }
    }
    return entries
  }

  // MARK: Constructs

  /// The keys of a construct that are there.
  struct Fields {
    var node: Int32
    var known: [(word: YAMLWord, entry: Entry)] = []
    /// Those whose names the checker judges.
    var others: [Entry] = []

    subscript(_ word: YAMLWord) -> Part? {
      for field in known where field.word == word { return field.entry.value }
      return nil
    }

    func key(_ word: YAMLWord) -> Int32? {
      for field in known where field.word == word { return field.entry.key }
      return nil
    }
  }

  /// Sorts the entries of a mapping by what they mean in a construct; nil where it is no mapping.
  mutating func fields(of node: Int32, as construct: YAMLConstruct) -> Fields? {
    guard document[node].kind == .mapping else {
      misplaced(node, "the keys of \(construct.noun)")
      return nil
    }
    return fields(of: node, entries(of: node), as: construct)
  }

  /// - opener: the key that has been read already
  mutating func fields(
    of node: Int32, _ entries: [Entry], as construct: YAMLConstruct, after opener: YAMLWord? = nil
  ) -> Fields {
    var fields = Fields(node: node)
    fields.known.reserveCapacity(entries.count)
    for entry in entries {
      if let word = document.bytes(entry.key, { YAMLWord($0) }), construct.hasKey(word) {
        fields.known.append((word, entry))
      } else if construct.fields != nil {
        fields.others.append(entry)
      } else if let word = unknownKey(entry, in: construct), fields.key(word) == nil {
        fields.known.append((word, entry))
      }
    }
    if !document[node].flags.contains(.cut) {
      for word in construct.required where word != opener && fields.key(word) == nil {
        report(.missingKey(word.rawValue, of: construct.noun, at: headline(of: node)))
      }
    }
    return fields
  }

  /// Reports a key that a construct does not know; the word that was meant, where that is clear.
  private mutating func unknownKey(_ entry: Entry, in construct: YAMLConstruct) -> YAMLWord? {
    let text = document.text(entry.key)
    let place = place(entry.key)
    let words = construct.words.map(\.rawValue)
    if text == "on", construct.hasKey(.triggers) {
      report(.trapKey(text, at: place, meant: "triggers"))
      return nil
    }
    if text.contains(where: { $0 == "$" || $0 == "{" }), document[entry.key].style == .plain {
      report(.unknownKey(text, of: construct.noun, at: place, meant: nil, words: words))
      return nil
    }
    let meant = Spelling.nearest(to: text, among: words)
    report(.unknownKey(text, of: construct.noun, at: place, meant: meant, words: words))
    return meant.flatMap(YAMLWord.init(rawValue:))
  }

  /// The first key of a mapping, where what is missing in it is reported.
  func headline(of node: Int32) -> SourceRange {
    let first = document[node].first
    if document[node].kind == .mapping, first != YAMLNode.none { return place(first) }
    return firstByte(of: node)
  }

  /// Reports that something else stands where a construct is expected.
  mutating func misplaced(_ node: Int32, _ what: String) {
    let found = document[node]
    if found.kind == .unreadable { return }
    var place = place(node)
    if found.kind != .scalar { place = firstByte(of: node) }
    report(.misplacedValue(expected: what, found: describe(node), at: place))
  }

  func describe(_ node: Int32) -> String {
    switch document[node].kind {
    case .scalar:
      document[node].style == .plain && document.bytes(node, \.isEmpty) ? "nothing" : "a text"
    case .sequence: "a list"
    case .mapping: "a mapping"
    case .alias, .unreadable: "something else"
    }
  }

  // MARK: Lists

  /// The elements of a sequence; a mistake where it is none.
  mutating func elements(of node: Int32, _ what: String) -> [Part] {
    guard document[node].kind == .sequence else {
      misplaced(node, "a list of \(what)")
      return []
    }
    var parts: [Part] = []
    parts.reserveCapacity(Int(document[node].count))
    var element = document[node].first
    while element != YAMLNode.none {
      parts.append(Part(element))
      element = document[element].next
    }
    return parts
  }

  mutating func list<Element>(
    _ part: Part?, _ what: String, _ element: (inout YAMLReader, Part) -> Element
  ) -> [Element] {
    guard let part else { return [] }
    return enter(part) { reader, node in
      var list: [Element] = []
      for part in reader.elements(of: node, what) { list.append(element(&reader, part)) }
      return list
    }
  }

  /// The entries of a mapping from names.
  mutating func named<Element>(
    _ part: Part?, _ what: String, _ element: (inout YAMLReader, Entry) -> Element?
  ) -> [Element] {
    guard let part else { return [] }
    return enter(part) { reader, node in
      guard reader.document[node].kind == .mapping else {
        reader.misplaced(node, what)
        return []
      }
      var list: [Element] = []
      for entry in reader.entries(of: node) {
        if let next = element(&reader, entry) { list.append(next) }
      }
      return list
    }
  }
}
