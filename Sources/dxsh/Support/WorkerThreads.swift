import Glibc
import Synchronization

/// Work that is done side by side, on as many threads as there are cores, each with a stack like the first one's.
enum WorkerThreads {
  /// What the work gives for each item, in the order of the items.
  static func map<Item: Sendable, Result: Sendable>(
    _ items: [Item], _ work: @escaping @Sendable (Item) -> Result
  ) -> [Result] {
    let count = min(items.count, max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))))
    guard count > 1 else { return items.map(work) }
    let shared = Shared(items, work)
    var threads: [pthread_t] = []
    for _ in 1..<count {
      if let thread = start({ shared.run() }) { threads.append(thread) }
    }
    shared.run()
    for thread in threads { pthread_join(thread, nil) }
    return shared.all
  }

  /// The items, each of which one of the threads takes, and what came of them.
  private final class Shared<Item: Sendable, Result: Sendable>: Sendable {
    private let next = Atomic<Int>(0)
    private let results = Mutex<[Int: Result]>([:])
    private let items: [Item]
    private let work: @Sendable (Item) -> Result

    init(_ items: [Item], _ work: @escaping @Sendable (Item) -> Result) {
      self.items = items
      self.work = work
    }

    func run() {
      while true {
        let number = next.add(1, ordering: .relaxed).oldValue
        guard number < items.count else { return }
        let result = work(items[number])
        results.withLock { $0[number] = result }
      }
    }

    var all: [Result] {
      results.withLock { results in items.indices.compactMap { results[$0] } }
    }
  }

  private final class Body: Sendable {
    let run: @Sendable () -> Void

    init(_ run: @escaping @Sendable () -> Void) {
      self.run = run
    }
  }

  /// Nil when the system refuses another thread; the others do its work then.
  private static func start(_ run: @escaping @Sendable () -> Void) -> pthread_t? {
    let body = Unmanaged.passRetained(Body(run))
    var thread = pthread_t()
    let status = pthread_create(
      &thread, nil,
      { context in
        guard let context else { return nil }
        Unmanaged<Body>.fromOpaque(context).takeRetainedValue().run()
        return nil
      }, body.toOpaque())
    if status == 0 { return thread }
    body.release()
    return nil
  }
}
