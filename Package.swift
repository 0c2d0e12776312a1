// swift-tools-version: 6.2
import PackageDescription

/// Every Swift target builds with these: one language mode, warnings are errors, and the upcoming
/// features that make imports and existentials explicit.
let settings: [SwiftSetting] = [
  .treatAllWarnings(as: .error),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
]

let package = Package(
  name: "dxsh",
  products: [
    .executable(name: "dxsh", targets: ["dxsh"])
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
  ],
  targets: [
    // Layer 0: text and arithmetic.
    .target(name: "DxshSyntax", dependencies: ["CDxshYAML"], swiftSettings: settings),
    .target(name: "DxshTime", swiftSettings: settings),

    // libcrypto, for hashes.
    .systemLibrary(
      name: "CDxshCrypto",
      pkgConfig: "libcrypto",
      providers: [.apt(["libssl-dev"])]),

    // Regular expressions; linked statically, since loading a library costs start-up time.
    .target(
      name: "CDxshRE2",
      linkerSettings: [.linkedLibrary(":libre2.a"), .linkedLibrary("stdc++")]),

    // The events of YAML texts; linked statically too.
    .target(name: "CDxshYAML", linkerSettings: [.linkedLibrary(":libyaml.a")]),

    // TOML, for the project file: headers alone, so nothing is linked.
    .target(name: "CDxshTOML"),

    // Layer 1: types, values and expressions.
    .target(
      name: "DxshExpressions",
      dependencies: ["DxshTime", "CDxshCrypto", "CDxshRE2"],
      swiftSettings: settings),

    // Layer 2: the plan.
    .target(
      name: "DxshPlan",
      dependencies: ["DxshExpressions", "DxshTime", "CDxshCrypto"],
      swiftSettings: settings),

    // SQLite, for the store and for the nodes that use databases.
    .systemLibrary(
      name: "CDxshSQLite",
      pkgConfig: "sqlite3",
      providers: [.apt(["libsqlite3-dev"])]),
    .target(name: "DxshSQLite", dependencies: ["CDxshSQLite"], swiftSettings: settings),

    // Layer 3: what makes plans and what runs them.
    .target(
      name: "DxshCompiler",
      dependencies: ["DxshSyntax", "DxshExpressions", "DxshPlan", "DxshTime"],
      swiftSettings: settings),
    .target(
      name: "DxshRuntime",
      dependencies: [
        "DxshPlan", "DxshExpressions", "DxshTime",
        .product(name: "HeapModule", package: "swift-collections"),
      ],
      swiftSettings: settings),

    // Layer 4: the library of nodes.
    .target(name: "CDxshStdlib", cSettings: [.unsafeFlags(["-std=c23"])]),
    .target(name: "CDxshCurl"),
    .target(name: "CDxshProcess"),
    .target(
      name: "DxshNodes",
      dependencies: [
        "CDxshStdlib", "CDxshCurl", "CDxshProcess", "DxshSQLite", "DxshRuntime", "DxshPlan", "DxshExpressions",
        "DxshTime",
      ],
      swiftSettings: settings),

    .target(
      name: "DxshStores",
      dependencies: ["DxshSQLite", "DxshRuntime", "DxshPlan", "DxshExpressions", "DxshTime"],
      swiftSettings: settings),

    // Logs and metrics of what looks after a store.
    .target(
      name: "DxshTelemetry",
      dependencies: [
        "DxshRuntime", "DxshExpressions", "DxshTime",
        .product(name: "Logging", package: "swift-log"),
        .product(name: "CoreMetrics", package: "swift-metrics"),
      ],
      swiftSettings: settings),

    // Layer 6: the command line, the only place where parts are put together.
    .executableTarget(
      name: "dxsh",
      dependencies: [
        "DxshSyntax", "DxshTime", "DxshExpressions", "DxshPlan", "DxshCompiler", "DxshRuntime", "DxshNodes",
        "DxshStores", "DxshTelemetry", "CDxshTOML",
        .product(name: "Logging", package: "swift-log"),
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: settings),

    // Measures the built program; a part of no test.
    .executableTarget(
      name: "DxshBench",
      dependencies: ["DxshTestServer", "DxshSyntax", "DxshTime", "DxshExpressions", "DxshCompiler", "DxshSQLite"],
      swiftSettings: settings),

    // Random and mutated input for everything that reads text: `make fuzz`. Driven by libFuzzer where it is linked.
    .executableTarget(
      name: "DxshFuzz",
      dependencies: ["DxshSyntax", "DxshTime", "DxshExpressions", "DxshPlan", "DxshCompiler"],
      swiftSettings: settings),

    // The engine in a simulated world, with whatever can befall it: `make simulate`.
    .executableTarget(
      name: "DxshSimulation",
      dependencies: ["DxshSyntax", "DxshTime", "DxshExpressions", "DxshPlan", "DxshCompiler", "DxshRuntime"],
      swiftSettings: settings),

    // An HTTP server for tests and for the bench, which cannot link what tests share: that imports Testing.
    .target(name: "DxshTestServer", dependencies: ["DxshRuntime"], swiftSettings: settings),

    // What tests share.
    .target(
      name: "DxshTestSupport",
      dependencies: [
        "DxshSyntax", "DxshTime", "DxshExpressions", "DxshPlan", "DxshCompiler", "DxshRuntime", "DxshNodes",
      ],
      path: "Sources/DxshTestSupport",
      swiftSettings: settings),
    .testTarget(name: "DxshTimeTests", dependencies: ["DxshTime", "DxshTestSupport"], swiftSettings: settings),
    .testTarget(name: "DxshSyntaxTests", dependencies: ["DxshSyntax", "DxshTestSupport"], swiftSettings: settings),
    .testTarget(
      name: "DxshExpressionsTests", dependencies: ["DxshExpressions", "DxshTime", "DxshTestSupport"],
      swiftSettings: settings),
    .testTarget(
      name: "DxshPlanTests", dependencies: ["DxshPlan", "DxshExpressions", "DxshTime", "DxshTestSupport"],
      swiftSettings: settings),
    .testTarget(
      name: "DxshCompilerTests",
      dependencies: [
        "DxshCompiler", "DxshSyntax", "DxshPlan", "DxshExpressions", "DxshTime", "DxshNodes", "DxshTestSupport",
      ],
      swiftSettings: settings),
    .testTarget(
      name: "DxshRuntimeTests",
      dependencies: [
        "DxshRuntime", "DxshStores", "DxshSQLite", "DxshCompiler", "DxshSyntax", "DxshPlan", "DxshExpressions",
        "DxshTime", "DxshNodes", "DxshSimulation", "DxshTestSupport",
      ],
      swiftSettings: settings),
    .testTarget(
      name: "DxshNodesTests",
      dependencies: [
        "DxshNodes", "DxshSQLite", "DxshRuntime", "DxshCompiler", "DxshSyntax", "DxshPlan", "DxshExpressions",
        "DxshTime", "DxshTestSupport", "DxshTestServer",
      ],
      swiftSettings: settings),
    .testTarget(
      name: "DxshStoresTests",
      dependencies: [
        "DxshStores", "DxshSQLite", "DxshRuntime", "DxshNodes", "DxshPlan", "DxshExpressions", "DxshTime",
        "DxshTestSupport",
      ],
      swiftSettings: settings),
    .testTarget(
      name: "DxshTelemetryTests",
      dependencies: [
        "DxshTelemetry", "DxshRuntime", "DxshExpressions", "DxshTime", "DxshTestSupport",
        .product(name: "Logging", package: "swift-log"),
        .product(name: "CoreMetrics", package: "swift-metrics"),
      ],
      swiftSettings: settings),
    .testTarget(
      name: "CommandTests",
      dependencies: [
        "dxsh", "DxshStores", "DxshSQLite", "DxshRuntime", "DxshPlan", "DxshExpressions", "DxshTime", "DxshTestSupport",
        "DxshTestServer",
      ],
      swiftSettings: settings),
    .testTarget(
      name: "MutationTests",
      dependencies: [
        "DxshRuntime", "DxshCompiler", "DxshSyntax", "DxshPlan", "DxshExpressions", "DxshTime", "DxshNodes",
        "DxshTestSupport",
      ],
      swiftSettings: settings),
    .testTarget(name: "SimulationTests", dependencies: ["DxshSimulation", "DxshTestSupport"], swiftSettings: settings),
    .testTarget(name: "FuzzTests", dependencies: ["DxshFuzz", "DxshTestSupport"], swiftSettings: settings),
    .testTarget(
      name: "TidyTests", dependencies: ["DxshTestSupport", "DxshSyntax", "DxshNodes"], swiftSettings: settings),
  ],
  swiftLanguageModes: [.v6]
)
