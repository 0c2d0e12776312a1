package import DxshExpressions

/// Takes the values of secrets out of texts that others wrote, as they are and in the forms that programs give them:
/// Base64, hexadecimal, percent-encoded, as JSON.
///
/// It is the last line of defence, not the first: by their type, secrets go only where they are wanted. What was made
/// of one in another way, such as a digest, is not known.
package struct Redactor: Sendable {
  /// What stands for a secret.
  package static let mark = "[secret]"
  /// Shorter ones are taken out only where they are a word of their own, as nothing would be left else.
  private static let leastLength = 4

  /// The longest first, so that no part of one is left when another is inside it.
  private let forms: [[UInt8]]

  package init(_ secrets: [Value]) {
    var forms: Set<[UInt8]> = []
    for secret in secrets {
      let bytes: [UInt8]
      if case .bytes(let raw) = secret { bytes = raw } else { bytes = TextForm.rendering(secret)?.utf8 ?? [] }
      forms.formUnion(Self.forms(of: bytes))
    }
    self.forms = forms.filter { !$0.isEmpty }.sorted { $0.count > $1.count }
  }

  package var isEmpty: Bool { forms.isEmpty }

  package func redacted(_ text: String) -> String {
    guard !forms.isEmpty, !text.isEmpty else { return text }
    var bytes = Array(text.utf8)
    var hasChanged = false
    for form in forms where form.count <= bytes.count {
      if let replaced = Self.replacing(form, in: bytes) {
        bytes = replaced
        hasChanged = true
      }
    }
    return hasChanged ? String(decoding: bytes, as: UTF8.self) : text
  }

  /// Nil when it is not in there.
  private static func replacing(_ form: [UInt8], in bytes: [UInt8]) -> [UInt8]? {
    var result: [UInt8] = []
    var (copied, position, last) = (0, 0, bytes.count - form.count)
    let first = form[0]
    while position <= last {
      guard bytes[position] == first, bytes[position..<(position + form.count)].elementsEqual(form),
        form.count >= leastLength || isWord(at: position, form.count, in: bytes)
      else {
        position += 1
        continue
      }
      result += bytes[copied..<position]
      result += Array(mark.utf8)
      position += form.count
      copied = position
      last = bytes.count - form.count
    }
    if copied == 0 { return nil }
    return result + bytes[copied...]
  }

  private static func isWord(at position: Int, _ count: Int, in bytes: [UInt8]) -> Bool {
    func isPart(_ place: Int) -> Bool {
      guard bytes.indices.contains(place) else { return false }
      let byte = bytes[place] | 0x20
      return byte >= 0x80 || (0x61...0x7A).contains(byte) || (0x30...0x39).contains(bytes[place])
    }
    return !isPart(position - 1) && !isPart(position + count)
  }

  // MARK: - Forms

  private static func forms(of secret: [UInt8]) -> [[UInt8]] {
    guard !secret.isEmpty else { return [] }
    var forms = [secret, json(secret), percent(secret, "0123456789ABCDEF"), percent(secret, "0123456789abcdef")]
    // A log has lines: each of a secret's own is one.
    forms += secret.split(separator: 10).map { Array($0) }.filter { $0.count >= leastLength }
    guard secret.count >= leastLength else { return forms }
    forms += [hexadecimal(secret, "0123456789ABCDEF"), hexadecimal(secret, "0123456789abcdef")]
    for offset in 0..<3 {
      forms.append(base64(secret, offset, "+/"))
      forms.append(base64(secret, offset, "-_"))
    }
    return forms
  }

  private static func hexadecimal(_ bytes: [UInt8], _ digits: String) -> [UInt8] {
    let digits = Array(digits.utf8)
    return bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
  }

  /// RFC 3986, section 2.3: all but unreserved characters.
  private static func percent(_ bytes: [UInt8], _ digits: String) -> [UInt8] {
    bytes.flatMap { byte -> [UInt8] in
      let isPlain = (0x61...0x7A).contains(byte | 0x20) || (0x30...0x39).contains(byte) || "-._~".utf8.contains(byte)
      return isPlain ? [byte] : [0x25] + hexadecimal([byte], digits)
    }
  }

  /// RFC 8259, section 7, with the short escapes.
  private static func json(_ bytes: [UInt8]) -> [UInt8] {
    bytes.flatMap { byte -> [UInt8] in
      switch byte {
      case 0x22, 0x5C: [0x5C, byte]
      case 0x0A: Array(#"\n"#.utf8)
      case 0x0D: Array(#"\r"#.utf8)
      case 0x09: Array(#"\t"#.utf8)
      case 0..<0x20: Array(#"\u00"#.utf8) + hexadecimal([byte], "0123456789abcdef")
      default: [byte]
      }
    }
  }

  /// What of the Base64 of a longer text says of a secret that begins there after so many bytes of a group of three:
  /// without the digits that its neighbours share.
  private static func base64(_ bytes: [UInt8], _ offset: Int, _ last: String) -> [UInt8] {
    let alphabet = Array(("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789" + last).utf8)
    let bits = (bytes.count + offset) * 8
    let padded = [UInt8](repeating: 0, count: offset) + bytes + [0, 0]
    let firstDigit = (offset * 8 + 5) / 6
    return (firstDigit..<(bits / 6)).map { digit in
      let bit = digit * 6
      let pair = UInt16(padded[bit / 8]) << 8 | UInt16(padded[bit / 8 + 1])
      return alphabet[Int(pair >> (10 - UInt16(bit % 8))) & 63]
    }
  }
}

extension NodeFailure {
  func redacted(by redactor: Redactor) -> NodeFailure {
    var failure = self
    failure.message = redactor.redacted(message)
    return failure
  }
}
