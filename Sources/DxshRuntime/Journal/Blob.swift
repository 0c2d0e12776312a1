package import DxshPlan

/// The bytes of a large value, or of a large part of one, which a store keeps once however many batches refer to them.
package struct Blob: Sendable, Hashable {
  package let digest: SHA256Digest
  /// A value as `ValueWriter` writes it; parts of it may be references to other blobs.
  package let bytes: [UInt8]

  package init(_ bytes: [UInt8]) {
    self.digest = SHA256Digest(of: bytes)
    self.bytes = bytes
  }

  /// As a store kept it: whoever reads the value compares the two.
  package init(digest: SHA256Digest, bytes: [UInt8]) {
    self.digest = digest
    self.bytes = bytes
  }
}

/// The blobs of a store that lives in memory, each of them once.
package struct BlobShelf: Sendable {
  private var blobs: [SHA256Digest: Blob] = [:]

  package init() {}

  /// Takes the blobs of a batch, and gives back what is left of it to be kept.
  package mutating func keep(_ batch: JournalBatch) -> JournalBatch {
    for blob in batch.blobs where blobs[blob.digest] == nil { blobs[blob.digest] = blob }
    return JournalBatch(number: batch.number, bytes: batch.bytes)
  }

  /// A batch with the blobs that it refers to, as far as they are here.
  package func filled(_ batch: JournalBatch) -> JournalBatch {
    let found = JournalCodec.references(in: batch.bytes).compactMap { blobs[$0] }
    return JournalBatch(number: batch.number, bytes: batch.bytes, blobs: found)
  }
}
