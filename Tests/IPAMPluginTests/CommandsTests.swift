import CNITypes
import EmbeddedStore
import IPAMCore
import JSONTree
import Testing

@testable import IPAMPlugin

@Suite struct CommandsTests {
    /// Every address of the result must still be ours, not just one of them.
    @Test func checkNoticesAnAddressThatWasLost() throws {
        let host = try PluginRun()
        let result = try #require(host.run("ADD").1)
        #expect(host.code("CHECK", with: ["prevResult": result]) == 0)
        let more: JSONObject = [
            "prevResult": [
                "cniVersion": "1.1.0", "interfaces": [["name": "eth0", "sandbox": "/ns"], ["name": "other"]],
                "ips": [
                    ["address": "10.0.0.10/24", "interface": 0], ["address": "fd00::10/64", "interface": 0],
                    ["address": "192.0.2.1/24", "interface": 0], ["address": "10.0.0.19/24", "interface": 1],
                ],
            ]
        ]
        // Foreign addresses, and those of other interfaces, are not ours to judge.
        #expect(host.code("CHECK", with: more) == 0)
        let lost: JSONObject = [
            "prevResult": [
                "cniVersion": "1.1.0",
                "ips": [
                    ["address": "10.0.0.10/24"], ["address": "fd00::10/64"], ["address": "10.0.0.11/24"],
                ],
            ]
        ]
        #expect(host.code("CHECK", with: lost) == 105)
        #expect(host.code("CHECK", with: ["prevResult": ["cniVersion": "1.1.0", "ips": []]]) == 105)
    }

    @Test func garbageIsCollectedAlsoAfterTheHostGotAnotherName() throws {
        let host = try PluginRun()
        #expect(host.code("ADD") == 0)
        host.name = "rack-8"
        #expect(host.code("GC", with: ["cni.dev/valid-attachments": []]) == 0)
        #expect(try host.store().claims().isEmpty)
    }
}
