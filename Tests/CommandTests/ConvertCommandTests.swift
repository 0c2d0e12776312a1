import DxshTestSupport
import Testing

/// `dxsh convert`, and the other commands with the YAML form.
struct ConvertCommandTests {
  @Test func thereAndBackIsTheSame() {
    let result = Program.shell(
      """
      cd "$(mktemp -d)" && printf 'workflow w() -> int {\\n  // why\\n  output 1\\n}\\n' > a.dxsh
      dxsh convert a.dxsh -o a.dxsh.yaml && dxsh convert a.dxsh.yaml -o b.dxsh && cmp a.dxsh b.dxsh && cat a.dxsh.yaml
      dxsh convert a.dxsh | cmp - a.dxsh.yaml && dxsh fmt --check a.dxsh.yaml && dxsh check . && dxsh exec a.dxsh.yaml
      """)
    #expect(
      result.output == "workflows:\n  w:\n    returns: int\n    do:\n      # why\n      - output: 1\n1\n",
      "\(result.output) \(result.errors)")
    #expect(result.exitCode == 0)
  }

  @Test func mistakesAreRefused() {
    let result = Program.shell(
      """
      cd "$(mktemp -d)" && printf 'consts:\\n  a: ${1 +}\\n' > a.dxsh.yaml
      dxsh convert a.dxsh.yaml
      """)
    #expect(result.exitCode == 1)
    #expect(result.output == "")
    #expect(result.errors.contains("error[E0001]") && result.errors.contains("a.dxsh.yaml:2:11"), "\(result.errors)")
  }

  @Test func aliasesAreWrittenOutAndSaidSo() {
    let result = Program.shell(
      """
      cd "$(mktemp -d)" && printf 'consts:\\n  a: &a [1]\\n  b: *a\\n' > a.dxsh.yaml
      dxsh convert a.dxsh.yaml
      """)
    #expect(result.output == "const a = [1]\n\nconst b = [1]\n")
    #expect(result.errors == "1 alias was written out: .dxsh has none\n")
    #expect(result.exitCode == 0)
  }

  @Test func everyCommandTakesYAML() {
    let result = Program.shell(
      """
      dxsh check samples/orders/orders.dxsh.yaml && dxsh plan samples/orders/orders.dxsh.yaml > /dev/null \\
        && dxsh explain E0009
      """)
    #expect(result.exitCode == 0, "\(result.errors)")
    #expect(result.output.contains("note: \"string?\""))
  }
}
