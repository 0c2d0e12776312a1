import DxshExpressions
import DxshPlan

/// The values of blobs, each verified and read once, however many batches of a journal refer to it.
package struct BlobValues {
  struct Known {
    let value: Value
    /// The bytes of it and of all that it refers to.
    let whole: Int
    /// How deep it is nested.
    let height: Int
  }

  /// Verified, and not read yet.
  private var verified: [SHA256Digest: [UInt8]] = [:]
  private var known: [SHA256Digest: Known] = [:]

  package init() {}

  /// Takes the blobs that a batch refers to.
  mutating func take(_ blobs: [Blob], for references: [SHA256Digest]) throws(JournalCodec.Fault) {
    var unverified: [SHA256Digest: Blob] = [:]
    for blob in blobs { unverified[blob.digest] = blob }
    for digest in references where known[digest] == nil && verified[digest] == nil {
      guard let blob = unverified[digest] else { throw .missingValue(digest) }
      guard SHA256Digest(of: blob.bytes) == digest else { throw .damagedValue(digest) }
      verified[digest] = blob.bytes
    }
  }

  /// The value of a blob that was taken.
  /// - depth: how deep the reference to it is nested
  mutating func value(of digest: SHA256Digest, depth: Int) throws(ValueReader.Malformed) -> Known {
    if let known = known[digest] {
      guard depth + known.height < ValueReader.depthLimit else { throw ValueReader.Malformed() }
      return known
    }
    guard let bytes = verified.removeValue(forKey: digest) else { throw ValueReader.Malformed() }
    var reader = ValueReader(bytes)
    swap(&reader.blobs, &self)
    let value = try reader.value(depth: depth)
    swap(&reader.blobs, &self)
    guard reader.isAtEnd else { throw ValueReader.Malformed() }
    let (whole, isTooMuch) = bytes.count.addingReportingOverflow(reader.referred)
    guard !isTooMuch else { throw ValueReader.Malformed() }
    let read = Known(value: value, whole: whole, height: reader.deepest - depth)
    known[digest] = read
    return read
  }
}
