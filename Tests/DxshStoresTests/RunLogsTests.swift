import DxshRuntime
import DxshTestSupport
import DxshTime
import Glibc
import Synchronization
import Testing

@testable import DxshStores

/// Lines in a file of their own.
struct RunLogsTests {
  private static func line(_ number: Int, _ text: String? = nil) -> LogLine {
    let start = Timestamp(seconds: 1_767_225_600, nanoseconds: 5) ?? .epoch
    let at = start.adding(TimeSpan(nanoseconds: Int64(number))) ?? start
    return LogLine(path: "a[\(number)]", attempt: 1, at: at, level: .info, text: text ?? "line \(number)")
  }

  private func texts(_ logs: SQLiteRunLogs, _ run: String = "r") async throws -> [String] {
    try await logs.lines(of: run, after: 0, limit: 1000).map(\.line.text)
  }

  @Test func linesAreReadAsTheyWereSaid() async throws {
    let folder = TemporaryFolder()
    let (logs, other) = (SQLiteRunLogs(folder: folder.path), SQLiteRunLogs(folder: folder.path))
    #expect(try await other.lines(of: "r", after: 0, limit: 9) == [])
    #expect(folder.names == [])
    let said = [Self.line(1), Self.line(2, "é \u{0} end"), Self.line(3, "")]
    for line in said { logs.add(line, of: "r") }
    logs.add(Self.line(4), of: "other")
    await logs.flush()
    let kept = try await other.lines(of: "r", after: 0, limit: 9)
    #expect(kept.map(\.line) == said)
    #expect(try await other.lines(of: "r", after: kept[0].number, limit: 1) == [kept[1]])
    #expect(try await other.lines(of: "nobody", after: 0, limit: 9) == [])
    #expect(try await other.leftOut(of: "r") == (0, 3))
    #expect(folder.names.allSatisfy { $0.hasPrefix("logs.sqlite") })
  }

  /// The first and the last are kept, whatever comes in which batches, of one process after the other.
  @Test(arguments: [1, 3, 100])
  func aRunKeepsItsFirstAndLastLines(_ batch: Int) async throws {
    let folder = TemporaryFolder()
    for part in 0..<2 {
      let logs = SQLiteRunLogs(folder: folder.path, bounds: .init(lines: 10, bytes: 1 << 20))
      for number in (part * 50)..<(part * 50 + 50) {
        logs.add(Self.line(number), of: "r")
        if number % batch == 0 { await logs.flush() }
      }
      await logs.flush()
    }
    let logs = SQLiteRunLogs(folder: folder.path)
    #expect(try await texts(logs) == (Array(0..<10) + Array(90..<100)).map { "line \($0)" })
    #expect(try await logs.leftOut(of: "r") == (80, 10))
  }

  @Test func bytesAreBoundedToo() async throws {
    let folder = TemporaryFolder()
    let logs = SQLiteRunLogs(folder: folder.path, bounds: .init(lines: 1000, bytes: 1000))
    for number in 0..<100 { logs.add(Self.line(number, String(repeating: "x", count: 94)), of: "r") }
    logs.add(Self.line(100, String(repeating: "y", count: 200_000)), of: "long")
    await logs.flush()
    let paths = try await logs.lines(of: "r", after: 0, limit: 1000).map(\.line.path)
    #expect(paths.first == "a[0]" && paths.last == "a[99]")
    #expect((18...22).contains(paths.count))
    #expect(try await logs.leftOut(of: "r").count == Int64(100 - paths.count))
    // A line that alone is too much is left out and counted, and is cut before.
    #expect(try await texts(logs, "long") == [])
    #expect(try await logs.leftOut(of: "long").count == 1)
  }

  @Test func aLongLineIsCut() async throws {
    let logs = SQLiteRunLogs(folder: TemporaryFolder().path)
    let folder = TemporaryFolder()
    let kept = SQLiteRunLogs(folder: folder.path)
    kept.add(Self.line(1, String(repeating: "y", count: LogWriter.longestLine + 7)), of: "r")
    await kept.flush()
    #expect(try await texts(kept).first?.hasSuffix("yyy (7 bytes more)") == true)
    withExtendedLifetime(logs) {}
  }

  /// Lines that cannot be written are lost, which is said and counted; nothing waits, and later ones are kept.
  @Test func whatCannotBeWrittenIsLost() async throws {
    let folder = TemporaryFolder()
    let logs = SQLiteRunLogs(folder: folder.path + "/missing")
    let said = Mutex<[String]>([])
    logs.inTrouble { text in said.withLock { $0.append(text) } }
    for number in 0..<5 {
      logs.add(Self.line(number), of: "r")
      await logs.flush()
    }
    #expect(said.withLock(\.count) == 1)
    #expect(said.withLock { $0.first }?.hasPrefix("lines of the log are lost: ") == true)
    folder.makeFolder("missing")
    logs.add(Self.line(5), of: "r")
    await logs.flush()
    #expect(try await texts(logs) == ["line 5"])
    #expect(try await logs.leftOut(of: "r").count == 5)
  }

  @Test func linesOfRunsAreRemoved() async throws {
    let folder = TemporaryFolder()
    let logs = SQLiteRunLogs(folder: folder.path)
    for run in ["r", "s"] { logs.add(Self.line(1), of: run) }
    await logs.remove(["r", "nobody"])
    #expect(try await texts(logs) == [])
    #expect(try await texts(logs, "s") == ["line 1"])
    logs.add(Self.line(2), of: "r")
    await logs.flush()
    #expect(try await texts(logs) == ["line 2"])
  }

  /// What is no database of lines is left as it is.
  @Test func anotherFileIsLeftAlone() async throws {
    let folder = TemporaryFolder()
    folder.write("this is no database, and long enough to be read as one if it were", to: "logs.sqlite")
    let before = folder.read("logs.sqlite")
    let logs = SQLiteRunLogs(folder: folder.path)
    let said = Mutex<[String]>([])
    logs.inTrouble { text in said.withLock { $0.append(text) } }
    logs.add(Self.line(1), of: "r")
    await logs.flush()
    #expect(said.withLock(\.count) == 1)
    #expect(folder.read("logs.sqlite") == before)
    await #expect(throws: RunStoreError.self) { try await logs.lines(of: "r", after: 0, limit: 1) }
  }
}

/// That somebody writes to a store.
struct FolderChangesTests {
  /// Without this the stream would be silent for an hour.
  @Test func aWriteIsNoticed() async {
    let folder = TemporaryFolder()
    var changes = FolderChanges.stream(of: folder.path, pause: 3_600_000).makeAsyncIterator()
    folder.write("one", to: "store.sqlite-wal")
    await changes.next()
    folder.write("two", to: "store.sqlite-wal")
    await changes.next()
  }

  /// Where the kernel cannot watch, it yields all the same.
  @Test func aFolderThatIsNotThere() async {
    var changes = FolderChanges.stream(of: "/nonexistent", pause: 1).makeAsyncIterator()
    await changes.next()
    await changes.next()
  }
}
