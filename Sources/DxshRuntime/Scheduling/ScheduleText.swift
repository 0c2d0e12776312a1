package import DxshPlan
import DxshTime

/// A predicted schedule as lines of text: a bar for each step, and why no schedule is shorter.
package enum ScheduleText {
  /// - width: of the text, in columns
  package static func render(_ schedule: PredictedSchedule, width: Int, showsAll: Bool) -> String {
    let chart = TimelineText(RunTimeline(schedule), width: width, showsAll: showsAll, isPredicted: true).text
    return ([chart, ""] + summary(of: schedule)).joined(separator: "\n")
  }

  /// For a plan of which none can be made.
  package static let tooLong = "more than \(ScheduledJobs.limit) steps and loops: no schedule is predicted"

  private static func summary(of schedule: PredictedSchedule) -> [String] {
    let bound = schedule.bound
    var lines = ["predicted \(schedule.length.inShort); no schedule is shorter than \(bound.length.inShort):"]
    let chain = bound.chainPaths.map(PrintableText.line)
    let shown = chain.count > 8 ? Array(chain.prefix(4)) + ["(\(chain.count - 8) more)"] + chain.suffix(4) : chain
    if bound.chain > .zero {
      lines.append("  \(bound.chain.inShort) one after the other: \(shown.joined(separator: " > "))")
    }
    if bound.work > .zero {
      lines.append("  \(bound.work.inShort) for what the steps use of \(cores(schedule.cores)) together")
    }
    lines.append("  \(bound.places.inShort) for all steps, \(schedule.width) at once")
    if schedule.lengthByArrival > schedule.length {
      lines.append("\(schedule.lengthByArrival.inShort) if steps went in the order in which they become ready")
    }
    if schedule.untimed > 0 {
      let count = schedule.untimed == 1 ? "counts" : "count"
      lines.append("\(Counted.text(schedule.untimed, "step")) without `uses(time:)` \(count) as 1s")
    }
    if let first = schedule.openLoops.first {
      let others = schedule.openLoops.count - 1
      let names = PrintableText.line(first) + (others == 0 ? "" : " and \(others) more")
      lines.append("how often loops go round is not known of \(names): once is assumed")
    }
    return lines
  }

  private static func cores(_ thousandths: Int) -> String {
    let count = Double(thousandths) / 1000
    let text = count == count.rounded() && count < 1e9 ? "\(Int(count))" : "\(count)"
    return text == "1" ? "1 core" : "\(text) cores"
  }
}

extension PredictedSchedule {
  /// On a machine of so much, with as many calls at once as the plan says, else 16.
  package init?(_ plan: ValidatedPlan, capacity: ResourceManager.Amount) {
    self.init(plan, capacity: capacity, width: RunOptions().width(of: plan.plan))
  }
}
