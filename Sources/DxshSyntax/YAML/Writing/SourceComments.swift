/// The comments of a file that have not been written yet, by where they stand in its text (rule 16).
struct SourceComments {
  private let comments: [Comment]
  private var isTaken: [Bool]
  private let bytes: [UInt8]
  private(set) var count: Int

  init(_ module: Module, of file: SourceFile) {
    comments = module.comments
    isTaken = Array(repeating: false, count: comments.count)
    bytes = file.bytes
    count = comments.count
  }

  var isEmpty: Bool { count == 0 }

  func hasAny(from start: UInt32, to end: UInt32) -> Bool {
    var index = first(from: start)
    while index < comments.count, comments[index].range.start < end {
      if !isTaken[index] { return true }
      index += 1
    }
    return false
  }

  /// Those between two places.
  mutating func take(from start: UInt32, to end: UInt32) -> [Comment] {
    if isEmpty || start >= end { return [] }
    var taken: [Comment] = []
    var index = first(from: start)
    while index < comments.count, comments[index].range.start < end {
      if !isTaken[index] { taken.append(take(index)) }
      index += 1
    }
    return taken
  }

  /// The one at the end of the line on which an element ends; a comma may stand between.
  mutating func take(after end: UInt32) -> [Comment] {
    if isEmpty { return [] }
    let index = first(from: end)
    guard index < comments.count, !isTaken[index], !comments[index].ownLine else { return [] }
    let gap = bytes[Int(end)..<Int(comments[index].range.start)]
    let isDirect = gap.allSatisfy { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") || $0 == UInt8(ascii: ",") }
    return isDirect ? [take(index)] : []
  }

  /// In YAML, those on the lines after a collection that are indented as its elements are.
  mutating func take(afterYAML range: SourceRange) -> [Comment] {
    if isEmpty { return [] }
    let column = column(of: Int(range.start))
    var taken: [Comment] = []
    var end = Int(range.end)
    var index = first(from: range.end)
    while index < comments.count, comments[index].ownLine, self.column(of: Int(comments[index].range.start)) >= column {
      let gap = bytes[end..<Int(comments[index].range.start)]
      guard gap.allSatisfy({ $0 <= UInt8(ascii: " ") }) else { break }
      if !isTaken[index] { taken.append(take(index)) }
      end = Int(comments[index].range.end)
      index += 1
    }
    return taken
  }

  /// How far a place is from the start of its line.
  private func column(of place: Int) -> Int {
    var start = place
    while start > 0, bytes[start - 1] != UInt8(ascii: "\n") { start -= 1 }
    return place - start
  }

  private mutating func take(_ index: Int) -> Comment {
    isTaken[index] = true
    count -= 1
    return comments[index]
  }

  /// The first comment at or after a place.
  private func first(from place: UInt32) -> Int {
    var (low, high) = (0, comments.count)
    while low < high {
      let middle = (low + high) / 2
      if comments[middle].range.start < place { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
