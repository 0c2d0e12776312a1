/// `join split replace` (the strings extension of CEL, `ext/strings`).
extension FunctionLibrary {
  static let textAssemblyOverloads: [Overload] = [
    Overload("join", "list_join", .member, [.list(.string)], .string, .metered(count: 1, join)),
    Overload("join", "list_join_string", .member, [.list(.string), .string], .string, .metered(count: 2, join)),
    Overload(
      "split", "string_split_string", .member, [.string, .string], .list(.string), .metered(count: 2, split)),
    Overload(
      "split", "string_split_string_int", .member, [.string, .string, .int], .list(.string),
      .metered(count: 3, split)),
    Overload(
      "replace", "string_replace_string_string", .member, [.string, .string, .string], .string,
      .metered(count: 3, replace)),
    Overload(
      "replace", "string_replace_string_string_int", .member, [.string, .string, .string, .int], .string,
      .metered(count: 4, replace)),
  ]

  private static func join(_ arguments: [Value], _ meter: inout Meter) throws(EvaluationError) -> Value {
    guard case .list(let elements) = arguments[0] else { throw EvaluationError.noOverload("join", arguments[0]) }
    var separator: [UInt8] = []
    if arguments.count == 2 {
      guard case .string(let text) = arguments[1] else {
        throw EvaluationError.noOverload("join", arguments[0], arguments[1])
      }
      separator = text.utf8
    }
    var count = 0
    for (position, element) in elements.enumerated() {
      guard case .string(let text) = element else { throw EvaluationError.noOverload("join", arguments[0], element) }
      let added = text.utf8.count + (position > 0 ? separator.count : 0)
      try meter.charge(moving: added)
      count += added
    }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(count)
    for (position, element) in elements.enumerated() {
      guard case .string(let text) = element else { continue }
      if position > 0 { bytes += separator }
      bytes += text.utf8
    }
    return .string(Text(validUTF8: bytes))
  }

  /// The number of parts or replacements that an argument allows; a negative one allows any number.
  private static func limit(
    _ name: String, _ arguments: [Value], at index: Int
  ) throws(EvaluationError) -> Int {
    guard index < arguments.count else { return .max }
    guard case .int(let number) = arguments[index] else {
      throw EvaluationError.noOverload(name, arguments[0], arguments[index])
    }
    return number < 0 ? .max : Int(number)
  }

  /// As Go splits: at most so many parts, the last of which is the rest. An empty separator splits into code points, so
  /// that an empty text has no parts then; otherwise it has one.
  private static func split(_ arguments: [Value], _ meter: inout Meter) throws(EvaluationError) -> Value {
    guard case .string(let text) = arguments[0], case .string(let separator) = arguments[1] else {
      throw EvaluationError.noOverload("split", arguments[0], arguments[1])
    }
    let limit = try limit("split", arguments, at: 2)
    try meter.charge(moving: text.utf8.count)
    let bytes = text.utf8
    var parts = MeteredTexts()
    var count = 0
    var start = 0
    guard limit > 0 else { return parts.value }
    if separator.utf8.isEmpty {
      while start < bytes.count, count < limit - 1 {
        let end = start + max(1, UTF8Check.length(of: bytes, at: start))
        try parts.append(bytes[start..<end], &meter)
        count += 1
        start = end
      }
      if start < bytes.count { try parts.append(bytes[start...], &meter) }
      return parts.value
    }
    let search = ByteSearch(for: separator.utf8)
    while count < limit - 1, let found = search.first(in: bytes, from: start) {
      try parts.append(bytes[start..<found], &meter)
      count += 1
      start = found + separator.utf8.count
    }
    try parts.append(bytes[start...], &meter)
    return parts.value
  }

  /// As Go replaces: an empty text stands before every code point and at the end.
  private static func replace(_ arguments: [Value], _ meter: inout Meter) throws(EvaluationError) -> Value {
    guard case .string(let text) = arguments[0], case .string(let old) = arguments[1],
      case .string(let new) = arguments[2]
    else { throw EvaluationError.noOverload("replace", arguments[0], arguments[1], arguments[2]) }
    let limit = try limit("replace", arguments, at: 3)
    try meter.charge(moving: text.utf8.count)
    let bytes = text.utf8
    let places = try places(of: old.utf8, in: bytes, upTo: limit, adding: new.utf8.count, &meter)
    guard !places.isEmpty else { return arguments[0] }
    try meter.charge(moving: bytes.count)
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count + places.count * (new.utf8.count - old.utf8.count))
    var start = 0
    for place in places {
      result += bytes[start..<place]
      result += new.utf8
      start = place + old.utf8.count
    }
    result += bytes[start...]
    return .string(Text(validUTF8: result))
  }

  /// Where `old` stands, without overlaps. Charges for what each replacement adds.
  private static func places(
    of old: [UInt8], in bytes: [UInt8], upTo limit: Int, adding count: Int, _ meter: inout Meter
  ) throws(EvaluationError) -> [Int] {
    var places: [Int] = []
    guard !old.isEmpty else {
      for place in 0...bytes.count where places.count < limit && (place == bytes.count || bytes[place] & 0xC0 != 0x80) {
        try meter.charge(moving: count)
        places.append(place)
      }
      return places
    }
    let search = ByteSearch(for: old)
    var start = 0
    while places.count < limit, let place = search.first(in: bytes, from: start) {
      try meter.charge(moving: count)
      places.append(place)
      start = place + old.count
    }
    return places
  }
}
