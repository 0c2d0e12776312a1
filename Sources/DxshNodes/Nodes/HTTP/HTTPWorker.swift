import CDxshCurl
import Glibc

/// What the client's thread does, turn by turn.
struct HTTPWorker {
  private struct UnderWay {
    let number: Int
    let transfer: HTTPTransfer
    let continuation: CheckedContinuation<HTTPClient.Answer, Never>
  }

  private let multi: CurlMulti
  /// By their handles.
  private var underWay: [UnsafeMutableRawPointer: UnderWay] = [:]
  private var handles: [Int: UnsafeMutableRawPointer] = [:]

  init(multi: CurlMulti) {
    self.multi = multi
  }

  /// Carries out the commands, moves all transfers on, and waits until there is more to do.
  mutating func turn(_ commands: [HTTPClient.Command]) {
    for command in commands {
      switch command {
      case .start(let number, let request, let continuation): start(number, request, continuation)
      case .cancel(let number): cancel(number)
      }
    }
    if !multi.perform() { giveUp() }
    while let (easy, code) = multi.nextDone() {
      guard let ended = take(easy) else { continue }
      ended.continuation.resume(returning: ended.transfer.end(code))
    }
    // Without memory there is no waiting either; then at least do not spin.
    if !multi.poll() { usleep(10_000) }
  }

  private mutating func start(
    _ number: Int, _ request: HTTPRequest, _ continuation: CheckedContinuation<HTTPClient.Answer, Never>
  ) {
    do throws(HTTPFailure) {
      let transfer = try HTTPTransfer(request)
      guard multi.add(transfer.easy) else {
        throw HTTPFailure(reason: .impossible("there is no memory left"), wasSent: false)
      }
      underWay[transfer.easy] = UnderWay(number: number, transfer: transfer, continuation: continuation)
      handles[number] = transfer.easy
    } catch {
      continuation.resume(returning: .failure(error))
    }
  }

  private mutating func cancel(_ number: Int) {
    guard let easy = handles[number], let ended = take(easy) else { return }
    ended.continuation.resume(
      returning: .failure(HTTPFailure(reason: .cancelled, wasSent: ended.transfer.wasSent)))
  }

  private mutating func giveUp() {
    for easy in Array(underWay.keys) {
      guard let ended = take(easy) else { continue }
      ended.continuation.resume(returning: ended.transfer.end(CURLE_OUT_OF_MEMORY))
    }
  }

  private mutating func take(_ easy: UnsafeMutableRawPointer) -> UnderWay? {
    guard let ended = underWay.removeValue(forKey: easy) else { return nil }
    handles[ended.number] = nil
    multi.remove(easy)
    return ended
  }
}
