import DxshSyntax

extension Outline {
  /// A place that binds a name.
  struct Site {
    var leaf: Int
    var block: Int
    var name: Name
  }

  /// The places that bind one name, in the order of the text. Most often it is one, which costs no allocation.
  struct Sites: RandomAccessCollection {
    private var first: Site?
    private var others: [Site] = []

    init() {}

    init(_ only: Site) {
      first = only
    }

    var startIndex: Int { 0 }
    var endIndex: Int { first == nil ? 0 : others.count + 1 }

    subscript(position: Int) -> Site {
      guard let first else { preconditionFailure("there is no site \(position)") }
      return position == 0 ? first : others[position - 1]
    }

    mutating func append(_ site: Site) {
      if first == nil { first = site } else { others.append(site) }
    }
  }
}
