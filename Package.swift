// swift-tools-version: 6.2
// The package manifest: one line per target in the order in which arrows may point, shared settings applied in one loop at the end.
import PackageDescription

// Access to class properties is checked for overlap in debug builds and tests; in hot loops over columns the check costs more than the loop.
let hotLoops: [SwiftSetting] = [.unsafeFlags(["-enforce-exclusivity=unchecked"], .when(configuration: .release))]

// What gets at memory past the checks of the compiler is marked with `unsafe`, in the modules that other processes share memory through.
let strictMemory: [SwiftSetting] = [.strictMemorySafety()]

// Compression libraries and PCRE2 are linked in, as a program that starts in milliseconds can't look for nine more. Snappy is written in
// C++, as the Swift runtime is.
let codecs = ["z", "zstd", "lz4", "snappy", "brotlidec", "brotlienc", "brotlicommon", "bz2", "lzma"].map { ":lib\($0).a" }

// The task library brings all that it needs and shows nothing but its own functions, as the process that loads it may have other versions
// of the same libraries. Debug information would be most of it. The toolchain's linker, unlike the system's, leaves no trace of what is
// hidden.
let libraryFlags =
  ["-use-ld=lld"]
  + [
    "--version-script=\(Context.packageDirectory)/Sources/CDshLibrary/exports.map", "--strip-debug", "--wrap=stdin", "--wrap=stdout",
    "--wrap=stderr",
  ].flatMap { ["-Xlinker", $0] }

let package = Package(
  name: "dsh",
  products: [
    .executable(name: "dsh", targets: ["dsh"]),
    .library(name: "dsh-library", type: .dynamic, targets: ["DshLibrary"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
  ],
  targets: [
    // C leaves.
    .target(name: "CCodecs", linkerSettings: codecs.map { .linkedLibrary($0) } + [.linkedLibrary("stdc++")]),
    .target(name: "CDshSystem"),
    .target(name: "CDshKernels", cSettings: [.unsafeFlags(["-O3"])], linkerSettings: [.linkedLibrary("m")]),
    .systemLibrary(name: "CLibedit", pkgConfig: "libedit", providers: [.apt(["libedit-dev"])]),
    .target(name: "CEditline", dependencies: ["CLibedit"]),
    .systemLibrary(name: "CPCRE2", providers: [.apt(["libpcre2-dev"])]),

    // Programs of other languages.
    .target(
      name: "DshPython",
      resources: ["remote_files", "bridge", "function", "blocks", "frame"].map { .embedInCode("dsh_\($0).py") }),

    // Values and text.
    .target(name: "DshDiagnostics"),
    .target(name: "DshSystem", dependencies: ["CDshSystem", "DshDiagnostics"], swiftSettings: strictMemory),
    .target(name: "DshColumns", dependencies: ["DshDiagnostics", "CDshKernels"], swiftSettings: hotLoops + strictMemory),
    .target(name: "DshLanguage", dependencies: ["DshDiagnostics"]),
    .target(name: "DshPlan", dependencies: ["DshColumns", "DshLanguage", "DshSystem", "DshDiagnostics"]),

    // Work.
    .target(
      name: "DshFormats", dependencies: ["DshColumns", "DshSystem", "DshDiagnostics", "CDshKernels", "CCodecs"], swiftSettings: hotLoops),
    .target(
      name: "DshEngine", dependencies: ["DshColumns", "DshPlan", "DshFormats", "DshPython", "DshDiagnostics", "CDshKernels", "CPCRE2"],
      swiftSettings: hotLoops, linkerSettings: [.linkedLibrary(":libpcre2-8.a")]),
    .target(name: "DshBackend", dependencies: ["DshPlan", "DshColumns", "DshDiagnostics"]),
    .target(name: "DshPlanner", dependencies: ["DshPlan", "DshEngine", "DshFormats", "DshColumns", "DshDiagnostics"]),
    .target(
      name: "DshStore",
      dependencies: [
        "DshColumns", "DshSystem", "DshDiagnostics", "CDshKernels", .product(name: "OrderedCollections", package: "swift-collections"),
      ],
      swiftSettings: strictMemory),
    .target(
      name: "DshTasks", dependencies: ["DshEngine", "DshFormats", "DshPlan", "DshColumns", "DshSystem", "DshDiagnostics"],
      swiftSettings: strictMemory),
    .target(
      name: "DshCluster",
      dependencies: [
        "DshBackend", "DshPlan", "DshPlanner", "DshEngine", "DshTasks", "DshPython", "DshFormats", "DshStore", "DshSystem", "DshColumns",
        "DshDiagnostics",
      ]),

    // Faces.
    .target(name: "DshRender", dependencies: ["DshBackend", "DshPlan", "DshFormats", "DshLanguage", "DshColumns", "DshDiagnostics"]),
    .target(
      name: "DshSession",
      dependencies: [
        "DshRender", "DshLanguage", "DshPlan", "DshBackend", "DshEngine", "DshFormats", "DshPython", "DshColumns", "DshSystem",
        "DshDiagnostics",
      ]),
    .target(
      name: "DshShell",
      dependencies: ["DshSession", "DshRender", "DshBackend", "DshLanguage", "DshColumns", "DshSystem", "DshDiagnostics", "CEditline"]),
    .target(
      name: "DshServer",
      dependencies: [
        "DshSession", "DshRender", "DshBackend", "DshLanguage", "DshFormats", "DshColumns", "DshSystem", "DshDiagnostics",
      ]),
    .target(name: "DshReport", dependencies: ["DshSession", "DshRender", "DshLanguage", "DshColumns", "DshDiagnostics"]),
    .target(name: "DshGolden", dependencies: ["DshSession", "DshRender", "DshColumns", "DshSystem", "DshDiagnostics"]),
    .executableTarget(
      name: "dsh",
      dependencies: [
        "DshShell", "DshGolden", "DshServer", "DshReport", "DshSession", "DshRender", "DshBackend", "DshCluster", "DshPlan", "DshEngine",
        "DshFormats",
        "DshLanguage",
        "DshColumns", "DshSystem",
        "DshDiagnostics", "CEditline", .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),

    // The library for the processes of others.
    .target(
      name: "CDshLibrary", exclude: ["exports.map"],
      linkerSettings: [.unsafeFlags(libraryFlags), .unsafeFlags(["-static-stdlib"], .when(configuration: .release))]),
    .target(
      name: "DshLibrary", dependencies: ["CDshLibrary", "DshTasks", "DshColumns", "DshSystem", "DshDiagnostics"],
      swiftSettings: strictMemory),

    // Tests.
    .executableTarget(
      name: "EchoNode", dependencies: ["DshCluster", "DshStore", "DshColumns", "DshSystem", "DshDiagnostics"], path: "Tests/EchoNode"),
    .testTarget(name: "DshDiagnosticsTests", dependencies: ["DshDiagnostics"]),
    .testTarget(name: "DshSystemTests", dependencies: ["DshSystem", "DshDiagnostics"]),
    .testTarget(name: "DshStoreTests", dependencies: ["DshStore", "DshSystem", "DshDiagnostics"]),
    .testTarget(name: "DshPlannerTests", dependencies: ["DshPlanner", "DshEngine", "DshPlan", "DshColumns", "DshSystem"]),
    .testTarget(
      name: "DshClusterTests",
      dependencies: [
        "DshCluster", "DshBackend", "DshPlanner", "DshEngine", "DshTasks", "DshStore", "DshPlan", "DshSystem", "DshColumns",
        "DshDiagnostics",
        "EchoNode",
      ]),
    .testTarget(
      name: "DshEngineTests",
      dependencies: ["DshEngine", "DshPlan", "DshLanguage", "DshFormats", "DshColumns", "DshSystem", "DshDiagnostics"]),
    .testTarget(
      name: "DshTasksTests",
      dependencies: ["DshTasks", "DshEngine", "DshFormats", "DshPlan", "DshColumns", "DshSystem", "DshDiagnostics"]),
    .testTarget(name: "DshColumnsTests", dependencies: ["DshColumns"]),
    .testTarget(name: "DshPlanTests", dependencies: ["DshPlan", "DshColumns", "DshSystem"]),
    .testTarget(name: "DshLanguageTests", dependencies: ["DshLanguage", "DshDiagnostics"]),
    .testTarget(
      name: "DshSessionTests", dependencies: ["DshSession", "DshPlan", "DshLanguage", "DshColumns", "DshSystem", "DshDiagnostics"]),
    .testTarget(name: "DshRenderTests", dependencies: ["DshRender", "DshBackend", "DshColumns", "DshDiagnostics"]),
    .testTarget(
      name: "DshShellTests", dependencies: ["DshShell", "DshSession", "DshRender", "DshBackend", "DshLanguage", "DshDiagnostics"]),
    .testTarget(name: "DshReportTests", dependencies: ["DshReport", "DshDiagnostics"]),
    .testTarget(name: "DshServerTests", dependencies: ["DshServer", "DshFormats", "DshColumns", "DshDiagnostics"]),
    .testTarget(name: "DshGoldenTests", dependencies: ["DshGolden", "DshSession", "DshRender", "DshColumns", "DshDiagnostics"]),
    .testTarget(name: "DshFormatsTests", dependencies: ["DshFormats", "DshColumns", "DshDiagnostics", "CDshKernels"]),
  ],
  swiftLanguageModes: [.v6]
)

// A member is there only where the module that has it is imported, so that the imports of a file say all that it uses.
for target in package.targets where target.type != .system {
  target.swiftSettings = (target.swiftSettings ?? []) + [.enableUpcomingFeature("MemberImportVisibility")]
}

// Continuous integration takes a warning for an error.
if Context.environment["CI"] != nil {
  for target in package.targets where target.type != .system {
    target.swiftSettings = (target.swiftSettings ?? []) + [.treatAllWarnings(as: .error)]
    target.cSettings = (target.cSettings ?? []) + [.treatAllWarnings(as: .error)]
  }
}
