import ArgumentParser
import DxshExpressions
import DxshRuntime
import Glibc

/// What the runs of a process may use of the machine together, which their steps ask for with `uses`.
struct MachineOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "How many cores the steps that say what they use (`uses(cpu:)`) may have together; by default all.",
      valueName: "cores"))
  var cpus: Double?

  @Option(
    help: ArgumentHelp(
      "How much memory those that say so (`uses(memory:)`) may have together, such as 2GiB; by default all there is.",
      valueName: "size"))
  var memory: String?

  func validate() throws {
    if let cpus, !(cpus > 0 && cpus <= 1_000_000) { throw ValidationError("--cpus takes a number above 0") }
    if let memory, SizeText.parse(memory) ?? 0 <= 0 {
      throw ValidationError("--memory takes a size above 0, such as 512MiB or 2GB, not \(memory)")
    }
  }

  /// Made once for a process.
  var resources: ResourceManager {
    ResourceManager(
      .init(
        cpu: Int(((cpus ?? Machine.cores) * 1000).rounded(.up)),
        memory: memory.flatMap(SizeText.parse) ?? Machine.memory))
  }
}

/// What this process may use: what the machine has, or its control group says (cgroups(7)) where that is less.
enum Machine {
  static var cores: Double {
    let online = Double(max(sysconf(Int32(_SC_NPROCESSORS_ONLN)), 1))
    let quota = line(of: "/sys/fs/cgroup/cpu.max").split(separator: " ").compactMap { Double($0) }
    guard quota.count == 2, quota[0] > 0, quota[1] > 0 else { return online }
    return min(online, quota[0] / quota[1])
  }

  /// In bytes.
  static var memory: Int64 {
    let (pages, size) = (sysconf(Int32(_SC_PHYS_PAGES)), sysconf(Int32(_SC_PAGESIZE)))
    let physical = pages > 0 && size > 0 ? Int64(pages) * Int64(size) : .max
    guard let limit = Int64(line(of: "/sys/fs/cgroup/memory.max")), limit > 0 else { return physical }
    return min(physical, limit)
  }

  /// Empty where there is no such file.
  private static func line(of path: String) -> String {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return "" }
    defer { close(descriptor) }
    var buffer = [UInt8](repeating: 0, count: 128)
    let count = read(descriptor, &buffer, buffer.count)
    return String(decoding: buffer[..<max(count, 0)].prefix { $0 != 10 }, as: UTF8.self)
  }
}
