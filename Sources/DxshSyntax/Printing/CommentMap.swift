/// Where the comments of a file belong (rule 16): before an element of the tree, at the end of one, or before a closing
/// bracket.
///
/// A printer takes each comment when it prints what it belongs to, in whatever order; what is left at the end has been
/// lost, which `isEmpty` shows. Elements are known by the offsets of their ranges, so that of several elements that
/// begin or end at one place the outermost, which is printed first, takes the comment.
package struct CommentMap: Sendable {
  /// By the start of the element.
  private var leading: [UInt32: [Comment]] = [:]
  /// By the end of the element.
  private var trailing: [UInt32: [Comment]] = [:]
  /// By the end of the brackets.
  private var closing: [UInt32: [Comment]] = [:]
  /// By the end of the last element before the bracket, where the brackets have no range of their own.
  private var closingAfter: [UInt32: [Comment]] = [:]
  /// How many have not been taken.
  package private(set) var count = 0

  package init() {}

  package var isEmpty: Bool { count == 0 }

  // MARK: Filling

  package mutating func attach(_ comment: Comment, before start: UInt32) {
    leading[start, default: []].append(comment)
    count += 1
  }

  package mutating func attach(_ comment: Comment, after end: UInt32) {
    trailing[end, default: []].append(comment)
    count += 1
  }

  package mutating func attach(_ comment: Comment, beforeCloserAt place: UInt32) {
    closing[place, default: []].append(comment)
    count += 1
  }

  package mutating func attach(_ comment: Comment, beforeCloserAfter end: UInt32) {
    closingAfter[end, default: []].append(comment)
    count += 1
  }

  // MARK: Taking

  package func hasComments(before start: UInt32) -> Bool { leading[start] != nil }

  package func firstLeading(_ start: UInt32) -> Comment? { leading[start]?.first }

  package func hasComments(after end: UInt32) -> Bool { trailing[end] != nil }

  package func hasComments(beforeCloserAt place: UInt32) -> Bool {
    closing[place] != nil || closingAfter[place] != nil
  }

  /// The comments on lines of their own before an element.
  package mutating func takeLeading(_ start: UInt32) -> [Comment] {
    taken(leading.isEmpty ? nil : leading.removeValue(forKey: start))
  }

  /// The comments at the end of the line on which an element ends.
  package mutating func takeTrailing(_ end: UInt32) -> [Comment] {
    taken(trailing.isEmpty ? nil : trailing.removeValue(forKey: end))
  }

  /// The comments before a closing bracket.
  package mutating func takeClosing(_ place: UInt32) -> [Comment] {
    taken(closing.isEmpty ? nil : closing.removeValue(forKey: place))
  }

  /// The comments before the closing bracket that follows an element.
  package mutating func takeClosing(after end: UInt32) -> [Comment] {
    taken(closingAfter.isEmpty ? nil : closingAfter.removeValue(forKey: end))
  }

  /// All comments in a range, and before and after it, in the order of the text: for an element that is printed as one
  /// piece.
  package mutating func takeAll(in range: SourceRange) -> [Comment] {
    if isEmpty { return [] }
    var found: [Comment] = []
    for key in leading.keys where range.start <= key && key < range.end { found += takeLeading(key) }
    for key in trailing.keys where range.start < key && key <= range.end { found += takeTrailing(key) }
    for key in closing.keys where range.start < key && key <= range.end { found += takeClosing(key) }
    for key in closingAfter.keys where range.start <= key && key <= range.end { found += takeClosing(after: key) }
    return found.sorted { $0.range.start < $1.range.start }
  }

  private mutating func taken(_ comments: [Comment]?) -> [Comment] {
    guard let comments else { return [] }
    count -= comments.count
    return comments
  }

  // MARK: Comparing

  /// Which element each comment belongs to, as its number in the order of the tree; for comparing two texts of one
  /// tree.
  package func places(in module: Module) -> [(comment: Comment, element: Int?)] {
    let elements = CommentElements(module.declarations)
    var places: [(comment: Comment, element: Int?)] = []
    for (start, comments) in leading { places += comments.map { ($0, elements.number(startingAt: start)) } }
    for ends in [trailing, closing, closingAfter] {
      for (end, comments) in ends { places += comments.map { ($0, elements.number(endingAt: end)) } }
    }
    return places.sorted { $0.comment.range.start < $1.comment.range.start }
  }
}
