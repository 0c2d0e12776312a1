package import CoreMetrics
import Synchronization

/// Metrics in memory, and as text for Prometheus
/// (prometheus.io/docs/instrumenting/exposition_formats, "Text-based format").
///
/// It knows the metrics that it is told at its making; what others are recorded as is dropped.
package final class PrometheusRegistry: MetricsFactory {
  package struct Description: Sendable {
    package enum Kind: Sendable {
      case counter, gauge
      /// With the upper bounds of its buckets, ascending, without infinity.
      case histogram([Double])
    }

    /// As Prometheus names it: of a counter with `_total`, of a time with `_seconds`.
    package var name: String
    package var help: String
    package var kind: Kind

    package init(_ name: String, _ kind: Kind, _ help: String) {
      self.name = name
      self.kind = kind
      self.help = help
    }
  }

  private struct Key: Hashable {
    var name: String
    /// As they are written: `status="failed"`; empty without.
    var labels: String
  }

  private let descriptions: [Description]
  private let series = Mutex<[Key: Series]>([:])

  package init(_ descriptions: [Description]) {
    self.descriptions = descriptions
  }

  // MARK: - The text

  /// All metrics in the order of their descriptions, each with its series by their labels.
  package var text: String {
    let all = series.withLock { $0 }
    return descriptions.map { description in
      let own = all.filter { $0.key.name == description.name }.sorted { $0.key.labels < $1.key.labels }
      if own.isEmpty { return "" }
      let head = "# HELP \(description.name) \(description.help)\n# TYPE \(description.name) \(description.typeName)\n"
      return head + own.map { Self.lines(of: $0.value, $0.key, description) }.joined()
    }.joined()
  }

  private static func lines(of series: Series, _ key: Key, _ description: Description) -> String {
    func line(_ suffix: String, _ label: String, _ value: Double) -> String {
      let labels = [key.labels, label].filter { !$0.isEmpty }.joined(separator: ",")
      return "\(key.name)\(suffix)\(labels.isEmpty ? "" : "{\(labels)}") \(number(value))\n"
    }
    let state = series.read()
    guard case .histogram(let bounds) = description.kind else { return line("", "", state.sum) }
    var text = ""
    var count = 0
    for (bound, bucket) in zip(bounds, state.buckets) {
      count += bucket
      text += line("_bucket", "le=\"\(number(bound))\"", Double(count))
    }
    text += line("_bucket", "le=\"+Inf\"", Double(state.count))
    return text + line("_sum", "", state.sum) + line("_count", "", Double(state.count))
  }

  private static func number(_ value: Double) -> String {
    Int64(exactly: value).map(String.init) ?? value.description
  }

  private static func escaped(_ text: String) -> String {
    text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
  }

  // MARK: - Making

  private func make(_ label: String, _ dimensions: [(String, String)]) -> Series {
    let labels = dimensions.map { "\($0)=\"\(Self.escaped($1))\"" }.joined(separator: ",")
    let key = Key(name: label, labels: labels)
    return series.withLock { series in
      if let known = series[key] { return known }
      var bounds: [Double] = []
      if case .histogram(let own)? = descriptions.first(where: { $0.name == label })?.kind { bounds = own }
      let new = Series(bounds)
      series[key] = new
      return new
    }
  }

  package func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
    make(label, dimensions)
  }

  package func makeFloatingPointCounter(
    label: String, dimensions: [(String, String)]
  ) -> any FloatingPointCounterHandler {
    make(label, dimensions)
  }

  package func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler { make(label, dimensions) }

  package func makeRecorder(label: String, dimensions: [(String, String)], aggregate: Bool) -> any RecorderHandler {
    make(label, dimensions)
  }

  package func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler { make(label, dimensions) }

  // Series live as long as the registry.
  package func destroyCounter(_ handler: any CounterHandler) {}
  package func destroyFloatingPointCounter(_ handler: any FloatingPointCounterHandler) {}
  package func destroyMeter(_ handler: any MeterHandler) {}
  package func destroyRecorder(_ handler: any RecorderHandler) {}
  package func destroyTimer(_ handler: any TimerHandler) {}
}

extension PrometheusRegistry.Description {
  fileprivate var typeName: String {
    switch kind {
    case .counter: "counter"
    case .gauge: "gauge"
    case .histogram: "histogram"
    }
  }
}

/// One metric with one set of labels.
private final class Series: CounterHandler, FloatingPointCounterHandler, MeterHandler, RecorderHandler, TimerHandler {
  struct State {
    /// Of a counter or a gauge, its value.
    var sum = 0.0
    var count = 0
    /// How many values were at most the bound, and above the one before.
    var buckets: [Int]
  }

  private let bounds: [Double]
  private let state: Mutex<State>

  init(_ bounds: [Double]) {
    self.bounds = bounds
    self.state = Mutex(State(buckets: [Int](repeating: 0, count: bounds.count)))
  }

  func read() -> State { state.withLock { $0 } }

  func increment(by amount: Int64) { increment(by: Double(amount)) }
  func increment(by amount: Double) { state.withLock { $0.sum += amount } }
  func decrement(by amount: Double) { increment(by: -amount) }
  func reset() { set(0.0) }
  func set(_ value: Int64) { set(Double(value)) }
  func set(_ value: Double) { state.withLock { $0.sum = value } }
  func recordNanoseconds(_ duration: Int64) { record(Double(duration) / 1e9) }
  func record(_ value: Int64) { record(Double(value)) }

  func record(_ value: Double) {
    let bucket = bounds.firstIndex { value <= $0 }
    state.withLock { state in
      state.sum += value
      state.count += 1
      if let bucket { state.buckets[bucket] += 1 }
    }
  }
}
