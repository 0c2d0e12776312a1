import Glibc

/// The three standard descriptors, which whoever starts the program may have closed.
enum StandardDescriptors {
  /// Opens something in place of each that is closed: the next file, a store perhaps, would have its number, and be
  /// given what is said to people. Nothing can be written to it, as to a closed one.
  static func fill() {
    for number in STDIN_FILENO...STDERR_FILENO where fcntl(number, F_GETFD) < 0 {
      // The system gives the lowest number that is free, which is this one.
      _ = open("/dev/null", O_RDONLY)
    }
  }
}
