// swift-tools-version: 6.2
import PackageDescription

// A package that builds on DiskConversion. In yours, the dependency has the project's URL.
let package = Package(
  name: "Examples",
  dependencies: [.package(name: "prlconv", path: "..")],
  targets: [
    .executableTarget(
      name: "partitions", dependencies: [.product(name: "DiskConversion", package: "prlconv")]),
    .executableTarget(name: "extract", dependencies: [.product(name: "DiskConversion", package: "prlconv")]),
    .executableTarget(name: "nightly", dependencies: [.product(name: "DiskConversion", package: "prlconv")]),
  ],
  swiftLanguageModes: [.v6]
)
