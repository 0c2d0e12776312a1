import DxshRuntime
import DxshSQLite
import DxshTime

/// What is asked of the limits that runs share.
enum LimitCall: Sendable {
  case exchange([SeatEnd], [SeatRequest], run: String, at: Timestamp)
  case release(run: String, keepsTimes: Bool, isLost: Bool, at: Timestamp)
  /// Frees what dead processes had.
  case tend(at: Timestamp)
  case force(Breaker.Force, breaker: String, at: Timestamp)
}

struct LimitAnswer: Sendable {
  var admissions: [Admission] = []
  /// Whether something was known of a breaker.
  var isKnown = true
  /// Those of this process that got the slot that they waited for.
  var given: [Seat] = []
  /// This process, which owns what it asked for.
  var worker: Int64 = 0
}

extension SQLiteTransactions {
  func perform(_ call: LimitCall) throws(SQLiteError) -> Result<LimitAnswer, RunStoreError> {
    var answer = LimitAnswer()
    let (run, time): (String, Timestamp)
    switch call {
    case .exchange(_, let requests, let id, let at):
      if !requests.isEmpty, try !isClaimed(id) { return .failure(.taken(id)) }
      (run, time) = (id, at)
    case .release(let id, _, let isLost, let at):
      if isLost, try !isClaimed(id) { return .failure(.taken(id)) }
      (run, time) = (id, at)
    case .tend(let at), .force(_, _, let at): (run, time) = ("", at)
    }
    // Nobody asks for anything without having claimed a run.
    answer.worker = worker ?? 0
    var transaction = LimitTransaction(SQLiteLimitRows(self, owner: answer.worker), run: run, at: time)
    switch call {
    case .exchange(let ends, let requests, _, _):
      for end in ends { try transaction.leave(end) }
      for request in requests { answer.admissions.append(try transaction.enter(request)) }
    case .release(_, let keepsTimes, let isLost, _): try transaction.release(keepsTimes: keepsTimes, isLost: isLost)
    case .tend: try transaction.endDeadOwners()
    case .force(let force, let breaker, _): answer.isKnown = try transaction.force(force, breaker)
    }
    answer.given = transaction.given.filter { $0.owner == answer.worker }
    return .success(answer)
  }
}
