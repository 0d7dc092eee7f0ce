// swift-tools-version: 6.2

import PackageDescription

let package = Package(
    name: "swift-spiderpool-benchmarks",
    dependencies: [
        .package(name: "swift-spiderpool", path: ".."),
        .package(url: "https://github.com/apple/swift-collections", exact: "1.6.0"),
    ],
    targets: [
        .target(name: "CAllocationCounter"),
        .target(name: "CBareNetlink"),
        .executableTarget(
            name: "ipam-benchmarks",
            dependencies: [
                "CAllocationCounter", "CBareNetlink",
                .product(name: "EmbeddedStore", package: "swift-spiderpool"),
                .product(name: "IPAMCore", package: "swift-spiderpool"),
                .product(name: "IPAMEngine", package: "swift-spiderpool"),
                .product(name: "NetlinkKit", package: "swift-spiderpool"),
                .product(name: "PoolModel", package: "swift-spiderpool"),
                .product(name: "BitCollections", package: "swift-collections"),
            ],
            swiftSettings: [
                .treatAllWarnings(as: .error),
                .enableUpcomingFeature("ExistentialAny"),
                .enableUpcomingFeature("InternalImportsByDefault"),
                .enableUpcomingFeature("MemberImportVisibility"),
            ]),
    ],
    swiftLanguageModes: [.v6]
)
