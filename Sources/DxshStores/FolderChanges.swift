import DxshRuntime
import Glibc

/// That files of a folder are written, as the kernel says (inotify(7)), on a thread of its own: who follows a store
/// need not look again and again.
enum FolderChanges {
  /// How long it may take until the stream yields without reason, in milliseconds: not everything is a write, as the
  /// death of a process.
  static let pause: Int32 = 1000

  /// Yields also where the kernel refuses to watch, once a second then. Ends when nobody reads it any more.
  static func stream(of folder: String, pause: Int32 = pause) -> AsyncStream<Void> {
    let (stream, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    let watch = inotify_init1(Int32(IN_CLOEXEC | IN_NONBLOCK))
    _ = inotify_add_watch(watch, folder, UInt32(IN_MODIFY | IN_CREATE | IN_MOVED_TO))
    _ = DetachedThread.start {
      var events = [UInt8](repeating: 0, count: 1 << 14)
      while true {
        var waiting = pollfd(fd: watch, events: Int16(POLLIN), revents: 0)
        let count = poll(&waiting, 1, pause)
        if count < 0, errno != EINTR { _ = usleep(useconds_t(pause) * 1000) }
        while watch >= 0, read(watch, &events, events.count) > 0 {}
        if case .terminated = continuation.yield() { break }
      }
      if watch >= 0 { close(watch) }
    }
    return stream
  }
}
