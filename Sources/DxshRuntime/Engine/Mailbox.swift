import Synchronization

/// What others tell one loop, in the order in which it came. Whether there is anything can be asked without waiting.
final class Mailbox<Message: Sendable>: Sendable {
  private let count = Atomic(0)
  private let stream: AsyncStream<Message>
  private let continuation: AsyncStream<Message>.Continuation

  init() {
    (stream, continuation) = AsyncStream.makeStream()
  }

  var isEmpty: Bool { count.load(ordering: .relaxed) == 0 }

  func post(_ message: Message) {
    count.add(1, ordering: .relaxed)
    continuation.yield(message)
  }

  /// Waits until there is one; to be called by the loop alone.
  func next(isolation: isolated (any Actor)) async -> Message {
    var iterator = stream.makeAsyncIterator()
    guard let message = await iterator.next(isolation: isolation) else {
      preconditionFailure("a mailbox never closes")
    }
    count.subtract(1, ordering: .relaxed)
    return message
  }
}
