import Glibc

/// Feeds bytes to the lexer, parsers, checkers, optimizer and evaluator.
///
/// `DxshFuzz replay FILE…` goes through files, such as an input that crashed, and says what each of them is. Built
/// with `-sanitize=fuzzer -D FUZZER` everything else is for libFuzzer, which makes inputs without end: `make fuzz`.
@main
struct Fuzz {
  static func main() {
    let arguments = CommandLine.arguments.dropFirst()
    if arguments.first == "replay" { exit(replay(arguments.dropFirst()) ? 0 : 1) }
    #if FUZZER
      drive()
    #else
      print("usage: DxshFuzz replay FILE…")
      exit(2)
    #endif
  }

  /// Whether every file could be read and every property held.
  private static func replay(_ paths: ArraySlice<String>) -> Bool {
    var holds = true
    for path in paths {
      guard let bytes = contents(of: path) else {
        print("\(path): cannot be read")
        holds = false
        continue
      }
      print("\(path): \(Probe.description(of: bytes))")
      fflush(nil)
      do {
        try Probe.run(bytes)
      } catch {
        print("DOES NOT HOLD: \(error.message)")
        holds = false
      }
    }
    return holds
  }

  private static func contents(of path: String) -> [UInt8]? {
    guard let file = fopen(path, "rb") else { return nil }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = fread(&buffer, 1, buffer.count, file)
      if count == 0 { return ferror(file) == 0 ? bytes : nil }
      bytes += buffer[..<count]
    }
  }
}

#if FUZZER
  extension Fuzz {
    fileprivate static func drive() {
      var count = CommandLine.argc
      var arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = CommandLine.unsafeArgv
      exit(runDriver(&count, &arguments, testOneInput))
    }
  }

  private typealias Test = @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt

  /// LLVM's entry for programs that have their own `main` ("Using libFuzzer as a library").
  @_silgen_name("LLVMFuzzerRunDriver")
  private func runDriver(
    _ count: UnsafeMutablePointer<Int32>,
    _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?>, _ test: Test
  ) -> CInt

  /// What libFuzzer calls with each input; a property that does not hold is a crash to it.
  @_cdecl("LLVMFuzzerTestOneInput")
  func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    do {
      try Probe.run(Array(UnsafeBufferPointer(start: start, count: count)))
    } catch {
      fatalError(error.message)
    }
    return 0
  }
#endif
