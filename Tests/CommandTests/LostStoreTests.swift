import DxshTestSupport
import Testing

/// Files of a store that have lost what they held.
struct LostStoreTests {
  private func run(_ script: String) -> Program.Result {
    let folder = TemporaryFolder()
    return Program.shell(
      """
      echo 'workflow w() { step a = log.info(message: "hello") }' > w.dxsh
      dxsh exec w.dxsh --quiet; run=$(dxsh runs list | awk 'NR == 2 { print $1 }')
      \(script)
      """, in: folder.path)
  }

  /// SQLite takes an empty file for a new database, and removes the log beside it.
  @Test func anEmptyFileIsNoNewStore() {
    let result = run(
      """
      : > .dxsh/store.sqlite; echo log > .dxsh/store.sqlite-wal
      for call in 'exec w.dxsh' 'runs list' "resume $run" 'serve --once' 'serve --once --state .dxsh' 'store check' \
        'store export' 'store migrate' 'store migrate --check' 'store rebuild' 'store vacuum' \
        'store import /dev/null'; do
        dxsh $call; echo $?
      done | tr '\\n' ' '
      cat .dxsh/store.sqlite-wal; wc -c < .dxsh/store.sqlite
      rm .dxsh/store.sqlite; dxsh exec w.dxsh; echo "exit $?"
      rm .dxsh/store.sqlite-wal; dxsh exec w.dxsh --quiet; dxsh runs list | wc -l; ls .dxsh | grep -c new
      """)
    #expect(
      result.output == """
        2 2 2 2 2 2 2 2 2 2 2 2 log
        0
        exit 2
        2
        0

        """, "\(result.output)\(result.errors)")
    let sentences = result.errors.split(separator: "\n")
    #expect(sentences.count == 13)
    #expect(
      sentences.prefix(12).allSatisfy { $0.contains("store.sqlite is empty: the runs that it held are lost; restore") },
      "\(result.errors)")
    #expect(sentences.last?.contains("is gone, and its log ./.dxsh/store.sqlite-wal is there; restore it") == true)
  }

  /// A run is followed by its journal where what its steps said cannot be read.
  @Test func aDamagedLogIsSaid() {
    let result = run(
      """
      head -c 3000 /dev/urandom > .dxsh/logs.sqlite; rm -f .dxsh/logs.sqlite-*
      dxsh runs tail $run | cut -d' ' -f2-; echo "exit ${PIPESTATUS[0]}"; dxsh runs logs $run; echo "exit $?"
      """)
    #expect(result.output == "run started\na succeeded\nrun succeeded\nexit 0\nexit 2\n", "\(result.output)")
    let sentences = result.errors.split(separator: "\n")
    #expect(sentences.count == 2, "\(result.errors)")
    #expect(sentences[0].hasPrefix("dxsh: what the steps say is not shown: /"))
    #expect(sentences.allSatisfy { $0.contains("/.dxsh/logs.sqlite is damaged (") })
  }
}
