import Glibc
import Synchronization

/// Runs the tasks of one simulated process on the caller's thread, one job at a time, in an order that dice decide.
///
/// All that code within it hands to Swift's pool of tasks comes here instead: `swift_task_enqueueGlobal_hook` of the
/// concurrency runtime, the only way that reaches actors without an executor of their own too.
package final class SeededExecutor: TaskExecutor {
  private let jobs = Mutex<[UnownedJob]>([])

  package init() { _ = Self.isHooked }

  package func enqueue(_ job: consuming ExecutorJob) { add(UnownedJob(job)) }

  private func add(_ job: UnownedJob) { jobs.withLock { $0.append(job) } }

  var isIdle: Bool { jobs.withLock(\.isEmpty) }

  /// False when there is nothing to run.
  package func runOne(_ dice: inout Dice) -> Bool {
    let count = jobs.withLock(\.count)
    if count == 0 { return false }
    let chosen = dice.roll(count)
    let job = jobs.withLock { $0.remove(at: chosen) }
    within { job.runSynchronously(on: asUnownedTaskExecutor()) }
    return true
  }

  /// Tasks that the body makes or wakes belong to this executor.
  package func within(_ body: () -> Void) {
    let before = pthread_getspecific(Self.key)
    pthread_setspecific(Self.key, Unmanaged.passUnretained(self).toOpaque())
    body()
    pthread_setspecific(Self.key, before)
  }

  /// The executor whose code the thread runs.
  static var current: SeededExecutor? {
    pthread_getspecific(key).map { Unmanaged<SeededExecutor>.fromOpaque($0).takeUnretainedValue() }
  }

  // MARK: - The hook

  private static let key: pthread_key_t = {
    var key = pthread_key_t()
    precondition(pthread_key_create(&key, nil) == 0, "the system refuses a key")
    return key
  }()

  private typealias Original = @convention(thin) (UnownedJob) -> Void
  private typealias Hook = @convention(thin) (UnownedJob, Original) -> Void

  /// Set for good, at the first use.
  private static let isHooked: Bool = {
    guard let symbol = dlsym(dlopen(nil, RTLD_LAZY), "swift_task_enqueueGlobal_hook") else {
      preconditionFailure("this runtime has no hook for tasks")
    }
    symbol.assumingMemoryBound(to: Hook?.self).pointee = { job, original in
      if let executor = SeededExecutor.current { executor.add(job) } else { original(job) }
    }
    return true
  }()
}
