// swift-tools-version: 6.2

import PackageDescription

/// What every target of ours is compiled with: warnings are errors, and the features of the next language
/// version that make imports and existentials explicit are on.
let strict: [SwiftSetting] = [
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
]

/// For the libraries that other projects import first: every unsafe construct is marked as such.
let memorySafe: [SwiftSetting] = strict + [.strictMemorySafety()]

let package = Package(
    name: "swift-spiderpool",
    products: [
        .library(name: "IPAMCore", targets: ["IPAMCore"]),
        .library(name: "JSONTree", targets: ["JSONTree"]),
        .library(name: "CNITypes", targets: ["CNITypes"]),
        .library(name: "PoolModel", targets: ["PoolModel"]),
        .library(name: "IPAMEngine", targets: ["IPAMEngine"]),
        .library(name: "EmbeddedStore", targets: ["EmbeddedStore"]),
        .library(name: "AgentLink", targets: ["AgentLink"]),
        .library(name: "NetlinkKit", targets: ["NetlinkKit", "NetlinkAsync"]),
        .library(name: "Coordinator", targets: ["Coordinator"]),
        .library(name: "KubeClient", targets: ["KubeClient"]),
        .executable(name: "ipam", targets: ["ipam"]),
        .executable(name: "coordinator", targets: ["coordinator"]),
        .executable(name: "ifacer", targets: ["ifacer"]),
        .executable(name: "spiderpoolctl", targets: ["spiderpoolctl"]),
        .executable(name: "spiderpool-agent", targets: ["spiderpool-agent"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-extras", from: "1.35.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ],
    targets: [
        // MARK: Libraries without Foundation

        .target(name: "IPAMCore", swiftSettings: memorySafe),
        .target(name: "JSONTree", swiftSettings: memorySafe),
        .target(name: "CNITypes", dependencies: ["IPAMCore", "JSONTree"], swiftSettings: memorySafe),
        .target(
            name: "AgentLink", dependencies: ["CNITypes", "JSONTree", "IPAMCore"], swiftSettings: memorySafe),
        .target(name: "PoolModel", dependencies: ["IPAMCore", "JSONTree"], swiftSettings: memorySafe),
        .target(name: "IPAMEngine", dependencies: ["PoolModel", "IPAMCore"], swiftSettings: strict),
        .systemLibrary(name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),
        .target(
            name: "EmbeddedStore",
            dependencies: ["IPAMEngine", "PoolModel", "IPAMCore", "JSONTree", "CSQLite"],
            swiftSettings: strict),
        .target(name: "CLinux"),
        .systemLibrary(
            name: "CNetlink", pkgConfig: "libnl-route-3.0 libnl-genl-3.0",
            providers: [.apt(["libnl-3-dev", "libnl-route-3-dev", "libnl-genl-3-dev"])]),
        .target(
            name: "NetlinkKit",
            dependencies: ["IPAMCore", "CNetlink", "CLinux", .product(name: "SystemPackage", package: "swift-system")],
            swiftSettings: memorySafe),
        .target(
            name: "NetlinkAsync",
            dependencies: ["NetlinkKit", .product(name: "SystemPackage", package: "swift-system")],
            swiftSettings: memorySafe),
        .target(
            name: "Coordinator",
            dependencies: [
                "NetlinkKit", "IPAMCore", "JSONTree", .product(name: "SystemPackage", package: "swift-system"),
            ],
            swiftSettings: strict),
        .target(name: "PluginLog", dependencies: ["CNITypes", "IPAMCore", "JSONTree"], swiftSettings: strict),
        .target(
            name: "CoordinatorPlugin",
            dependencies: [
                "Coordinator", "AgentLink", "PluginLog", "NetlinkKit", "CNITypes", "IPAMCore", "JSONTree",
                .product(name: "SystemPackage", package: "swift-system"),
            ],
            swiftSettings: strict),
        .target(
            name: "IPAMPlugin",
            dependencies: [
                "AgentLink", "CNITypes", "PluginLog", "EmbeddedStore", "IPAMEngine", "PoolModel", "IPAMCore",
                "JSONTree",
            ],
            swiftSettings: strict),
        .target(
            name: "InterfacePlugin",
            dependencies: ["Coordinator", "NetlinkKit", "CNITypes", "PluginLog", "IPAMCore", "JSONTree"],
            swiftSettings: strict),

        .target(
            name: "IPAMProbe",
            dependencies: [
                "IPAMPlugin", "NetlinkKit", "CNITypes", "IPAMCore",
                .product(name: "SystemPackage", package: "swift-system"),
            ],
            swiftSettings: strict),

        // MARK: Libraries of the command-line tool

        .target(
            name: "ManifestFile",
            dependencies: ["PoolModel", "JSONTree", .product(name: "Yams", package: "Yams")],
            swiftSettings: strict),

        // MARK: Libraries of the cluster

        .target(
            name: "KubeClient",
            dependencies: [
                "JSONTree", "IPAMCore", .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "NIOCore", package: "swift-nio"), .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"), .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "NIOHTTPCompression", package: "swift-nio-extras"),
                .product(name: "Yams", package: "Yams"), .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: strict),
        .target(
            name: "ClusterBlocks", dependencies: ["IPAMEngine", "PoolModel", "IPAMCore", "JSONTree"],
            swiftSettings: strict),
        .target(
            name: "ClusterStore",
            dependencies: [
                "ClusterBlocks", "IPAMEngine", "PoolModel", "IPAMCore", "JSONTree", "KubeClient",
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: strict),
        .target(
            name: "NodeAgent",
            dependencies: [
                "ClusterStore", "ClusterBlocks", "KubeClient", "IPAMEngine", "PoolModel", "IPAMCore", "JSONTree",
                "ManifestFile", .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"), .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ],
            swiftSettings: strict),

        // MARK: Executables

        .executableTarget(
            name: "spiderpool-agent",
            dependencies: [
                "NodeAgent", "KubeClient", "PluginLog",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
            ],
            path: "Sources/Executables/spiderpool-agent", swiftSettings: strict),

        .executableTarget(
            name: "ipam", dependencies: ["IPAMProbe", "IPAMPlugin", "EmbeddedStore", "CNITypes"],
            path: "Sources/Executables/ipam", swiftSettings: strict),
        .executableTarget(
            name: "coordinator", dependencies: ["CoordinatorPlugin", "CNITypes"],
            path: "Sources/Executables/coordinator", swiftSettings: strict),
        .executableTarget(
            name: "ifacer", dependencies: ["InterfacePlugin", "CNITypes"], path: "Sources/Executables/ifacer",
            swiftSettings: strict),
        .executableTarget(
            name: "spiderpoolctl",
            dependencies: [
                "IPAMPlugin", "PluginLog", "EmbeddedStore", "IPAMEngine", "PoolModel", "IPAMCore", "CNITypes",
                "JSONTree", "ManifestFile",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            path: "Sources/Executables/spiderpoolctl", swiftSettings: strict),

        .executableTarget(
            name: "cluster-bench",
            dependencies: [
                "KubeClient", "TestSupport", "JSONTree",
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "NIOCore", package: "swift-nio"), .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            path: "Benchmarks/Cluster", swiftSettings: strict),

        // MARK: Tests

        .target(
            name: "TestSupport",
            dependencies: [
                .product(name: "NIOCore", package: "swift-nio"), .product(name: "NIOPosix", package: "swift-nio"),
            ],
            path: "Tests/TestSupport", swiftSettings: strict),
        .testTarget(
            name: "KubeClientTests",
            dependencies: [
                "KubeClient", "TestSupport", "JSONTree", "IPAMCore", .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: strict),
        .testTarget(
            name: "ClusterBlocksTests",
            dependencies: ["ClusterBlocks", "IPAMEngine", "PoolModel", "IPAMCore", "JSONTree"],
            swiftSettings: strict),
        .testTarget(
            name: "ClusterManifestTests",
            dependencies: [
                "KubeClient", "TestSupport", "ManifestFile", "PoolModel", "IPAMCore", "JSONTree",
                .product(name: "Logging", package: "swift-log"),
            ],
            exclude: ["Examples"], swiftSettings: strict),
        .testTarget(
            name: "NodeAgentTests",
            dependencies: [
                "NodeAgent", "ClusterBlocks", "KubeClient", "AgentLink", "TestSupport", "PoolModel", "IPAMEngine",
                "IPAMCore", "JSONTree",
                .product(name: "Logging", package: "swift-log"), .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            swiftSettings: strict),
        .testTarget(
            name: "IPAMCoreTests", dependencies: ["IPAMCore"], exclude: ["Oracle/oracle.py"], swiftSettings: strict),
        .testTarget(name: "JSONTreeTests", dependencies: ["JSONTree"], swiftSettings: strict),
        .testTarget(
            name: "CNITypesTests", dependencies: ["CNITypes", "TestSupport", "JSONTree", "IPAMCore"],
            resources: [.copy("Goldens")], swiftSettings: strict),
        .testTarget(
            name: "AgentLinkTests", dependencies: ["AgentLink", "TestSupport", "CNITypes", "JSONTree", "IPAMCore"],
            swiftSettings: strict),
        .testTarget(
            name: "PoolModelTests", dependencies: ["PoolModel", "JSONTree", "IPAMCore"], swiftSettings: strict),
        .testTarget(
            name: "IPAMEngineTests", dependencies: ["IPAMEngine", "PoolModel", "IPAMCore"], swiftSettings: strict),
        .testTarget(
            name: "SimulationTests", dependencies: ["ClusterBlocks", "IPAMEngine", "IPAMCore"], swiftSettings: strict),
        .testTarget(
            name: "EmbeddedStoreTests",
            dependencies: ["EmbeddedStore", "IPAMEngine", "PoolModel", "IPAMCore", "CSQLite"],
            swiftSettings: strict),
        .testTarget(
            name: "NetlinkKitTests",
            dependencies: [
                "NetlinkKit", "NetlinkAsync", "CNetlink", "IPAMCore",
                .product(name: "SystemPackage", package: "swift-system"),
            ],
            swiftSettings: strict),
        .testTarget(
            name: "CoordinatorTests", dependencies: ["Coordinator", "NetlinkKit", "IPAMCore"], swiftSettings: strict),
        .testTarget(name: "PluginLogTests", dependencies: ["PluginLog", "JSONTree"], swiftSettings: strict),
        .testTarget(
            name: "IPAMPluginTests",
            dependencies: [
                "IPAMPlugin", "AgentLink", "TestSupport", "CNITypes", "EmbeddedStore", "IPAMEngine", "PoolModel",
                "IPAMCore", "JSONTree",
            ],
            swiftSettings: strict),
        .testTarget(
            name: "ManifestFileTests", dependencies: ["ManifestFile", "PoolModel", "JSONTree"], swiftSettings: strict),
        .testTarget(
            name: "ProgramTests",
            dependencies: [
                "ipam", "coordinator", "ifacer", "spiderpoolctl", "IPAMPlugin", "EmbeddedStore", "PoolModel",
                "IPAMCore", "CNITypes", "JSONTree", "NetlinkKit",
            ],
            swiftSettings: strict),
    ],
    swiftLanguageModes: [.v6]
)
