import DxshExpressions
import DxshNodes
import DxshRuntime
import DxshTestSupport
import Glibc
import Testing

@Suite struct FileNodeTests {
  let folder = TemporaryFolder()

  private func read(_ path: String, limit: Int64 = 1024) async throws -> Value {
    try await call(FileReadNode(), ["path": .text(path), "limit": .size(limit)], in: folder)
  }

  private func readFailure(_ path: String, limit: Int64 = 1024) async -> NodeFailure? {
    await failure(FileReadNode(), ["path": .text(path), "limit": .size(limit)], in: folder)
  }

  @Test func aFileIsReadRelativeToTheWorkflow() async throws {
    folder.write("grüße\n", to: "a.txt")
    #expect(try await read("a.txt").string == "grüße\n")
    #expect(try await read("\(folder.path)/a.txt").string == "grüße\n")
    folder.write("", to: "empty")
    #expect(try await read("empty", limit: 0).string == "")
  }

  @Test func aLargeFileIsReadWhole() async throws {
    let bytes = [UInt8](repeating: 0x61, count: 3_000_001)
    folder.write(bytes, to: "large")
    guard case .string(let text) = try await read("large", limit: 3_000_001) else { return }
    #expect(text.utf8 == bytes)
    #expect(
      await readFailure("large", limit: 3_000_000)
        == NodeFailure("too_large", "\"large\" is larger than the limit of 3MB"))
  }

  @Test func whyAFileCannotBeRead() async throws {
    #expect(
      await readFailure("no/file")
        == NodeFailure("not_found", "cannot read \"no/file\": there is no such file or folder"))
    #expect(await readFailure("") == NodeFailure("not_found", "the path is empty"))
    #expect(await readFailure("a\0b")?.kind == "not_found")
    #expect(await readFailure(".") == NodeFailure("io", "cannot read \".\": it is a folder"))
    folder.write([0x61, 0xFF], to: "binary")
    #expect(await readFailure("binary") == NodeFailure("encoding", "\"binary\" is not UTF-8 text: see its byte 2"))
    mkfifo("\(folder.path)/pipe", 0o600)
    #expect(await readFailure("pipe") == NodeFailure("io", "cannot read \"pipe\": it is a device, a pipe or a socket"))
    symlink("loop", "\(folder.path)/loop")
    #expect(await readFailure("loop") == NodeFailure("io", "cannot read \"loop\": its symbolic links lead in a circle"))
  }

  private func write(_ path: String, _ text: String) async throws -> Value {
    try await call(FileWriteNode(), ["path": .text(path), "text": .text(text)], in: folder)
  }

  private func writeFailure(_ path: String) async -> NodeFailure? {
    await failure(FileWriteNode(), ["path": .text(path), "text": .text("x")], in: folder)
  }

  @Test func aFileIsWrittenAndReplaced() async throws {
    let result = try await write("a.txt", "grüße")
    #expect(result["path"] == .text("a.txt"))
    #expect(result["size"] == .size(7))
    #expect(folder.read("a.txt") == "grüße")
    _ = try await write("a.txt", "new")
    #expect(folder.read("a.txt") == "new")
    #expect(folder.names == ["a.txt"])
  }

  @Test func missingFoldersAreMade() async throws {
    _ = try await write("deep/down/a.txt", "x")
    #expect(folder.read("deep/down/a.txt") == "x")
    folder.write("", to: "file")
    #expect(
      await writeFailure("file/a.txt")
        == NodeFailure("not_found", "cannot write \"file/a.txt\": a part of the path is not a folder"))
  }

  @Test func permissionsAndLinksSurvive() async throws {
    folder.makeFolder("real")
    folder.write("old", to: "real/script", mode: 0o750)
    symlink("real/script", "\(folder.path)/link")
    _ = try await write("link", "new")
    #expect(folder.read("real/script") == "new")
    #expect(folder.names == ["link", "real"])
    var status = stat()
    #expect(lstat("\(folder.path)/link", &status) == 0 && status.st_mode & S_IFMT == S_IFLNK)
    #expect(stat("\(folder.path)/real/script", &status) == 0 && status.st_mode & 0o777 == 0o750)
  }

  @Test func aFailureLeavesNothingBehind() async throws {
    folder.makeFolder("target")
    folder.write("x", to: "target/kept")
    #expect(await writeFailure("target") == NodeFailure("io", "cannot write \"target\": it is a folder"))
    #expect(folder.names == ["target"])
    let name = String(repeating: "n", count: 300)
    #expect(await writeFailure(name) == NodeFailure("io", "cannot write \"\(name)\": the path is too long"))
    #expect(folder.names == ["target"])
    // A file system that nobody can write to, not even root.
    #expect(await writeFailure("/sys/kernel/dxsh.txt")?.kind == "permission")
  }

  @Test func aCancelledWriteChangesNothing() async throws {
    folder.write("old", to: "a.txt")
    let folder = folder
    let writing = Task {
      withUnsafeCurrentTask { $0?.cancel() }
      return try await call(FileWriteNode(), ["path": .text("a.txt"), "text": .text("new")], in: folder)
    }
    await #expect(throws: CancellationError.self) { try await writing.value }
    #expect(folder.read("a.txt") == "old")
    #expect(folder.names == ["a.txt"])
  }

  @Test func aFolderIsListedByName() async throws {
    folder.makeFolder("b")
    folder.write("12345", to: "a.txt")
    folder.write("1", to: "B.txt")
    folder.write("", to: ".hidden")
    symlink("nowhere", "\(folder.path)/broken")
    let all = try await list(".", "*")
    #expect(all.map { $0["name"].string } == ["B.txt", "a.txt", "b", "broken"])
    #expect(all.map { $0["path"].string } == ["B.txt", "a.txt", "b", "broken"])
    #expect(all.map { $0["size"] } == [.size(1), .size(5), .size(0), .size(0)])
    #expect(all.map { $0["directory"] } == [.bool(false), .bool(false), .bool(true), .bool(false)])
    #expect(try await list(".", "[a-z]*.txt").map { $0["name"].string } == ["a.txt"])
    #expect(try await list(".", ".*").map { $0["name"].string } == [".hidden"])
    #expect(try await list(folder.path, "b").map { $0["path"].string } == ["\(folder.path)/b"])
    #expect(try await list("b", "*").isEmpty)
  }

  @Test func whyAFolderCannotBeListed() async {
    folder.write("", to: "a.txt")
    #expect(
      await failure(FileListNode(), ["path": .text("none"), "pattern": .text("*")], in: folder)
        == NodeFailure("not_found", "cannot list \"none\": there is no such file or folder"))
    #expect(
      await failure(FileListNode(), ["path": .text("a.txt"), "pattern": .text("*")], in: folder)
        == NodeFailure("not_found", "cannot list \"a.txt\": a part of the path is not a folder"))
  }

  private func list(_ path: String, _ pattern: String) async throws -> [Value] {
    let value = try await call(FileListNode(), ["path": .text(path), "pattern": .text(pattern)], in: folder)
    guard case .list(let entries) = value else { return [] }
    return entries
  }
}
