import DxshTestSupport
import Testing

/// `dxsh runs migrate`: what it says of the runs that are named.
struct RunsMigrateTests {
  @Test func eachNamedRunIsAnswered() {
    let folder = TemporaryFolder()
    let result = Program.shell(
      """
      write() { printf 'workflow w() {\\n  wait go = signal("go")\\n%s}\\n' "$1" > w.dxsh; }
      start() {
        dxsh exec "$@" --quiet > /dev/null 2>&1
        dxsh runs list --format json | sed -n 's/.*"run": "\\(.*\\)",/\\1/p' | head -1
      }
      write ''; old=$(start w.dxsh); over=$(start w.dxsh); dxsh signal $over go --quiet > /dev/null
      echo 'workflow other() { wait go = signal("go") }' > other.dxsh; other=$(start other.dxsh)
      write '  step a = debug.echo(value: 1) after go\n'; new=$(start w.dxsh)
      say() { dxsh runs migrate w.dxsh "$@"; echo "exit $?"; }
      {
        say $over; say $other; say $new; say $old --dry-run; say $old $over; say $old; say; say nobody
      } | sed "s/$old/OLD/; s/$over/OVER/; s/$other/OTHER/; s/$new/NEW/"
      """, in: folder.path)
    #expect(
      result.output == """
        OVER  w  has ended
        exit 2
        OTHER  other  is of the workflow other, which the file does not have
        exit 2
        NEW  w  has this version
        exit 0
        OLD  w  compatible: nothing is done yet
        exit 0
        OLD  w  moved: nothing is done yet
        OVER  w  has ended
        exit 2
        OLD  w  has this version
        exit 0
        exit 0
        exit 2

        """, "\(result.output)\(result.errors)")
  }
}
