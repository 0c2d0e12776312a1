/// How near runs of programs come to what no schedule is shorter than, on two cores.
extension Bench {
  /// The sample, whose programs only sleep, so that what counts is when they are started.
  ///
  /// No schedule is shorter than what its steps use of two cores, 2.2 s in a chain and 2.45 s together; `dxsh plan
  /// --schedule` says the same.
  static func schedule(_ program: String, _ folder: String) {
    let sample = "samples/schedule/release.dxsh"
    let bound = 2.45
    let run = [program, "exec", sample, "--ephemeral", "--quiet", "--cpus", "2"]
    let (ranked, arrival) = (Process.best(of: 3, run).wall, Process.best(of: 3, run + ["--first-come"]).wall)
    print(
      "samples/schedule on 2 cores: \(ranked.seconds), \((ranked / bound).twoDigits) times the bound ", terminator: "")
    print("of \(bound.seconds) (goal 1.1); as steps become ready \(arrival.seconds), ", terminator: "")
    print("\((arrival / ranked).twoDigits) times as long")
  }
}
