import DxshExpressions
import DxshNodes
import DxshRuntime
import DxshTestSupport
import Glibc
import Testing

/// Files that runs keep: `file.keep`, `file.make`, `file.copy`, `file.text`.
@Suite struct ArtifactNodeTests {
  let folder = TemporaryFolder()

  private func keep(_ path: String) async throws -> Value {
    try await call(FileKeepNode(), ["path": .text(path)], in: folder)
  }

  private func text(_ file: Value, limit: Int64 = 1 << 20) async throws -> String {
    try await call(FileTextNode(), ["from": file, "limit": .size(limit)], in: folder).string
  }

  private func textFailure(_ file: Value, limit: Int64 = 1 << 20) async -> NodeFailure? {
    await failure(FileTextNode(), ["from": file, "limit": .size(limit)], in: folder)
  }

  private func artifact(_ value: Value) throws -> Artifact {
    guard case .boxed(let box) = value, case .file(let artifact) = box.content else {
      throw NodeFailure("io", "no file")
    }
    return artifact
  }

  @Test func aKeptFileStaysAsItWas() async throws {
    folder.makeFolder("reports")
    folder.write("one", to: "reports/a b.txt")
    let kept = try await keep("reports/a b.txt")
    folder.write("two", to: "reports/a b.txt")
    let artifact = try artifact(kept)
    #expect(artifact.name == "a b.txt" && artifact.size == 3)
    #expect(artifact.digest == "7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed")
    #expect(try await text(kept) == "one")
    var status = stat()
    #expect(stat(folder.path + "/artifacts", &status) == 0 && status.st_mode & 0o777 == 0o700)
    let made = try await call(FileMakeNode(), ["name": .text("x"), "text": .text("one")], in: folder)
    #expect(try self.artifact(made).digest == artifact.digest)
  }

  @Test func largeFilesAreCopiedWhole() async throws {
    let bytes = (0..<3_000_001).map { UInt8(truncatingIfNeeded: $0 / 7) }
    folder.write(bytes, to: "large")
    let kept = try await keep("large")
    let result = try await call(FileCopyNode(), ["from": kept, "path": .text("out/copy")], in: folder)
    #expect(result["size"] == .size(3_000_001) && result["path"] == .text("out/copy"))
    let copy = try await keep("out/copy")
    #expect(try artifact(copy).digest == artifact(kept).digest)
    #expect(
      await textFailure(kept, limit: 3_000_000)
        == NodeFailure("too_large", "\"large\" is larger than the limit of 3MB"))
  }

  @Test func whatCannotBeKept() async throws {
    let missing = await failure(FileKeepNode(), ["path": .text("none")], in: folder)
    #expect(missing == NodeFailure("not_found", "cannot read \"none\": there is no such file or folder"))
    let directory = await failure(FileKeepNode(), ["path": .text(".")], in: folder)
    #expect(directory == NodeFailure("io", "cannot read \".\": it is a folder"))
    folder.write([0x61, 0xFF], to: "bytes")
    #expect(
      await textFailure(try await keep("bytes"))
        == NodeFailure("encoding", "\"bytes\" is not UTF-8 text: see its byte 2"))
  }

  /// The content is looked at each time: what is not what was kept never reaches a step or a file.
  @Test func lostAndDamagedContents() async throws {
    let kept = try await call(FileMakeNode(), ["name": .text("a"), "text": .text("one")], in: folder)
    let place = "artifacts/\(try artifact(kept).digest)"
    folder.write("two", to: place)
    let damaged = NodeFailure("io", "the content of the file \"a\" in \(folder.path)/artifacts is damaged")
    #expect(await textFailure(kept) == damaged)
    folder.write("before", to: "copy")
    #expect(await failure(FileCopyNode(), ["from": kept, "path": .text("copy")], in: folder) == damaged)
    #expect(folder.read("copy") == "before")
    unlink(folder.path + "/" + place)
    #expect(await textFailure(kept)?.kind == "not_found")
  }
}
