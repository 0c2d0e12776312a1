import DxshTestSupport
import Glibc
import Testing

/// Bad input gets one clear sentence, the documented exit code, and no half-written file.
struct BadInputTests {
  private static let echo =
    "workflow w(n: int = 1, day: string?) -> int { "
    + "step a = debug.echo(value: n + day.orValue(\"\").size())\\n output a }"

  private func run(_ command: String) -> Program.Result { Program.shell("set +e; cd $(mktemp -d); " + command) }

  @Test func notUTF8() {
    let result = run("printf 'workflow w() { let a = \"\\xff\" }' > a.dxsh; dxsh check a.dxsh")
    #expect(result.exitCode == 1)
    #expect(result.output.contains("error[E0006]"))
  }

  @Test func aNUL() {
    let result = run("printf 'workflow w() {\\n\\0 }' > a.dxsh; dxsh check a.dxsh")
    #expect(result.exitCode == 1)
    #expect(result.output.contains("E0006"))
  }

  @Test func aHugeFile() {
    let result = run("truncate -s 200M a.dxsh; dxsh check a.dxsh")
    #expect(result.exitCode == 2)
    #expect(result.errors == "dxsh: cannot read a.dxsh: it is larger than 64 MiB, the limit for a file\n")
  }

  /// 200 MB of JSON, from a file and from a program that goes on writing, in an address space of 1 GB.
  @Test func hugeJSON() {
    let text = "{ printf '{\"xs\": ['; yes '{\"a\": [1, \"text\"]},' | head -c 200000000; printf '1]}'; }"
    let fromFile = run("ulimit -v 1000000; \(text) > a.json; dxsh eval 'xs.size()' --input @a.json")
    #expect(fromFile.exitCode == 2)
    #expect(fromFile.errors == "dxsh: cannot read a.json: it is larger than 64 MiB, the limit for a file\n")
    let piped = run("ulimit -v 1000000; \(text) | dxsh eval 'xs.size()' --input -")
    #expect(piped.exitCode == 2)
    #expect(piped.errors == "dxsh: cannot read standard input: it is larger than 64 MiB, the limit for a file\n")
  }

  @Test func deepJSON() {
    let result = run("head -c 100000 /dev/zero | tr '\\0' '[' | dxsh eval '1' --input -")
    #expect(result.exitCode == 2)
    #expect(result.errors.contains("nested more than 512 deep"), "\(result.errors)")
  }

  @Test func aMillionBrackets() {
    let result = run(
      "{ printf 'workflow w() { let a = '; head -c 1000000 /dev/zero | tr '\\0' '['; } > a.dxsh; dxsh check a.dxsh")
    #expect(result.exitCode == 1)
    #expect(result.output.contains("E0005"))
    #expect(result.output.utf8.count < 4000)
  }

  @Test func nothingToCheckOrRead() {
    #expect(run("dxsh check .").exitCode == 2)
    #expect(run("dxsh check .").errors == "dxsh: nothing to check: there is no .dxsh file in .\n")
    #expect(run("dxsh check none.dxsh").errors == "dxsh: cannot read none.dxsh: No such file or directory\n")
    #expect(run("printf 'workflow w() {}' > a.dxsh; dxsh check a.dxsh none.dxsh").exitCode == 2)
    #expect(run("dxsh check --formt text").exitCode == 2)
  }

  @Test func parameters() {
    let make = "printf '\(Self.echo)' > a.dxsh; "
    #expect(run(make + "dxsh exec a.dxsh --quiet -p n=5").output == "5\n")
    #expect(run(make + "dxsh exec a.dxsh --quiet --input '{\"n\": 6}'").output == "6\n")
    let wrong = run(make + "dxsh exec a.dxsh -p n=five")
    #expect(wrong.exitCode == 2)
    #expect(wrong.errors == "dxsh: the parameter n: expected int, found \"five\"\n")
    let unknown = run(make + "dxsh exec a.dxsh -p m=5")
    #expect(unknown.exitCode == 2)
    #expect(unknown.errors == "dxsh: the workflow w has no parameter m; its parameters are n, day\n")
    let missing = run("printf 'workflow w(n: int) -> int { output n }' > a.dxsh; dxsh exec a.dxsh")
    #expect(missing.exitCode == 2)
    #expect(missing.errors == "dxsh: the workflow w needs the parameter n (int): give it with -p n=… or --input\n")
    let file = run("printf 'workflow w(f: file) {}' > a.dxsh; dxsh exec a.dxsh -p f=a.txt")
    #expect(file.exitCode == 2)
    #expect(file.errors.contains("the parameter f is a file, which only a step gives"))
    let malformed = run(make + "dxsh exec a.dxsh --input '{\"n\": 6,}'")
    #expect(malformed.exitCode == 2)
    #expect(malformed.errors.contains("line 1, column 9"))
  }

  @Test func malformedData() {
    let table = run(
      """
      printf 'a,b\\n1,2\\n3,x\\n' > t.csv
      printf 'workflow w() {\\n step t = file.read(path: "t.csv")\\n' > a.dxsh
      printf ' step r = csv.parse(text: t) as list<{ a: int, b: int }>\\n output r\\n}' >> a.dxsh
      dxsh exec a.dxsh --quiet
      """)
    #expect(table.exitCode == 1)
    #expect(table.errors.contains("line 3"))
    let json = run(
      """
      printf 'workflow w(s: string) -> json? {\\n output try(json.parse(s))\\n}' > a.dxsh
      dxsh exec a.dxsh --quiet -p 's={"a": }'
      """)
    #expect(json.exitCode == 0)
  }

  @Test func anUnwritableFolderAndAFullDisk() {
    let write =
      "printf 'workflow w(p: string) {\\n step t = file.write(path: p, text: \"x\")\\n}' > a.dxsh; "
    let refused = run(write + "dxsh exec a.dxsh --quiet -p p=/proc/none/x")
    #expect(refused.exitCode == 1)
    #expect(refused.errors.contains("/proc/none"))
    let full = run(
      """
      head -c 200000 /dev/zero | tr '\\0' 'x' > big; mkdir out
      printf 'workflow w() {\\n step b = file.read(path: "big")\\n' > a.dxsh
      printf ' step t = file.write(path: "out/copy", text: b)\\n}' >> a.dxsh
      (trap '' XFSZ; ulimit -f 100; dxsh exec a.dxsh --quiet --ephemeral); code=$?
      ls -A out | wc -l; exit $code
      """
    )
    #expect(full.exitCode == 1)
    #expect(full.errors.contains("out/copy"))
    #expect(full.output == "0\n")
  }

  @Test func aSecondInterruptEndsAtOnce() {
    let result = run(
      """
      printf 'workflow w() {\\n step a = shell.script(script: "trap : TERM; while :; do sleep 986; done")\\n}' > a.dxsh
      dxsh exec a.dxsh & pid=$!
      until pgrep -f '[s]leep 986$' >/dev/null || ! kill -0 $pid; do :; done
      own=$(pgrep -P $pid -x dxsh || echo $pid)
      kill -INT $own
      kill -INT $own
      while kill -0 $own 2>/dev/null; do kill -INT $own 2>/dev/null; done
      wait $pid; code=$?
      pgrep -f '[s]leep 986$' | wc -l
      exit $code
      """)
    #expect(result.exitCode == 130)
    #expect(result.output == "0\n")
  }

  @Test func anInterruptCancelsAndEndsChildren() {
    let result = run(
      """
      printf 'workflow w() {\\n step a = shell.run(command: ["sleep", "987"])\\n}' > a.dxsh
      dxsh exec a.dxsh & pid=$!
      until pgrep -f '[s]leep 987$' >/dev/null || ! kill -0 $pid; do :; done
      kill -INT $(pgrep -P $pid -x dxsh || echo $pid)
      wait $pid; code=$?
      pgrep -f '[s]leep 987$' | wc -l
      exit $code
      """)
    #expect(result.exitCode == 130)
    #expect(result.output == "0\n")
  }
}
