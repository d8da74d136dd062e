// swift-tools-version: 6.2
import PackageDescription

let settings: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .treatAllWarnings(as: .error),
]

let package = Package(
  name: "prlconv",
  // For the atomics of Synchronization, and for generic code with typed errors; spans would also run on older systems.
  platforms: [.macOS(.v15)],
  products: [
    .executable(name: "prlconv", targets: ["prlconv"]),
    .library(name: "DiskConversion", targets: ["DiskConversion", "StreamIO"]),
    .library(name: "ParallelsFormat", targets: ["ParallelsFormat"]),
    .library(name: "ParallelsBundle", targets: ["ParallelsBundle"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2")
  ],
  targets: [
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"]), .brew(["zlib"])]),
    .systemLibrary(name: "CExpat", pkgConfig: "expat", providers: [.apt(["libexpat1-dev"]), .brew(["expat"])]),
    .systemLibrary(name: "CLinux"),
    .target(name: "ParallelsFormat", swiftSettings: settings),
    .target(name: "ParallelsBundle", dependencies: ["CExpat"], swiftSettings: settings),
    .target(name: "StreamIO", dependencies: ["CLinux", "CZlib"], swiftSettings: settings),
    .target(
      name: "DiskConversion", dependencies: ["ParallelsBundle", "ParallelsFormat", "StreamIO"], swiftSettings: settings),
    .executableTarget(
      name: "prlconv",
      dependencies: [
        "DiskConversion", "ParallelsBundle", "ParallelsFormat", "StreamIO",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: settings),

    // Shared by the test targets.
    .target(name: "TestSupport", dependencies: ["StreamIO"], path: "Tests/TestSupport", swiftSettings: settings),
    .testTarget(
      name: "ParallelsFormatTests", dependencies: ["ParallelsFormat", "TestSupport"], swiftSettings: settings),
    .testTarget(
      name: "ParallelsBundleTests", dependencies: ["ParallelsBundle", "TestSupport"], swiftSettings: settings),
    .testTarget(name: "StreamIOTests", dependencies: ["CZlib", "StreamIO", "TestSupport"], swiftSettings: settings),
    .testTarget(
      name: "DiskConversionTests", dependencies: ["DiskConversion", "ParallelsFormat", "StreamIO", "TestSupport"],
      swiftSettings: settings),
    .testTarget(name: "prlconvTests", dependencies: ["prlconv", "TestSupport"], swiftSettings: settings),
  ],
  swiftLanguageModes: [.v6]
)

// Only `make bench-kernels` runs it, so no other build has to wait for it.
if Context.environment["PRLCONV_BENCH"] != nil {
  package.targets.append(
    .executableTarget(
      name: "PrlconvBench", dependencies: ["ParallelsFormat", "StreamIO", "TestSupport"],
      path: "Benchmarks/PrlconvBench",
      swiftSettings: settings))
}

// libFuzzer has its own `main`, so a normal build could not link these targets: only `make fuzz` adds them.
if Context.environment["PRLCONV_FUZZ"] != nil {
  let fuzzSettings = settings + [.unsafeFlags(["-parse-as-library"])]
  package.targets += [
    .target(name: "FuzzSupport", path: "Tests/Fuzzing/FuzzSupport", swiftSettings: settings),
    .executableTarget(
      name: "FuzzImage", dependencies: ["DiskConversion", "FuzzSupport", "ParallelsFormat", "StreamIO"],
      path: "Tests/Fuzzing/FuzzImage", swiftSettings: fuzzSettings),
    .executableTarget(
      name: "FuzzGzip", dependencies: ["DiskConversion", "FuzzSupport", "ParallelsFormat", "StreamIO"],
      path: "Tests/Fuzzing/FuzzGzip", swiftSettings: fuzzSettings),
    .executableTarget(
      name: "FuzzFormat", dependencies: ["FuzzSupport", "ParallelsFormat"],
      path: "Tests/Fuzzing/FuzzFormat", swiftSettings: fuzzSettings),
    .executableTarget(
      name: "FuzzDescriptor", dependencies: ["FuzzSupport", "ParallelsBundle"],
      path: "Tests/Fuzzing/FuzzDescriptor", swiftSettings: fuzzSettings),
  ]
}
