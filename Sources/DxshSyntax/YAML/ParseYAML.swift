/// Reads the YAML form of a file into its tree. Never fails, as `parse` does not; `parse` calls it by the file's name.
package func parseYAML(_ file: SourceFile) -> Parsed<Module> {
  let loaded = loadYAML(file)
  var reader = YAMLReader(loaded.document)
  let module = reader.module()
  var diagnostics = DiagnosticList()
  diagnostics.append(contentsOf: loaded.diagnostics)
  diagnostics.append(contentsOf: reader.diagnostics)
  return Parsed(module, diagnostics: diagnostics.sorted)
}

/// Whether a file of this name holds the YAML form.
package func isYAML(_ name: String) -> Bool { name.hasSuffix(".yaml") || name.hasSuffix(".yml") }

/// Reads a text as YAML. Where quotes are missing, it says so and reads again as if they were there.
func loadYAML(_ file: SourceFile) -> (document: YAMLDocument, diagnostics: [Diagnostic]) {
  var text = file.bytes
  let encoding = readableText(of: file, into: &text)
  // Reading again costs as much as reading, so large files get fewer of these.
  let limit = max(4, min(100, (16 << 20) / max(1, file.bytes.count)))
  var mends: [YAMLMend] = []
  while true {
    var builder = YAMLBuilder(file, mends: mends, text: text, findsTraps: mends.count < limit)
    if let mend = builder.run(text) {
      mends.append(mend)
      mend.apply(to: &text)
      continue
    }
    var diagnostics = encoding + mends.map { Diagnostic.mended($0, in: file) } + builder.diagnostics.all
    if mends.contains(where: \.isTabs) { dropLater(in: &diagnostics) }
    return (builder.document, diagnostics)
  }
}

/// Tabs are said once, and what libyaml refuses after them is not said at all.
private func dropLater(in diagnostics: inout [Diagnostic]) {
  var isFirst = true
  diagnostics.removeAll { diagnostic in
    guard diagnostic.code == .badYAML else { return false }
    defer { isFirst = false }
    return !isFirst
  }
}

/// Hides from libyaml what it would stop at: bytes that are no UTF-8 and control characters. They are reported.
private func readableText(of file: SourceFile, into text: inout [UInt8]) -> [Diagnostic] {
  var diagnostics = EncodingCheck.diagnostics(of: file, .dxsh)
  let isPlain = file.bytes.withUnsafeBufferPointer { bytes in
    bytes.allSatisfy { $0 >= 0x20 && $0 < 0x7F || $0 == 0x0A || $0 == 0x0D || $0 == 0x09 }
  }
  if isPlain { return [] }
  var offset = text.starts(with: EncodingCheck.byteOrderMark) ? EncodingCheck.byteOrderMark.count : 0
  while offset < text.count {
    let (scalar, length) = EncodingCheck.decode(file.bytes, at: offset)
    if !isReadable(scalar) {
      let range = SourceRange(file: file.id, start: UInt32(offset), end: UInt32(offset + length))
      if let scalar, !EncodingCheck.isForbidden(scalar), diagnostics.count < DiagnosticList.limit {
        diagnostics.append(.controlCharacter(scalar, at: range))
      }
      for index in offset..<(offset + length) { text[index] = UInt8(ascii: "x") }
    }
    offset += length
  }
  return diagnostics
}

/// Whether libyaml reads on after a character.
private func isReadable(_ scalar: UInt32?) -> Bool {
  switch scalar {
  case nil, 0xFEFF?, 0xFFFE?, 0xFFFF?: false
  case let scalar?:
    scalar == 0x09 || scalar == 0x0A || scalar == 0x0D || scalar == 0x85
      || scalar >= 0x20 && scalar < 0x7F || scalar >= 0xA0
  }
}
