private import CDxshYAML

/// Makes nodes from the events of one text, without recursion.
struct YAMLBuilder: ~Copyable {
  /// How deep a document may nest: two levels for each of the parser's, and what stands around items.
  static let depthLimit = 2 * Parser.nestingLimit + 10
  /// Where a text that nests on and on is given up.
  private static let lostDepth = 1_000
  /// How many nodes aliases may add.
  static let expansionLimit = 1_000_000

  /// A collection that is not closed.
  private struct Open {
    var node: Int32
    var last: Int32 = YAMLNode.none
    var size: Int32 = 1
    var height: Int32 = 0
    var isFlow: Bool
    var isMapping: Bool
    /// Where its last child ends.
    var end: UInt32
  }

  var document: YAMLDocument
  var diagnostics = DiagnosticList()
  private var marks: YAMLMarks
  private var open: [Open] = []
  private var anchors: [String: Int32] = [:]
  /// Of collections below the limit, which are read past.
  private var tooDeep = 0
  private var expanded = 0
  private let mends: [YAMLMend]
  private let findsTraps: Bool
  private var nextMend = 0
  private var hasTooManyNodes = false

  /// - text: what libyaml reads: the file's bytes with some of them hidden
  init(_ file: SourceFile, mends: [YAMLMend], text: [UInt8], findsTraps: Bool) {
    document = YAMLDocument(file: file)
    document.nodes.reserveCapacity(file.bytes.count / 16 + 8)
    marks = YAMLMarks(text)
    self.findsTraps = findsTraps
    self.mends = mends.filter { !$0.isTabs }.sorted { $0.start < $1.start }
  }

  var isInFlow: Bool { open.last?.isFlow ?? false }

  /// Reads events up to the end, to what libyaml refuses, or to a trap that needs quotes to be read.
  mutating func run(_ text: [UInt8]) -> YAMLMend? {
    text.withUnsafeBufferPointer { buffer in
      guard let parser = dxsh_yaml_open(buffer.baseAddress, buffer.count) else { return nil }
      defer { dxsh_yaml_close(parser) }
      var event = DxshYAMLEvent()
      var documents = 0
      while dxsh_yaml_next(parser, &event) {
        switch Int(event.kind) {
        case DXSH_YAML_STREAM_END: return nil
        case DXSH_YAML_DOCUMENT_START:
          documents += 1
          if documents == 2 {
            let start = marks.offset(of: event.start)
            diagnostics.append(.severalDocuments(at: range(start, start + 3)))
            return nil
          }
          if event.has_directives {
            diagnostics.append(.directive(at: range(marks.offset(of: event.start), marks.offset(of: event.end))))
          }
        case DXSH_YAML_SCALAR:
          if let trap = addScalar(event) { return trap }
        case DXSH_YAML_ALIAS: addAlias(event)
        case DXSH_YAML_SEQUENCE_START: begin(.sequence, event)
        case DXSH_YAML_MAPPING_START: begin(.mapping, event)
        case DXSH_YAML_SEQUENCE_END, DXSH_YAML_MAPPING_END: end(event)
        default: break
        }
        if tooDeep > Self.lostDepth {
          cut(at: marks.offset(of: event.start))
          return nil
        }
      }
      return refuse(dxsh_yaml_problem(parser))
    }
  }

  func range(_ start: UInt32, _ end: UInt32) -> SourceRange {
    let count = UInt32(document.file.bytes.count)
    return SourceRange(file: document.file.id, start: min(start, count), end: min(max(start, end), count))
  }

  // MARK: Problems

  private mutating func refuse(_ problem: DxshYAMLProblem) -> YAMLMend? {
    let place = problem.is_encoding ? UInt32(problem.place) : marks.offset(of: problem.place)
    let trouble = YAMLTrouble(
      problem: problem.problem.map { String(cString: $0) } ?? "",
      context: problem.context.map { String(cString: $0) } ?? "",
      place: min(place, UInt32(document.file.bytes.count)),
      contextPlace: problem.is_encoding ? place : marks.offset(of: problem.context_place),
      isEncoding: problem.is_encoding)
    let traps = YAMLTraps(bytes: document.file.bytes)
    if findsTraps {
      let last = document.scalars.last.map { document[$0] }
      if let mend = last.flatMap({ traps.mend(open: $0, for: trouble) }) { return mend }
      if let mend = traps.mend(for: trouble, isInFlow: isInFlow) { return mend }
    }
    diagnostics.append(.badYAML(trouble, in: document.file))
    cut(at: trouble.place)
    return nil
  }

  /// Ends all that is open.
  private mutating func cut(at place: UInt32) {
    document.cut = place
    while let collection = open.popLast() {
      document[collection.node].flags.insert(.cut)
      close(collection, at: max(collection.end, document[collection.node].start))
    }
  }

  // MARK: Nodes

  /// Hangs a node below the collection that is open.
  private mutating func add(_ node: YAMLNode) -> Int32 {
    let index = Int32(document.nodes.count)
    document.nodes.append(node)
    if open.isEmpty {
      if document.root == nil { document.root = index }
    } else {
      let parent = open.count - 1
      if open[parent].last == YAMLNode.none {
        document.nodes[Int(open[parent].node)].first = index
      } else {
        document.nodes[Int(open[parent].last)].next = index
      }
      document.nodes[Int(open[parent].node)].count += 1
      open[parent].last = index
      account(for: node, in: parent)
    }
    return index
  }

  private mutating func account(for node: YAMLNode, in parent: Int) {
    open[parent].size = min(open[parent].size + node.size, 1 << 28)
    open[parent].height = max(open[parent].height, node.height)
    open[parent].end = max(open[parent].end, node.end)
  }

  private mutating func addScalar(_ event: DxshYAMLEvent) -> YAMLMend? {
    var (start, end) = (marks.offset(of: event.start), marks.offset(of: event.end))
    if event.anchor != nil || event.tag != nil { start = skipProperties(from: start, to: end) }
    var node = YAMLNode(.scalar, start: start, end: end)
    node.style = YAMLNode.Style(rawValue: UInt8(max(0, event.style - 1))) ?? .plain
    if isInFlow { node.flags.insert(.flow) }
    if let mend = mend(at: start) {
      node.flags.formUnion([.verbatim, .mended])
      (node.style, node.first, node.count) = (.plain, mend.content.lowerBound, mend.content.upperBound)
    } else if !node.style.isBlock,
      isVerbatim(event, from: start + node.style.quotes, to: end - min(end, node.style.quotes))
    {
      node.flags.insert(.verbatim)
      (node.first, node.count) = (Int32(start + node.style.quotes), Int32(end - node.style.quotes))
      if let trap = trap(in: node) { return trap }
    } else {
      document.decoded.append(Array(UnsafeBufferPointer(start: event.value, count: event.length)))
      node.first = Int32(document.decoded.count - 1)
      if node.style.isBlock { node.end = endOfBlock(from: start, to: end) }
    }
    if tooDeep > 0 { return nil }
    let index = add(node)
    document.scalars.append(index)
    note(event, index)
    return nil
  }

  /// Whether the bytes of a range are exactly the scalar's value.
  private func isVerbatim(_ event: DxshYAMLEvent, from start: UInt32, to end: UInt32) -> Bool {
    let count = event.length
    guard Int(start) + count == Int(end), Int(end) <= document.file.bytes.count else { return false }
    return document.file.bytes.withUnsafeBufferPointer { bytes in
      var index = 0
      while index < count, bytes[Int(start) + index] == event.value[index] { index += 1 }
      return index == count
    }
  }

  /// A scalar that says something else than its author thinks.
  private mutating func trap(in node: YAMLNode) -> YAMLMend? {
    if !mayBeTrap(node) { return nil }
    let traps = YAMLTraps(bytes: document.file.bytes)
    if findsTraps, let mend = traps.mend(of: node) { return mend }
    if node.flags.contains(.flow), node.style == .plain, traps.hasQuestionMark(node) {
      let range = range(node.start, node.end)
      diagnostics.append(.questionInFlow(document.file.text(range), at: range))
    }
    return nil
  }

  /// Whether a scalar has a byte that a trap has.
  private func mayBeTrap(_ node: YAMLNode) -> Bool {
    document.file.bytes.withUnsafeBufferPointer { bytes in
      for index in Int(node.first)..<Int(node.count) {
        let byte = bytes[index]
        if byte == UInt8(ascii: "$") || byte == UInt8(ascii: "?") || byte == UInt8(ascii: "<") { return true }
      }
      return false
    }
  }

  private mutating func mend(at start: UInt32) -> YAMLMend? {
    while nextMend < mends.count, mends[nextMend].start < start { nextMend += 1 }
    return nextMend < mends.count && mends[nextMend].start == start ? mends[nextMend] : nil
  }

  private mutating func addAlias(_ event: DxshYAMLEvent) {
    let (start, end) = (marks.offset(of: event.start), marks.offset(of: event.end))
    if tooDeep > 0 { return }
    let name = String(decoding: UnsafeBufferPointer(start: event.value, count: event.length), as: UTF8.self)
    let use = range(start, end)
    guard let target = anchors[name] else {
      diagnostics.append(.unknownAnchor(name, at: use))
      return _ = add(YAMLNode(.unreadable, start: start, end: end))
    }
    let anchored = document[target]
    if open.contains(where: { $0.node == target }) {
      diagnostics.append(.recursiveAnchor(name, at: use, anchor: document.range(target)))
      return _ = add(YAMLNode(.unreadable, start: start, end: end))
    }
    expanded += Int(anchored.size)
    if expanded > Self.expansionLimit {
      if !hasTooManyNodes { diagnostics.append(.tooManyNodes(at: use, anchor: document.range(target))) }
      hasTooManyNodes = true
      return _ = add(YAMLNode(.unreadable, start: start, end: end))
    }
    if open.count + Int(anchored.height) > Self.depthLimit {
      diagnostics.append(.nestedTooDeeply(at: use))
      return _ = add(YAMLNode(.unreadable, start: start, end: end))
    }
    var node = YAMLNode(.alias, start: start, end: end)
    (node.first, node.size, node.height) = (target, anchored.size, anchored.height)
    document.expansions.append(Module.Expansion(use: use, anchor: document.range(target)))
    _ = add(node)
  }

  private mutating func begin(_ kind: YAMLNode.Kind, _ event: DxshYAMLEvent) {
    let start = marks.offset(of: event.start)
    if tooDeep > 0 || open.count >= Self.depthLimit {
      if tooDeep == 0 { diagnostics.append(.nestedTooDeeply(at: range(start, start + 1))) }
      tooDeep += 1
      return
    }
    var node = YAMLNode(kind, start: start, end: start)
    if event.is_flow || isInFlow { node.flags.insert(.flow) }
    let index = add(node)
    note(event, index)
    open.append(
      Open(node: index, isFlow: event.is_flow || isInFlow, isMapping: kind == .mapping, end: start))
  }

  private mutating func end(_ event: DxshYAMLEvent) {
    if tooDeep > 0 { return tooDeep -= 1 }
    guard let collection = open.popLast() else { return }
    close(collection, at: collection.isFlow ? marks.offset(of: event.end) : collection.end)
  }

  private mutating func close(_ collection: Open, at end: UInt32) {
    let index = Int(collection.node)
    document.nodes[index].end = end
    document.nodes[index].size = collection.size
    document.nodes[index].height = collection.height + 1
    // Its parent has counted it as one that is empty.
    if open.isEmpty { return }
    var node = document.nodes[index]
    node.size -= 1
    account(for: node, in: open.count - 1)
  }

  /// Notes a node's anchor; a tag is a mistake.
  private mutating func note(_ event: DxshYAMLEvent, _ node: Int32) {
    if let anchor = event.anchor { anchors[String(cString: anchor)] = node }
    if event.tag != nil {
      let start = marks.offset(of: event.start)
      diagnostics.append(.tag(at: tagRange(from: start)))
    }
  }

  // MARK: Places in the text

  private func tagRange(from start: UInt32) -> SourceRange {
    let bytes = document.file.bytes
    var first = Int(start)
    while first < bytes.count, bytes[first] != UInt8(ascii: "!") { first += 1 }
    var last = first
    while last < bytes.count, bytes[last] > UInt8(ascii: " ") { last += 1 }
    return range(UInt32(first), UInt32(last))
  }

  /// The start of a scalar's own text after its anchor and tag.
  private func skipProperties(from start: UInt32, to end: UInt32) -> UInt32 {
    let bytes = document.file.bytes
    var offset = Int(start)
    while offset < Int(end) {
      let byte = bytes[offset]
      if byte <= UInt8(ascii: " ") {
        offset += 1
      } else if byte == UInt8(ascii: "&") || byte == UInt8(ascii: "!") {
        while offset < Int(end), bytes[offset] > UInt8(ascii: " ") { offset += 1 }
      } else if byte == UInt8(ascii: "#") {
        while offset < Int(end), bytes[offset] != UInt8(ascii: "\n") { offset += 1 }
      } else {
        break
      }
    }
    return UInt32(offset)
  }

  /// The end of the last line of a block scalar that has text: libyaml's is the start of a line after it.
  private func endOfBlock(from start: UInt32, to end: UInt32) -> UInt32 {
    let bytes = document.file.bytes
    var last = Int(end)
    while last > Int(start), bytes[last - 1] <= UInt8(ascii: " ") { last -= 1 }
    return UInt32(last)
  }
}

/// How many events libyaml finds in a file, up to a mistake: the floor of what reading it costs.
package func countYAMLEvents(_ file: SourceFile) -> Int {
  file.bytes.withUnsafeBufferPointer { buffer in
    guard let parser = dxsh_yaml_open(buffer.baseAddress, buffer.count) else { return 0 }
    defer { dxsh_yaml_close(parser) }
    var event = DxshYAMLEvent()
    var count = 0
    while dxsh_yaml_next(parser, &event), Int(event.kind) != DXSH_YAML_STREAM_END { count += 1 }
    return count
  }
}
