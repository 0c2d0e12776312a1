import DxshCompiler
import DxshPlan
import DxshRuntime
import Glibc

/// The schedule of a plan on this machine, or on one that the options describe.
enum PlanSchedule {
  /// - width: of the text; nil is that of the terminal, else 80
  static func text(
    of plan: Plan, on machine: MachineOptions, width: Int?, showsAll: Bool
  ) throws(CallFailure) -> String {
    let validated: ValidatedPlan
    do {
      validated = try optimize(plan).plan.validated()
    } catch {
      throw CallFailure("the plan of \(plan.workflow) is not valid: \(error.message) (\(error.path))", code: 1)
    }
    guard let schedule = PredictedSchedule(validated, capacity: machine.resources.capacity) else {
      throw CallFailure(ScheduleText.tooLong, code: 1)
    }
    return ScheduleText.render(schedule, width: width ?? terminalWidth, showsAll: showsAll)
  }

  /// In columns; 80 where there is no terminal.
  static var terminalWidth: Int {
    var size = winsize()
    guard isatty(STDOUT_FILENO) == 1, ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else {
      return 80
    }
    return Int(size.ws_col)
  }
}
