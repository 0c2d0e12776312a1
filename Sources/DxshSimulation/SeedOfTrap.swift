import Glibc

/// Says which seed a thread was at when the program traps, which ends it without a report.
enum SeedOfTrap {
  private static let signals = [SIGILL, SIGTRAP, SIGSEGV, SIGBUS, SIGABRT]
  /// Of the thread: the seed and one, as an address.
  private static let key: pthread_key_t = {
    var key = pthread_key_t()
    pthread_key_create(&key, nil)
    return key
  }()

  /// To be called once, before any seed.
  static func watch() {
    _ = key
    for signal in signals {
      var action = sigaction()
      action.__sigaction_handler.sa_handler = { signal in
        // What handles it by default does so when the instruction is tried again.
        Glibc.signal(signal, SIG_DFL)
        SeedOfTrap.tell()
      }
      sigaction(signal, &action, nil)
    }
  }

  static func note(_ seed: UInt64) {
    // A thread that holds them off, as detached ones do, is ended without the handler.
    var held = sigset_t()
    sigemptyset(&held)
    for signal in signals { sigaddset(&held, signal) }
    pthread_sigmask(SIG_UNBLOCK, &held, nil)
    pthread_setspecific(key, UnsafeRawPointer(bitPattern: UInt(seed &+ 1)))
  }

  /// Allocates nothing, as it is called in a signal handler.
  private static func tell() {
    let number = UInt(bitPattern: pthread_getspecific(key))
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 20) { digits in
      var rest = number &- 1
      var place = digits.count
      repeat {
        place -= 1
        digits[place] = UInt8(48 + rest % 10)
        rest /= 10
      } while rest > 0
      _ = "seed ".withCString { write(STDERR_FILENO, $0, 5) }
      _ = write(STDERR_FILENO, digits.baseAddress! + place, digits.count - place)
      _ = " crashed the program\n".withCString { write(STDERR_FILENO, $0, 21) }
    }
  }
}
