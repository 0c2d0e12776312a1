import DxshExpressions
import DxshNodes
import DxshRuntime
import DxshTestSupport
import Glibc
import Testing

@Suite(.serialized) struct ShellNodeTests {
  let folder = TemporaryFolder()

  private func arguments(
    _ first: (String, Value), input: String = "", directory: String = ".", env: KeyValuePairs<String, String> = [:],
    limit: Int64 = 1 << 20, allowFailure: Bool = false
  ) -> KeyValuePairs<String, Value> {
    switch first.0 {
    case "script":
      [
        "script": first.1, "input": .text(input), "directory": .text(directory), "env": .texts(env),
        "output_limit": .size(limit), "allow_failure": .bool(allowFailure),
      ]
    default:
      [
        "command": first.1, "input": .text(input), "directory": .text(directory), "env": .texts(env),
        "output_limit": .size(limit), "allow_failure": .bool(allowFailure),
      ]
    }
  }

  private func run(_ command: String..., input: String = "") async throws -> Value {
    let command = Value.list(command.map { Value.text($0) })
    return try await call(ShellRunNode(), arguments(("command", command), input: input), in: folder)
  }

  private func script(
    _ text: String, input: String = "", directory: String = ".", env: KeyValuePairs<String, String> = [:],
    limit: Int64 = 1 << 20, allowFailure: Bool = false, patience: Duration = .seconds(5)
  ) async throws -> Value {
    let arguments = arguments(
      ("script", .text(text)), input: input, directory: directory, env: env, limit: limit, allowFailure: allowFailure)
    return try await call(ShellScriptNode(patience: patience), arguments, in: folder)
  }

  private func scriptFailure(
    _ text: String, directory: String = ".", env: KeyValuePairs<String, String> = [:], limit: Int64 = 1 << 20,
    allowFailure: Bool = false
  ) async -> NodeFailure? {
    let arguments = arguments(
      ("script", .text(text)), directory: directory, env: env, limit: limit, allowFailure: allowFailure)
    return await failure(ShellScriptNode(), arguments, in: folder)
  }

  @Test func argumentsAreNotReadByAShell() async throws {
    let result = try await run("printf", "%s|", "a b", "$HOME", "*", "", "ü;")
    #expect(result["stdout"].string == "a b|$HOME|*||ü;|")
    #expect(result["stderr"].string == "")
    #expect(result["exit_code"] == .int(0))
  }

  @Test func aProgramIsFoundByAPathFromItsFolder() async throws {
    folder.makeFolder("tools")
    folder.write("#!/bin/sh\npwd\n", to: "tools/where", mode: 0o755)
    #expect(try await run("tools/where")["stdout"].string == "\(folder.path)\n")
    let there = try await call(
      ShellRunNode(), arguments(("command", .texts("./where")), directory: "tools"), in: folder)
    #expect(there["stdout"].string == "\(folder.path)/tools\n")
  }

  @Test func theEnvironmentIsTheInheritedFewAndWhatTheStepAdds() async throws {
    let result = try await call(
      ShellRunNode(), arguments(("command", .texts("env")), env: ["A": "1=2", "HOME": "/h"]), in: folder)
    #expect(
      result["stdout"].string.split(separator: "\n").sorted()
        == ["A=1=2", "HOME=/h", "LANG=C.UTF-8", "PATH=/usr/local/bin:/usr/bin:/bin"])
  }

  @Test func inputIsReadOrNot() async throws {
    let large = String(repeating: "0123456789", count: 100_000)
    #expect(try await run("wc", "-c", input: large)["stdout"].string == "1000000\n")
    #expect(try await run("true", input: large)["exit_code"] == .int(0))
    #expect(try await script("cat; echo end")["stdout"].string == "end\n")
  }

  @Test func bothOutputsAreReadSideBySide() async throws {
    let result = try await script(
      "head -c 400000 /dev/zero | tr '\\0' e >&2; head -c 400000 /dev/zero | tr '\\0' o")
    #expect(result["stdout"].string == String(repeating: "o", count: 400_000))
    #expect(result["stderr"].string == String(repeating: "e", count: 400_000))
  }

  @Test func anExitCodeIsAFailureUnlessItIsAllowed() async throws {
    let text = "echo one >&2; echo >&2; echo two >&2; exit 3"
    #expect(await scriptFailure(text) == NodeFailure("exit", "the script ended with exit code 3: one | two"))
    let result = try await script(text, allowFailure: true)
    #expect(result["exit_code"] == .int(3))
    #expect(result["stderr"].string == "one\n\ntwo\n")
    #expect(await scriptFailure("false; echo not reached")?.message == "the script ended with exit code 1")
    #expect(await scriptFailure("echo $nothing")?.kind == "exit")
    #expect(await scriptFailure("kill -9 $$")?.message == "the script was ended by signal 9")
    #expect(try await script("kill -9 $$", allowFailure: true)["exit_code"] == .int(137))
    #expect(
      await failure(ShellRunNode(), arguments(("command", .texts("false"))), in: folder)
        == NodeFailure("exit", "\"false\" ended with exit code 1"))
  }

  @Test func whyAProgramDoesNotStart() async {
    func message(_ command: String..., directory: String = ".", env: KeyValuePairs<String, String> = [:]) async
      -> String?
    {
      let command = Value.list(command.map { Value.text($0) })
      let arguments = arguments(("command", command), directory: directory, env: env)
      let failure = await failure(ShellRunNode(), arguments, in: folder)
      #expect(failure?.kind == "spawn")
      return failure?.message
    }
    folder.write("text\n", to: "text")
    folder.write("\u{7F}ELFtext\n", to: "broken", mode: 0o755)
    // A name is not looked for where the program would run.
    folder.write("#!/bin/sh\n", to: "no-such-program", mode: 0o755)
    folder.write("#!/no/such/interpreter\n", to: "script", mode: 0o755)
    folder.write("#!./text\n", to: "script-of-text", mode: 0o755)
    folder.makeFolder("folder")
    #expect(await message() == "the command is empty")
    #expect(await message("no-such-program") == #"cannot run "no-such-program": there is no such program on the PATH"#)
    #expect(await message("./none") == #"cannot run "./none": there is no such file"#)
    #expect(await message("./folder") == #"cannot run "./folder": it is a folder"#)
    #expect(
      await message("./script") == #"cannot run "./script": the program that its first line names does not exist"#)
    #expect(
      await message("./script-of-text")
        == #"cannot run "./script-of-text": the program that its first line names may not be executed"#)
    #expect(await message("./text") == #"cannot run "./text": the file may not be executed"#)
    #expect(
      await message("./broken")
        == #"cannot run "./broken": it is no program; a script begins with a line such as #!/bin/sh"#)
    #expect(
      await message("true", directory: "none")
        == #"cannot run "true": there is no folder "none" to run it in"#)
    #expect(await message("echo", "a\0b") == "cannot run \"echo\": the argument \"a\0b\" holds a NUL")
    #expect(
      await message("true", env: ["A=B": ""]) == #"cannot run "true": "A=B" is no name of an environment variable"#)
    #expect(await message("true", env: ["A": "\0"]) == #"cannot run "true": the environment variable A holds a NUL"#)
    #expect(
      await message("echo", String(repeating: "x", count: 4_000_000))
        == #"cannot run "echo": its arguments and environment are too long"#)
  }

  @Test func outputHasALimit() async throws {
    #expect(
      await scriptFailure("yes", limit: 10_000)
        == NodeFailure("output", "the script wrote more than 10KB to its standard output, so it was ended"))
    #expect(
      await scriptFailure("yes >&2", limit: 1024)
        == NodeFailure("output", "the script wrote more than 1KiB to its standard error, so it was ended"))
    #expect(try await script("printf 1234", limit: 4)["stdout"].string == "1234")
  }

  @Test func outputIsText() async throws {
    #expect(
      await scriptFailure("printf 'a\\377'", allowFailure: true)
        == NodeFailure("output", "the standard output of the script is not UTF-8 text: see its byte 2"))
    #expect(try await script("printf 'a\\377' >&2")["stderr"].string == "a\u{FFFD}")
  }

  @Test func whatAProgramLeavesRunningIsEnded() async throws {
    let result = try await script("sleep 1000 & echo $!; sleep 1000 >/dev/null 2>&1 & echo $!")
    let left = result["stdout"].string.split(separator: "\n").compactMap { pid_t($0) }
    #expect(left.count == 2)
    #expect(left.allSatisfy { !isRunning($0) })
  }

  @Test func cancellationEndsTheWholeFamily() async throws {
    let processes = try await cancel("sleep 1000 & child=$!; (sleep 1000 & echo $! $$ $child > pids; wait) & wait")
    #expect(processes.count == 3)
    #expect(processes.allSatisfy { !isRunning($0) })
  }

  @Test func whoIgnoresTheSignalIsKilledInTheEnd() async throws {
    let processes = try await cancel(
      "trap '' TERM; sh -c 'echo $PPID $$ > pids; while :; do sleep 1000; done' & wait", patience: .milliseconds(50))
    #expect(processes.count == 2)
    #expect(processes.allSatisfy { !isRunning($0) })
  }

  @Test func aProgramThatIsToldToEndMayStillWrite() async throws {
    _ = try await cancel(
      """
      trap 'head -c 200000 /dev/zero; echo done > end; exit' TERM
      echo > pids
      while :; do sleep 0.01 2>/dev/null || true; done
      """)
    #expect(folder.read("end") == "done\n")
  }

  @Test func aChildThatOutlivesItsParentGetsItsTimeToEnd() async throws {
    _ = try await cancel(
      """
      (exec 2>/dev/null; trap 'echo done > end; exit' TERM; echo > pids; while :; do sleep 0.01 || true; done) &
      wait
      """)
    #expect(folder.read("end") == "done\n")
  }

  @Test func aChildThatOutlivesItsParentMayStillWrite() async throws {
    _ = try await cancel(
      """
      (trap 'head -c 200000 /dev/zero; echo ending >&2; echo done > end; exit' TERM; echo > pids
      while :; do sleep 0.01 2>/dev/null || true; done) &
      wait
      """)
    #expect(folder.read("end") == "done\n")
  }

  /// Cancels a script when it has written `pids`, and returns what the file holds.
  private func cancel(_ text: String, patience: Duration = .seconds(5)) async throws -> [pid_t] {
    let running = Task { try await script(text, patience: patience) }
    while folder.read("pids")?.hasSuffix("\n") != true { await Task.yield() }
    running.cancel()
    await #expect(throws: CancellationError.self) { try await running.value }
    return (folder.read("pids") ?? "").split(whereSeparator: \.isWhitespace).compactMap { pid_t($0) }
  }

  /// Whether there is such a process that has not ended; one that nobody has reaped has.
  private func isRunning(_ process: pid_t) -> Bool {
    let folder = "/proc/\(process)/stat"
    let descriptor = open(folder, O_RDONLY)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    var buffer = [UInt8](repeating: 0, count: 512)
    let count = Glibc.read(descriptor, &buffer, buffer.count)
    let state = String(decoding: buffer[..<max(count, 0)], as: UTF8.self).split(separator: ")").last?.dropFirst().first
    return state.map { $0 != "Z" && $0 != "X" } ?? false
  }
}
