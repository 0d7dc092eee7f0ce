import Logging
import Testing

@testable import NodeAgent

@Suite struct AgentSettingsTests {
    static let environment = [
        "SPIDERPOOL_POD_NAMESPACE": "kube-system", "SPIDERPOOL_POD_NAME": "agent-x", "SPIDERPOOL_NODE_NAME": "n7",
    ]

    /// What the chart renders.
    static let chart = """
        ipamUnixSocketPath: /run/x.sock
        enableIPv4: true
        enableIPv6: false
        enableStatefulSet: true
        enableKubevirtStaticIP: true
        enableSpiderSubnet: true
        enableAutoPoolForApplication: true
        enableIPConflictDetection: true
        enableGatewayDetection: false
        enableCleanOutdatedEndpoint: false
        clusterSubnetDefaultFlexibleIPNumber: 1
        tuneSysctlConfig: true
        podResourceInject:
          enabled: false
        iaasNetworkProvider:
          serverUrl: ""
          httpRequestTimeout: 50s
        agent:
          networkResourcePlugin: {}
        """

    static func settings(_ text: String, _ more: [String: String] = [:]) throws(AgentError) -> AgentSettings {
        try AgentSettings(text, path: "conf.yml", environment: environment.merging(more) { $1 })
    }

    static func refusal(_ text: String, _ more: [String: String] = [:]) -> String {
        do throws(AgentError) { return "accepted: \(try settings(text, more))" } catch { return "\(error)" }
    }

    @Test func whatTheChartRendersIsAccepted() throws {
        let settings = try Self.settings(Self.chart)
        #expect(settings.socketPath == "/run/x.sock")
        #expect(settings.enablesIPv4 && !settings.enablesIPv6 && settings.enablesStatefulSet)
        #expect(settings.enablesKubevirtStaticIP && settings.enablesSubnets && settings.enablesAutomaticPools)
        #expect(settings.detectsConflicts && !settings.detectsGateways && settings.tunesSysctls)
        #expect(
            settings.warnings == [
                "conf.yml: tuneSysctlConfig is not supported yet and has no effect",
                "conf.yml: enableAutoPoolForApplication is not supported yet and has no effect",
            ])
        #expect(settings.nodeName == "n7" && settings.podNamespace == "kube-system" && settings.podName == "agent-x")
        #expect(settings.healthPort == 5710 && settings.metricsPort == nil && settings.releasesConflicts)
        #expect(settings.claimsPerPoolLimit == 5000 && settings.automaticPoolWait == .seconds(50))
        #expect(settings.logLevel == "info" && settings.clusterNetwork == nil)
    }

    @Test func whatIsMissingIsOff() throws {
        let settings = try Self.settings("enableIPv4: true\nipamUnixSocketPath: \"\"\n")
        #expect(settings.socketPath == "/var/run/spidernet/spiderpool.sock")
        #expect(!settings.enablesStatefulSet && !settings.detectsConflicts && !settings.tunesSysctls)
    }

    @Test func theEnvironmentIsRead() throws {
        let settings = try Self.settings(
            "enableIPv6: true",
            [
                "SPIDERPOOL_LOG_LEVEL": "DEBUG", "SPIDERPOOL_HEALTH_PORT": "6000", "SPIDERPOOL_ENABLED_METRIC": "true",
                "SPIDERPOOL_METRIC_HTTP_PORT": "6001", "SPIDERPOOL_ENABLED_RELEASE_CONFLICT_IPS": "false",
                "SPIDERPOOL_IPPOOL_MAX_ALLOCATED_IPS": "7", "SPIDERPOOL_WAIT_SUBNET_POOL_TIME_IN_SECOND": "3",
                "SPIDERPOOL_WAIT_SUBNET_POOL_MAX_RETRIES": "2", "MULTUS_CLUSTER_NETWORK": "ns/net",
                "SPIDERPOOL_GOPS_LISTEN_PORT": "x",
            ])
        #expect(settings.logLevel == "debug" && settings.loggingLevel == .debug)
        #expect(settings.healthPort == 6000 && settings.metricsPort == 6001 && !settings.releasesConflicts)
        #expect(settings.claimsPerPoolLimit == 7 && settings.automaticPoolWait == .seconds(6))
        #expect(settings.clusterNetwork == "ns/net")
    }

    @Test func unknownKeysAndVainOnesAreToldOf() throws {
        let settings = try Self.settings("enableIPv4: true\nenableIPV6: true\nenableAutoPoolForApplication: true\n")
        #expect(
            settings.warnings == [
                "conf.yml:2: enableIPV6 means nothing here; is it misspelt?",
                "conf.yml: enableAutoPoolForApplication has no effect without enableSpiderSubnet",
            ])
    }

    struct Row: Sendable {
        let text: String
        var environment: [String: String] = [:]
        let words: String
    }

    @Test(arguments: [
        Row(text: "enableIPv4: 1", words: "conf.yml:1: enableIPv4: expected true or false, got number 1"),
        Row(text: "enableIPv4: \"true\"", words: "conf.yml:1: enableIPv4: expected true or false, got string \"true\""),
        Row(text: "a: 1\nipamUnixSocketPath: x", words: "conf.yml:2: ipamUnixSocketPath: expected an absolute path"),
        Row(text: "- a", words: "conf.yml"),
        Row(text: "enableIPv4: true\nenableIPv4: [", words: "conf.yml:"),
        Row(text: "", words: "enableIPv4 and enableIPv6 are both off"),
        Row(
            text: "enableIPv4: true", environment: ["SPIDERPOOL_NODE_NAME": ""],
            words: "SPIDERPOOL_NODE_NAME is missing"),
        Row(
            text: "enableIPv4: true", environment: ["SPIDERPOOL_HEALTH_PORT": "70000"],
            words: "SPIDERPOOL_HEALTH_PORT: expected a number in 1...65535, got \"70000\""),
        Row(
            text: "enableIPv4: true", environment: ["SPIDERPOOL_ENABLED_METRIC": "yes"],
            words: "SPIDERPOOL_ENABLED_METRIC: expected true or false, got \"yes\""),
        Row(
            text: "enableIPv4: true", environment: ["SPIDERPOOL_LOG_LEVEL": "loud"],
            words: "SPIDERPOOL_LOG_LEVEL: expected one of debug, info"),
    ])
    func whatCannotBeUnderstoodEndsTheStart(row: Row) {
        let refusal = Self.refusal(row.text, row.environment)
        #expect(refusal.contains(row.words), "\(refusal)")
    }
}
