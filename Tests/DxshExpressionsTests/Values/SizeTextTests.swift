import DxshExpressions
import Testing

@Suite struct SizeTextTests {
  @Test(arguments: [
    (Int64(0), "0B"), (1, "1B"), (1000, "1KB"), (1024, "1KiB"), (1500, "1500B"), (67_108_864, "64MiB"),
    (2_000_000_000, "2GB"), (512_000, "500KiB"), (1 << 40, "1TiB"), (-1024, "-1KiB"), (.max, "9223372036854775807B"),
    (.min, "-8388608TiB"),
  ])
  func theLargestExactUnit(bytes: Int64, text: String) {
    #expect(SizeText.format(bytes) == text)
    #expect(SizeText.parse(text) == bytes)
  }

  @Test(arguments: [
    "", "1", "B", "1 KiB", "1.5MiB", "1kb", "1KIB", "+1B", "--1B", "8388608TiB", "99999999999999999999B", "1KiBB", "１B",
  ])
  func refusing(text: String) {
    #expect(SizeText.parse(text) == nil)
  }
}
