import DxshExpressions

/// Foreign text as a part of a message.
enum MessageText {
  /// On one line, without anything that a terminal would obey, at most `limit` characters.
  static func plain(_ text: String, limit: Int) -> String {
    var scalars = String.UnicodeScalarView()
    for scalar in text.unicodeScalars.prefix(limit * 4) {
      switch scalar.properties.generalCategory {
      case .control, .format, .lineSeparator, .paragraphSeparator, .spaceSeparator: scalars.append(" ")
      default: scalars.append(scalar)
      }
    }
    let line = String(scalars).split(separator: " ").joined(separator: " ")
    return line.count > limit ? line.prefix(limit) + "…" : line
  }

  /// The beginning of a body for people; empty when it is no text.
  static func excerpt(of body: [UInt8]) -> String {
    let limit = 200
    var start = Array(body.prefix(limit))
    if let offset = UTF8Check.firstInvalid(in: start) {
      // The last character may be cut.
      guard body.count > limit, offset > limit - 4 else { return "" }
      start.removeSubrange(offset...)
    }
    guard !start.contains(0) else { return "" }
    let text = plain(String(decoding: start, as: UTF8.self), limit: limit)
    return body.count > limit && !text.isEmpty ? text + "…" : text
  }
}
