import TestSupport
import Testing

@testable import KubeClient

@Suite struct InClusterTests {
    private let folder: TemporaryFolder
    private let environment = ["KUBERNETES_SERVICE_HOST": "fd00:10::1", "KUBERNETES_SERVICE_PORT": "443"]

    init() throws { folder = try TemporaryFolder() }

    @Test func theServiceAccount() throws {
        try folder.write("ca.crt", "authority")
        try folder.write("token", "t1")
        try folder.write("namespace", "kube-system\n")
        let configuration = try KubeConfiguration.inCluster(folder: folder.path, environment: environment)
        #expect(configuration.server.description == "https://[fd00:10::1]:443")
        #expect(configuration.bearer == .file("\(folder.path)/token"))
        #expect(configuration.namespace == "kube-system")
    }

    @Test func whatIsMissingIsNamed() throws {
        func message(_ environment: [String: String]) throws -> String {
            try #require(throws: KubeError.self) {
                try KubeConfiguration.inCluster(folder: folder.path, environment: environment)
            }.description
        }
        #expect(try message([:]).contains("KUBERNETES_SERVICE_HOST"))
        #expect(try message(["KUBERNETES_SERVICE_HOST": "a"]).contains("KUBERNETES_SERVICE_PORT"))
        #expect(
            try message(["KUBERNETES_SERVICE_HOST": "a", "KUBERNETES_SERVICE_PORT": "x"]).contains("1 to 65535"))
        #expect(try message(environment).contains("\(folder.path)/ca.crt"))
        try folder.write("ca.crt", "authority")
        #expect(try message(environment).contains("\(folder.path)/token"))
    }
}
