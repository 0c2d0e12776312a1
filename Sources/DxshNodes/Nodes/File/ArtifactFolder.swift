import DxshExpressions
import DxshPlan
import DxshRuntime
import Glibc

/// The contents of values of type `file`, each in a file named by its digest.
struct ArtifactFolder {
  private static let chunk = 1 << 20

  private let folder: FilePlace

  init(_ context: NodeContext) {
    folder = FilePlace(given: context.artifacts, absolute: context.artifacts)
  }

  // MARK: Keeping

  /// Keeps a copy of a file as it is now.
  func keep(_ place: FilePlace) throws -> Artifact {
    let source = try OpenFile(place, to: "read", O_RDONLY)
    try source.expectRegular()
    return try keep(named: place.name) { file in try Self.copy(source, to: file) }
  }

  func keep(_ bytes: [UInt8], named name: String) throws -> Artifact {
    try keep(named: name) { file in
      try file.write(bytes)
      return (SHA256Digest(of: bytes), Int64(bytes.count))
    }
  }

  /// The content gets its name when it is whole and on the disk, so that none is there in part.
  private func keep(
    named name: String, _ fill: (borrowing OpenFile) throws -> (digest: SHA256Digest, size: Int64)
  ) throws -> Artifact {
    try AtomicFile.makeFolders(folder, for: folder, mode: 0o700)
    var artifact: Artifact?
    try AtomicFile.make(in: folder, for: folder) { file in
      let content = try fill(file)
      let digest = content.digest.hexadecimal
      artifact = Artifact(name: name, size: content.size, digest: digest)
      return folder.appending(digest)
    }
    guard let artifact else { preconditionFailure("a digest has 64 digits") }
    return artifact
  }

  // MARK: Reading

  /// The whole content.
  func bytes(of artifact: Artifact) throws -> [UInt8] {
    let file = try open(artifact)
    // One more than there should be, so that a content that has grown is seen without reading all of it.
    let bytes = try file.read(limit: Int(artifact.size) + 1)
    try Task.checkCancellation()
    guard SHA256Digest(of: bytes).hexadecimal == artifact.digest else { throw damaged(artifact) }
    return bytes
  }

  /// Writes the content into a file; throws before that takes its name if it is no longer what was kept.
  func copy(_ artifact: Artifact, to place: FilePlace) throws {
    let source = try open(artifact)
    try AtomicFile.write(to: place) { file in
      let (digest, _) = try Self.copy(source, to: file)
      try Task.checkCancellation()
      guard digest.hexadecimal == artifact.digest else { throw damaged(artifact) }
    }
  }

  private func open(_ artifact: Artifact) throws -> OpenFile {
    let place = folder.appending(artifact.digest)
    guard access(place.absolute, F_OK) == 0 || errno != ENOENT else {
      throw NodeFailure("not_found", "the content of the file \"\(artifact.name)\" is no longer in \(folder.given)")
    }
    return try OpenFile(FilePlace(given: artifact.name, absolute: place.absolute), to: "read", O_RDONLY)
  }

  private func damaged(_ artifact: Artifact) -> NodeFailure {
    NodeFailure("io", "the content of the file \"\(artifact.name)\" in \(folder.given) is damaged")
  }

  /// Stops early when the task was cancelled.
  private static func copy(
    _ source: borrowing OpenFile, to target: borrowing OpenFile
  ) throws -> (digest: SHA256Digest, size: Int64) {
    var stream = SHA256Stream()
    var size: Int64 = 0
    while true {
      let part = try source.read(limit: chunk)
      if part.isEmpty { break }
      stream.add(part)
      try target.write(part)
      size += Int64(part.count)
    }
    return (stream.digest(), size)
  }
}

extension FilePlace {
  /// The last part of the path.
  fileprivate var name: String {
    String(given.split(separator: "/").last ?? "file")
  }
}
