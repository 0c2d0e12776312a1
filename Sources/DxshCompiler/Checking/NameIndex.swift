/// Names, each with a number: 0, 1, 2 in the order in which they were added.
///
/// What a name means is asked for every mention of one, and names are so short that a dictionary's hash costs several
/// times what the rest of the look-up does. The hash here is made for them; it begins with a random number, so that
/// nobody can write a file whose names get in each other's way.
///
/// A class, so that a look-up in what somebody keeps touches no reference count. None is changed once it is shared.
final class NameIndex {
  /// Where a name's number is found: at the place that its hash says, or behind it before the next free one.
  private struct Place {
    var hash: UInt32
    /// `free` where there is none.
    var number: UInt32

    static let free = UInt32.max
  }

  private(set) var names: [String] = []
  /// A power of two, at least half of them free.
  private var places = [Place](repeating: Place(hash: 0, number: Place.free), count: 8)
  private let seed = NameIndex.seed

  func reserveCapacity(_ count: Int) {
    names.reserveCapacity(count)
    if count * 2 > places.count { resize(toHold: count) }
  }

  /// The number of a name; nil when it was not added.
  func number(of name: String) -> Int? {
    let number = places[place(of: name, hash(name))].number
    return number == Place.free ? nil : Int(number)
  }

  /// The number of a name, which it gets now where it has none.
  @discardableResult
  func add(_ name: String) -> (number: Int, isNew: Bool) {
    if (names.count + 1) * 2 > places.count { resize(toHold: names.count + 1) }
    let hash = hash(name)
    let place = place(of: name, hash)
    if places[place].number != Place.free { return (Int(places[place].number), false) }
    places[place] = Place(hash: hash, number: UInt32(names.count))
    names.append(name)
    return (names.count - 1, true)
  }

  /// The place of a name, or the free one that it would take.
  private func place(of name: String, _ hash: UInt32) -> Int {
    let mask = places.count - 1
    var index = Int(hash) & mask
    while places[index].number != Place.free {
      if places[index].hash == hash, names[Int(places[index].number)] == name { break }
      index = (index + 1) & mask
    }
    return index
  }

  private func resize(toHold count: Int) {
    var size = places.count
    while size < count * 2 { size *= 2 }
    var new = [Place](repeating: Place(hash: 0, number: Place.free), count: size)
    for place in places where place.number != Place.free {
      var index = Int(place.hash) & (size - 1)
      while new[index].number != Place.free { index = (index + 1) & (size - 1) }
      new[index] = place
    }
    places = new
  }

  // MARK: - Hash

  private static let seed = UInt64.random(in: .min ... .max)

  private func hash(_ name: String) -> UInt32 {
    name.utf8.withContiguousStorageIfAvailable { hash($0) } ?? Array(name.utf8).withUnsafeBufferPointer { hash($0) }
  }

  /// Eight bytes at a time, each time folded in by a multiplication whose halves are joined, as in wyhash.
  private func hash(_ bytes: UnsafeBufferPointer<UInt8>) -> UInt32 {
    var hash = seed ^ UInt64(bytes.count)
    var word: UInt64 = 0
    var index = 0
    while index < bytes.count {
      word = word << 8 | UInt64(bytes[index])
      index += 1
      if index & 7 == 0 {
        hash = Self.mixed(hash ^ word)
        word = 0
      }
    }
    return UInt32(truncatingIfNeeded: Self.mixed(hash ^ word))
  }

  private static func mixed(_ word: UInt64) -> UInt64 {
    let (high, low) = word.multipliedFullWidth(by: 0x9E37_79B9_7F4A_7C15)
    return high ^ low
  }
}
