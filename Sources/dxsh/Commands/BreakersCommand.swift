import ArgumentParser
import DxshExpressions
import DxshRuntime
import DxshTime

/// `dxsh breakers [open|close|reset NAME]`
struct BreakersCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "breakers",
    abstract: "Lists the breakers of a state folder, or says what is to become of one.",
    discussion: """
      A breaker lets nothing through once the steps that share it have failed some times in a row, and after a while \
      a few, to see whether it works again. `open` keeps it open until somebody says otherwise, `close` closes it, \
      `reset` forgets it. Processes that are at runs take that in with their next attempt.

      EXAMPLES
        dxsh breakers --state reports/.dxsh
        dxsh breakers close crm
        dxsh breakers open crm --state reports/.dxsh
      """)

  enum Action: String, ExpressibleByArgument, CaseIterable {
    case open, close, reset

    var force: Breaker.Force {
      switch self {
      case .open: .open
      case .close: .close
      case .reset: .reset
      }
    }
  }

  @ArgumentParser.Argument(help: "open, close or reset; without it breakers are listed.")
  var action: Action?

  @ArgumentParser.Argument(help: "The breaker's name.")
  var name: String?

  @Option(help: "text or json.")
  var format: RunOutputOptions.Format = .text

  @OptionGroup var state: StateOptions

  func validate() throws {
    if let action, name?.isEmpty ?? true {
      throw ValidationError("name the breaker: dxsh breakers \(action.rawValue) NAME")
    }
  }

  func run() async throws {
    let store = try state.existingStore()
    let isKnown: Bool
    do throws(RunStoreError) {
      guard let action, let name else { return try await list(store) }
      isKnown = try await store.limits.force(action.force, name, at: SystemClock().now())
    } catch {
      throw CallFailure(error.message)
    }
    if !isKnown, let name {
      throw CallFailure("nothing is known of a breaker \(name): `dxsh breakers` lists them")
    }
  }

  private func list(_ store: any RunStore) async throws(RunStoreError) {
    let seats = try await store.limits.seats()
    let breakers = try await store.limits.breakers()
    let probes = { (name: String) in seats.filter { $0.probe == name } }
    switch format {
    case .json:
      let list = Value.list(breakers.map { $0.json(probes: probes($0.name)) })
      // Texts, numbers and times can always be written.
      Output.result((try? JSONWriter.write(list, indented: true)) ?? [])
    case .text:
      let header = ["BREAKER", "STATE", "FAILURES", "OPEN UNTIL", "PROBES"]
      Output.result(Table.render([header] + breakers.map { $0.cells(probes: probes($0.name)) }))
    }
  }
}

extension NamedBreaker {
  private static let shape = RecordShape(["name", "state", "failures", "limit", "until", "openings", "probes"])
  private static let probeShape = RecordShape(["run", "step"])

  fileprivate func json(probes: [Seat]) -> Value {
    let probes = probes.map { Value.record(RecordValue(Self.probeShape, [.text($0.run), .text($0.path)])) }
    return .record(
      RecordValue(
        Self.shape,
        [
          .text(name), .text(breaker.phase.rawValue), .int(Int64(breaker.failures.count)),
          settings.map { .int(Int64($0.failures)) } ?? .none, breaker.until.map(Value.timestamp) ?? .none,
          .int(Int64(breaker.openings)), .list(probes),
        ]))
  }

  fileprivate func cells(probes: [Seat]) -> [String] {
    let limit = settings.map { " of \($0.failures)" } ?? ""
    let until =
      switch breaker.phase {
      case .open: breaker.until?.description ?? "somebody closes it"
      case .closed, .halfOpen: ""
      }
    return [
      name, breaker.phase.rawValue, "\(breaker.failures.count)\(limit)", until,
      probes.map { "\($0.run) \($0.path)" }.joined(separator: ", "),
    ]
  }
}
