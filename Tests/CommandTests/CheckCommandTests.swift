import DxshTestSupport
import Testing

/// `dxsh check`: which files, which diagnostics, in which order, and its exit codes.
struct CheckCommandTests {
  static let unread = "workflow w() {\n  step x = json.format(value: 1)\n}\n"
  static let wrong = "workflow w(region: string) {\n  let x = regoin\n}\n"

  private func run(_ arguments: String, in folder: TemporaryFolder) -> Program.Result {
    Program.shell("dxsh check \(arguments)", in: folder.path)
  }

  /// The places of the diagnostics.
  private func places(_ result: Program.Result) -> [String] {
    result.output.split(separator: "\n").filter { $0.contains("--> ") }
      .map { String($0.drop { $0 == " " }.dropFirst(4)) }
  }

  @Test func orderIsThatOfTheNamesAndEachIsSaidOnce() {
    let folder = TemporaryFolder()
    folder.makeFolder("sub")
    folder.write(Self.unread + "const a = b\nconst c = d\n", to: "shared.dxsh")
    folder.write("import \"./shared.dxsh\" as s\n" + Self.wrong, to: "b.dxsh")
    folder.write("import \"../shared.dxsh\" as s\n" + Self.wrong, to: "sub/a.dxsh")
    let expected = ["b.dxsh:3:11", "shared.dxsh:4:11", "shared.dxsh:5:11", "sub/a.dxsh:3:11"]
    for arguments in ["", ".", "sub b.dxsh", "b.dxsh sub/a.dxsh", "sub/a.dxsh b.dxsh shared.dxsh ./shared.dxsh"] {
      let result = run("--allow W0002 " + arguments, in: folder)
      #expect(places(result) == expected, "\(arguments)")
      #expect(result.errors == "4 errors\n")
    }
    let inside = Program.shell("cd sub && dxsh check --allow W0002 ../shared.dxsh .", in: folder.path)
    #expect(places(inside) == ["../shared.dxsh:4:11", "../shared.dxsh:5:11", "a.dxsh:3:11"])
  }

  /// What it says of open runs, docs/changing.md shows.
  @Test func openRunsAreLookedForWhereTheyAre() {
    let folder = TemporaryFolder()
    folder.write("workflow w() {\n  wait told = signal(\"x\")\n}\n", to: "a.dxsh")
    let none = run("--inflight a.dxsh", in: folder)
    #expect(none.exitCode == 0 && none.output.isEmpty && none.errors.isEmpty)
    let elsewhere = run("--inflight --state other a.dxsh", in: folder)
    #expect(elsewhere.exitCode == 2)
    #expect(elsewhere.errors == "dxsh: there are no runs in other; name the folder that has them with --state\n")
    _ = Program.shell("dxsh exec --quiet --state other a.dxsh", in: folder.path)
    #expect(run("--inflight --state other a.dxsh", in: folder).output.isEmpty)
    folder.write("workflow w() {\n  wait asked = signal(\"x\")\n}\n", to: "a.dxsh")
    let changed = run("--inflight --state other a.dxsh", in: folder)
    #expect(changed.exitCode == 1 && changed.output.contains("needs migration: the run waits at told, which"))
    #expect(run("--inflight -", in: folder).exitCode == 2)
    #expect(run("--inflight --format json a.dxsh", in: folder).exitCode == 2)
    let moved = Program.shell("dxsh runs migrate --state nowhere a.dxsh", in: folder.path)
    #expect(moved.exitCode == 2 && moved.errors.contains("there are no runs in nowhere"))
    let unknown = Program.shell("dxsh runs migrate --state other a.dxsh zzz", in: folder.path)
    #expect(unknown.exitCode == 2 && unknown.errors.contains("there is no run zzz"))
  }

  @Test func manyFilesSideBySide() {
    let folder = TemporaryFolder()
    for number in 100..<160 { folder.write(Self.wrong, to: "f\(number).dxsh") }
    let result = run("", in: folder)
    #expect(places(result) == (100..<160).map { "f\($0).dxsh:2:11" })
    #expect(run("", in: folder).output == result.output)
  }

  @Test func whatCannotBeReadIsNamedAndTheOthersAreChecked() {
    let folder = TemporaryFolder()
    folder.makeFolder("empty")
    folder.write(Self.wrong, to: "a.dxsh")
    let result = run("missing.dxsh empty a.dxsh", in: folder)
    #expect(result.exitCode == 2)
    #expect(places(result) == ["a.dxsh:2:11"])
    #expect(
      result.errors == """
        1 error
        dxsh: cannot read missing.dxsh: No such file or directory
        dxsh: nothing to check: there is no .dxsh file in empty

        """)
    let log = run("missing.dxsh --format sarif", in: folder)
    #expect(log.output.contains("\"executionSuccessful\": false"))
    #expect(log.output.contains("\"text\": \"cannot read missing.dxsh: No such file or directory\""))
  }

  @Test func levels() {
    let folder = TemporaryFolder()
    folder.write(Self.unread, to: "a.dxsh")
    func result(_ arguments: String) -> String {
      let result = run("\(arguments) a.dxsh", in: folder)
      return "\(result.exitCode) \(result.output.prefix { $0 != ":" }) \(result.errors.dropLast())"
    }
    #expect(result("") == "0 warning[W0002] 1 warning")
    #expect(result("--tier audit") == "0 warning[W0002] 1 warning")
    #expect(result("--deny warnings") == "1 error[W0002] 1 error")
    #expect(result("--deny w0002") == "1 error[W0002] 1 error")
    #expect(result("--allow W0002") == "0  ")
    #expect(result("--allow W0002 --deny warnings") == "0  ")
    for (arguments, message) in [
      ("--allow W0002 --deny W0002", "--allow: `W0002` cannot be both denied and allowed"),
      ("--allow E0101", "--allow: `E0101` is an error, and errors cannot be allowed: mend it"),
      ("--allow warnings", "--allow: there is no diagnostic `warnings`; `dxsh explain` lists them all"),
      ("--deny warning", "--deny: there is no diagnostic `warning`; did you mean `warnings`?"),
      ("--deny W002", "--deny: there is no diagnostic `W002`; did you mean `W0002`?"),
    ] {
      #expect(result(arguments) == "2  dxsh: " + message)
    }
    #expect(run("--tier all a.dxsh", in: folder).exitCode == 2)
  }

  @Test func aDeniedWarningStopsNoRun() {
    let folder = TemporaryFolder()
    folder.write(Self.unread, to: "a.dxsh")
    folder.write("[check]\ndeny = [\"warnings\"]\n", to: "dxsh.toml")
    #expect(run("", in: folder).exitCode == 1)
    #expect(Program.shell("dxsh exec --ephemeral --quiet a.dxsh", in: folder.path).exitCode == 0)
    folder.write("// dxsh:allow E0101 reason=\"r\"\n" + Self.wrong, to: "b.dxsh")
    #expect(Program.shell("dxsh exec --ephemeral --quiet b.dxsh -p region=a", in: folder.path).exitCode == 1)
  }

  @Test func commentsSilenceForRunsToo() {
    let folder = TemporaryFolder()
    folder.write(
      Self.unread.replacing("  step", with: "  // dxsh:allow W0002 reason=\"r\" until=9000-01-01\n  step"), to: "a.dxsh"
    )
    #expect(run("", in: folder).output + run("", in: folder).errors == "")
    #expect(Program.shell("dxsh exec --ephemeral --quiet a.dxsh", in: folder.path).errors == "")
  }
}
