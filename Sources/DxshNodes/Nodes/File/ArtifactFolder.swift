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
    let kind = try source.status().st_mode & S_IFMT
    guard kind != S_IFDIR else { throw FileFailure.failure(EISDIR, "read", place) }
    guard kind == S_IFREG else {
      throw NodeFailure("io", "cannot read \"\(place.given)\": it is a device, a pipe or a socket")
    }
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
    try AtomicFile.makeFolders(folder, for: folder)
    let temporary = folder.appending(".\(String(UInt64.random(in: .min ... .max), radix: 36))")
    do {
      let file = try OpenFile(temporary, to: "keep", O_WRONLY | O_CREAT | O_EXCL)
      let content = try fill(file)
      try file.synchronize()
      try Task.checkCancellation()
      let digest = content.digest.hexadecimal
      guard rename(temporary.absolute, folder.appending(digest).absolute) == 0 else {
        throw FileFailure.failure(errno, "keep", folder)
      }
      try? OpenFile(folder, to: "keep", O_RDONLY).synchronize()
      guard let artifact = Artifact(name: name, size: content.size, digest: digest) else {
        preconditionFailure("a digest has 64 digits")
      }
      return artifact
    } catch {
      unlink(temporary.absolute)
      throw error
    }
  }

  // MARK: Reading

  /// The whole content.
  func bytes(of artifact: Artifact) throws -> [UInt8] {
    let file = try open(artifact)
    let bytes = try file.read(limit: .max)
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
