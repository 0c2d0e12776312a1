import DxshTestSupport
import Testing

/// Files that commands make anew each time replace neither the store nor what is something else.
struct OutputPlaceTests {
  private func run(_ script: String) -> Program.Result {
    let folder = TemporaryFolder()
    return Program.shell(
      """
      echo 'workflow w() { wait go = signal("go") }' > w.dxsh
      dxsh exec w.dxsh --quiet 2> /dev/null
      \(script)
      """, in: folder.path)
  }

  /// By every name that a file of the state folder can have, whether or not it is there.
  @Test(arguments: ["store export", "serve --once --metrics"])
  func theStoreStays(_ command: String) {
    let result = run(
      """
      ln -s .dxsh folder; ln -s .dxsh/store.sqlite link; ln .dxsh/store.sqlite hard; ln -s .dxsh/new hanging
      mkdir .dxsh/files 2> /dev/null
      for name in .dxsh/store.sqlite .dxsh/store.sqlite-wal .dxsh/logs.sqlite .dxsh/files/a folder/store.sqlite \
        "$PWD/./.dxsh/../.dxsh/store.sqlite" link hard hanging .dxsh; do
        dxsh \(command) "$name"; echo "$?"
      done
      dxsh runs list | grep -c waiting; dxsh store check; ls .dxsh | grep -c 'new\\|logs'
      """)
    #expect(result.output == String(repeating: "2\n", count: 10) + "1\n1 run, nothing wrong\n0\n", "\(result.errors)")
    let sentences = result.errors.split(separator: "\n")
    #expect(
      sentences.count == 10 && sentences.allSatisfy { $0.hasSuffix(": name a file elsewhere") }, "\(result.errors)")
  }

  @Test(arguments: [("store export", "export"), ("serve --once --quiet --metrics", "metrics")])
  func whatIsSomethingElseStays(_ command: String, _ kind: String) {
    let result = run(
      """
      cp w.dxsh copy; ln -s w.dxsh link; touch empty
      dxsh \(command) w.dxsh; echo "$?"; dxsh \(command) link; echo "$?"; cmp w.dxsh copy
      dxsh \(command) new; echo "$?"; dxsh \(command) new; echo "$?"
      dxsh \(command) empty; echo "$?"; head -c 2 empty | wc -c
      ls -A | tr '\\n' ' '
      """)
    #expect(result.output == "2\n2\n0\n0\n0\n2\n.dxsh copy empty link new w.dxsh ", "\(result.errors)")
    #expect(
      result.errors.contains("w.dxsh is there and holds no \(kind) of dxsh: name another file, or remove it"))
  }

  @Test func aFileIsNotConvertedOverItself() {
    let result = run(
      """
      cp w.dxsh copy; ln -s w.dxsh link.dxsh
      for out in w.dxsh ./w.dxsh link.dxsh; do dxsh convert w.dxsh -o $out; echo "$?"; done
      cmp w.dxsh copy; dxsh convert w.dxsh -o w.dxsh.yaml; echo "$?"
      """)
    #expect(result.output == "2\n2\n2\n0\n", "\(result.errors)")
    #expect(result.errors.contains("-o names the file that is converted: name another"))
  }
}
