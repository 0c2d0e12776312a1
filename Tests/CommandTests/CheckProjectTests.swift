import DxshTestSupport
import Testing

/// `dxsh.toml`, baselines and `--changed-since`.
struct CheckProjectTests {
  private func run(_ arguments: String, in folder: TemporaryFolder) -> Program.Result {
    Program.shell("dxsh check \(arguments)", in: folder.path)
  }

  @Test func theNearestFileHolds() {
    let folder = TemporaryFolder()
    folder.makeFolder("sub")
    folder.makeFolder("other")
    folder.write(CheckCommandTests.unread, to: "a.dxsh")
    folder.write(CheckCommandTests.unread, to: "sub/b.dxsh")
    folder.write(CheckCommandTests.unread, to: "other/c.dxsh")
    folder.write("[check]\ndeny = [\"warnings\"]\n", to: "dxsh.toml")
    folder.write("check.allow = [\"w0002\"]\n", to: "sub/dxsh.toml")
    #expect(run("", in: folder).errors == "2 errors\n")
    #expect(Program.shell("cd sub && dxsh check . ../other", in: folder.path).errors == "1 error\n")
    #expect(run("--allow W0002", in: folder).errors == "")
    #expect(run("--deny W0002 sub", in: folder).errors == "1 error\n")
    #expect(run("- < a.dxsh", in: folder).errors == "1 error\n")
  }

  @Test func patternsLeaveOutWhatIsFound() {
    let folder = TemporaryFolder()
    for name in ["drafts", "x", "x/y", "x/drafts"] { folder.makeFolder(name) }
    for name in ["drafts/a", "x/y/b_old", "c_old", "d", "x/drafts/e", "x/f1"] {
      folder.write(CheckCommandTests.wrong, to: name + ".dxsh")
    }
    folder.write("[check]\nexclude = [\"drafts\", \"**/*_old.dxsh\", \"./x/f?.dxsh\"]\n", to: "dxsh.toml")
    #expect(run("", in: folder).errors == "2 errors\n")
    #expect(run("c_old.dxsh drafts", in: folder).output.contains("--> c_old.dxsh:2:11"))
    #expect(run("drafts", in: folder).errors == "")
  }

  @Test(arguments: [
    ("[check]\ntiers = 1\n", "2:1: `[check]` has no key `tiers`; did you mean `tier`?"),
    (
      "[check]\nnothing = 1\n",
      "2:1: `[check]` has no key `nothing`; it has `tier`, `deny`, `allow`, `baseline`, `exclude`"
    ),
    ("[check]\ntier = 1\n", "2:8: `tier` is a text, in quotes"),
    ("[check]\ntier = \"all\"\n", "2:8: `tier` is `default`, `pedantic` or `audit`, not `all`"),
    ("[check]\ndeny = \"W0002\"\n", "2:8: `deny` is a list of texts, such as [\"…\"]"),
    ("[check]\ndeny = [\n  \"W0002\", 5]\n", "3:12: every element is a text, in quotes"),
    ("[check]\nallow = [\"E0101\"]\n", "2:10: `E0101` is an error, and errors cannot be allowed: mend it"),
    ("[check]\nbaseline = \"\"\n", "2:12: `baseline` is the path of a file"),
    ("[check]\nexclude = [\"../a\"]\n", "2:12: a pattern of `exclude` is a path below the folder of this file"),
    ("\n[nodes]\n", "2:2: there is no key `nodes` here; a project file has the tables `[check]` and `[retention]`"),
    ("check = 1\n", "1:1: `check` is a table: write `[check]`, and its keys below"),
    ("retention = 1\n", "1:1: `retention` is a table: write `[retention]`, and its keys below"),
    ("[retention]\nkeep = \"-1d\"\n", "2:8: `keep` is a duration such as \"30d\""),
    ("[retention]\nkeep_last = \"3\"\n", "2:13: `keep_last` is a number of runs, 0 or more"),
    ("[retention]\nkeep_last = -1\n", "2:13: `keep_last` is a number of runs, 0 or more"),
    ("[retention]\nkeep_lats = 1\n", "2:1: `[retention]` has no key `keep_lats`; did you mean `keep_last`?"),
  ])
  func mistakesHaveTheirPlace(_ text: String, _ message: String) {
    let folder = TemporaryFolder()
    folder.write(CheckCommandTests.unread, to: "a.dxsh")
    folder.write(text, to: "dxsh.toml")
    let result = run("", in: folder)
    #expect(result.exitCode == 2)
    #expect(result.output == "")
    #expect(result.errors == "dxsh: dxsh.toml:\(message)\n")
  }

  @Test(arguments: [
    "[chec\n", "\u{0}", "a = \"\\q\"", "[check]\ntier = \"a\"\ntier = \"b\"\n", "a = [[[[", "\u{FEFF}= 1",
  ])
  func whatIsNoTOMLHasItsPlace(_ text: String) {
    let folder = TemporaryFolder()
    folder.write(CheckCommandTests.unread, to: "a.dxsh")
    folder.write(text, to: "dxsh.toml")
    let result = run("", in: folder)
    #expect(result.exitCode == 2)
    #expect(result.errors.hasPrefix("dxsh: dxsh.toml:"))
    #expect(result.errors.split(separator: "\n").count == 1)
  }

  @Test func aBaselineKnowsWhatWasThere() {
    let folder = TemporaryFolder()
    folder.makeFolder("sub")
    folder.write(CheckCommandTests.wrong, to: "sub/a.dxsh")
    folder.write("[check]\nbaseline = \"sub/known.json\"\n", to: "dxsh.toml")
    #expect(
      run("", in: folder).errors == "dxsh: cannot read sub/known.json: No such file or directory\n".absolute(folder))
    #expect(run("--write-baseline sub/known.json", in: folder).exitCode == 0)
    #expect(run("", in: folder).exitCode == 0)
    #expect(Program.shell("cd sub && dxsh check a.dxsh", in: folder.path).errors == "1 in the baseline\n")
    // The same elsewhere is known, a second one is not.
    folder.write("// more\n\n" + CheckCommandTests.wrong.replacing("}", with: "  let y = regoin\n}"), to: "sub/a.dxsh")
    let result = run("", in: folder)
    #expect(result.exitCode == 1)
    #expect(result.output.contains("--> sub/a.dxsh:5:11"))
    #expect(result.errors == "1 error, 1 in the baseline\n")
    folder.write("[]", to: "sub/known.json")
    #expect(run("", in: folder).exitCode == 2)
    #expect(
      run("", in: folder).errors.contains("is no baseline of version 1; write one with `dxsh check --write-baseline"))
    folder.write("[", to: "sub/known.json")
    #expect(run("", in: folder).errors.contains("known.json:1:2: malformed JSON"))
  }

  @Test func onlyWhatGitSaysIsChanged() {
    let folder = TemporaryFolder()
    folder.makeFolder("sub")
    folder.write("const one = 1\n" + CheckCommandTests.unread, to: "sub/shared.dxsh")
    folder.write("import \"./sub/shared.dxsh\" as s\n" + CheckCommandTests.wrong, to: "importer.dxsh")
    folder.write("import \"./importer.dxsh\" as s\n" + CheckCommandTests.wrong, to: "far.dxsh")
    folder.write(CheckCommandTests.wrong, to: "apart.dxsh")
    let commit = "git -c user.name=a -c user.email=a@b -c commit.gpgsign=false commit -q -m one"
    #expect(Program.shell("git init -q . && git add . && \(commit)", in: folder.path).exitCode == 0)
    #expect(run("--changed-since HEAD", in: folder).output == "")
    folder.write(CheckCommandTests.wrong, to: "sub/new.dxsh")
    #expect(run("--changed-since HEAD", in: folder).errors == "1 error\n")
    folder.write(CheckCommandTests.unread, to: "sub/shared.dxsh")
    let result = run("--changed-since HEAD", in: folder)
    #expect(result.errors == "3 errors, 1 warning\n")
    #expect(!result.output.contains("apart.dxsh"))
    #expect(Program.shell("cd sub && dxsh check .. --changed-since HEAD", in: folder.path).errors == result.errors)
    #expect(
      Program.shell("rm sub/shared.dxsh; dxsh check --changed-since HEAD", in: folder.path).output.contains("E0112"))
    for (revision, message) in [
      ("nothing", "git knows no revision nothing"), ("HEAD..HEAD", "git knows no revision"), ("-n", "takes a revision"),
    ] {
      let refused = run("--changed-since=\(revision)", in: folder)
      #expect(refused.exitCode == 2)
      #expect(refused.errors.contains(message))
    }
    #expect(
      Program.shell("PATH=/nowhere; dxsh check --changed-since HEAD", in: folder.path).errors.contains(
        "cannot be started"))
    let outside = run("--changed-since HEAD", in: TemporaryFolder())
    #expect(outside.exitCode == 2)
    #expect(outside.errors.contains("this folder is in no work tree of git"))
  }
}

extension String {
  /// With the path of the folder before its first relative path.
  fileprivate func absolute(_ folder: TemporaryFolder) -> String {
    replacing("sub/known.json", with: "\(folder.path)/sub/known.json")
  }
}
