import Dispatch
import Synchronization

/// Work that a thread of its own does; what gathers while it is busy, it takes all at once.
package final class WorkQueue<Item: Sendable>: Sendable {
  private struct State {
    var items: [Item] = []
    var hasEnded = false
  }

  private let state = Mutex(State())
  private let ready = DispatchSemaphore(value: 0)

  package init() {}

  package func add(_ item: Item) {
    let wasEmpty = state.withLock { state in
      state.items.append(item)
      return state.items.count == 1
    }
    if wasEmpty { ready.signal() }
  }

  /// Makes the thread end when it has done what there is.
  package func end() {
    state.withLock { $0.hasEnded = true }
    ready.signal()
  }

  /// Starts the thread; to be called once. `work` is called on it with what has gathered, in the order of its coming.
  package func start(_ work: sending @escaping ([Item]) -> Void) {
    let hasStarted = DetachedThread.start { self.run(work) }
    precondition(hasStarted, "the system refuses another thread")
  }

  private func run(_ work: ([Item]) -> Void) {
    while true {
      ready.wait()
      while true {
        let (items, hasEnded) = takeAll()
        if !items.isEmpty {
          work(items)
        } else if hasEnded {
          return
        } else {
          break
        }
      }
    }
  }

  private func takeAll() -> (items: [Item], hasEnded: Bool) {
    state.withLock { state in
      defer { state.items = [] }
      return (state.items, state.hasEnded)
    }
  }
}
