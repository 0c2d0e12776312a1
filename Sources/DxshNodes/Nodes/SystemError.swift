import Glibc

/// Why the system refused something, as `errno` says.
struct SystemError: Error, CustomStringConvertible {
  let number: Int32

  init(_ number: Int32) {
    self.number = number
  }

  var description: String { String(cString: strerror(number)) }
}
