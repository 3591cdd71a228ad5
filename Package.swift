// swift-tools-version: 6.1
import PackageDescription

let package = Package(
  name: "Frond",
  products: [
    .library(name: "Spectral", targets: ["Spectral"]),
    .library(name: "Electrodeposition", targets: ["Electrodeposition"]),
    .library(name: "CaseFiles", targets: ["CaseFiles"]),
    .library(name: "Figures", targets: ["Figures"]),
    .executable(name: "frond", targets: ["frond"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.5.0"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.0.0"),
  ],
  targets: [
    // System libraries, each with the smallest shim.
    .systemLibrary(name: "CFFTW"),
    .systemLibrary(name: "CLAPACKE"),
    .systemLibrary(name: "CHDF5"),
    .systemLibrary(name: "CCairo"),

    // What Swift cannot say: arithmetic of whole vectors, and a closure on the stack that other threads call.
    .target(name: "CFrond"),

    // Mathematics knows no physics; physics knows no files; files know no algorithms.
    .target(name: "Spectral", dependencies: ["CFFTW", "CLAPACKE", "CFrond"]),
    .target(name: "Electrodeposition", dependencies: ["Spectral"]),
    .target(name: "Analysis", dependencies: ["Electrodeposition", "Spectral"]),
    .target(name: "Verification", dependencies: ["Analysis", "Electrodeposition", "Spectral"]),
    .target(
      name: "CaseFiles",
      dependencies: ["Electrodeposition", "Spectral", "CHDF5", .product(name: "Yams", package: "Yams")]),
    .target(name: "Figures", dependencies: ["CaseFiles", "Electrodeposition", "Spectral", "CCairo"]),
    .executableTarget(
      name: "frond",
      dependencies: [
        "Analysis", "CaseFiles", "Figures", "Verification", "Electrodeposition", "Spectral",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),
    .target(name: "Allocations", path: "Benchmarks/Allocations"),
    .executableTarget(
      name: "Benchmarks",
      dependencies: ["CaseFiles", "Figures", "Electrodeposition", "Spectral", "Allocations"],
      path: "Benchmarks/Suite"),

    .testTarget(name: "SpectralTests", dependencies: ["Spectral"]),
    .testTarget(
      name: "ElectrodepositionTests",
      dependencies: ["Analysis", "Electrodeposition", "Spectral", "Verification"]),
    .testTarget(
      name: "VerificationTests", dependencies: ["Analysis", "Electrodeposition", "Spectral", "Verification"]),
    .testTarget(
      name: "CaseFilesTests",
      dependencies: ["Analysis", "CaseFiles", "Electrodeposition", "Spectral", "MadeUp"],
      exclude: ["Golden"]),
    .testTarget(
      name: "FiguresTests", dependencies: ["CaseFiles", "Figures", "Electrodeposition", "CCairo", "MadeUp"]),
    // Snapshots and folders that tests of several targets make up.
    .target(name: "MadeUp", dependencies: ["Electrodeposition", "Spectral"], path: "Tests/MadeUp"),
    .testTarget(name: "HouseTests"),
    // The library as another package sees it: what is public, and nothing else.
    .testTarget(
      name: "LibraryTests", dependencies: ["CaseFiles", "Figures", "Electrodeposition"], packageAccess: false),
    .testTarget(name: "ToolTests", dependencies: ["CaseFiles", "Electrodeposition", "frond"]),
  ]
)
