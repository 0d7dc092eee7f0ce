import CNITypes
import EmbeddedStore
import Glibc
import IPAMCore
import JSONTree
import PoolModel

@testable import IPAMPlugin

/// A host whose name and clock are said by the test, with a state file and the plugin in this process.
final class PluginRun {
    let folder: String
    /// The name of the host.
    var name = "rack-7"
    /// What its clock says, in seconds.
    var seconds: Int64 = 100
    /// The present start of the host.
    var bootID = "boot"
    /// Keys of the `ipam` section beside those that every run has.
    var keys: JSONObject = [:]
    /// What answers for the wire.
    var wireProbe = WireProbe.none

    /// Makes a host with one pool of each family, `10.0.0.10`–`19` and `fd00::10`–`19`.
    init() throws {
        var template = Array("/tmp/ipam-plugin-XXXXXX".utf8CString)
        folder = template.withUnsafeMutableBufferPointer { buffer in
            buffer.baseAddress.flatMap { mkdtemp($0) }.map { String(cString: $0) } ?? ""
        }
        precondition(!folder.isEmpty, "no temporary folder")
        var store = try store()
        _ = try store.apply(
            [
                SpiderIPPool(named: "a", subnet: "10.0.0.0/24", ips: ["10.0.0.10-10.0.0.19"]),
                SpiderIPPool(named: "a6", subnet: "fd00::/64", ips: ["fd00::10-fd00::19"]),
            ], now: Timestamp(seconds: 0))
    }

    deinit {
        for name in ["ipam.db", "ipam.db-wal", "ipam.db-shm", "plugin.log", "host.json"] { unlink("\(folder)/\(name)") }
        rmdir(folder)
    }

    func store() throws -> EmbeddedStore { try EmbeddedStore(creating: "\(folder)/ipam.db") }

    /// The error's code, or 0, of one invocation.
    func code(_ command: String, container: String = "box", with more: JSONObject = [:]) -> Int64? {
        run(command, container: container, with: more).0
    }

    /// Runs the plugin: the error's code, or 0, and what was printed.
    func run(_ command: String, container: String = "box", with more: JSONObject = [:]) -> (Int64?, JSONValue?) {
        var document: JSONObject = [
            "cniVersion": "1.1.0", "name": "rack", "type": "macvlan",
            "ipam": [
                "type": "spiderpool", "mode": "embedded", "store": .string("\(folder)/ipam.db"),
                "default_ipv4_ippool": ["a"], "default_ipv6_ippool": ["a6"],
                "log_file_path": .string("\(folder)/plugin.log"),
            ],
        ]
        if var ipam = document["ipam"]?.objectValue {
            for member in keys.members { ipam[member.key] = member.value }
            document["ipam"] = .object(ipam)
        }
        for member in more.members { document[member.key] = member.value }
        let input = JSONValue.object(document).utf8()
        var output: [UInt8] = []
        let host = CNIHost(
            environment: [
                "CNI_COMMAND": command, "CNI_CONTAINERID": container, "CNI_IFNAME": "eth0", "CNI_NETNS": "/ns",
            ],
            readInput: { _ throws(CNIError) in input },
            writeOutput: {
                output += $0; return true
            },
            writeDiagnostics: { _ in }, namespaceKind: { _ in .other })
        let (name, seconds, bootID) = (name, seconds, bootID)
        let facts = HostFacts(now: { Timestamp(seconds: seconds) }, bootID: { bootID }, hostName: { name })
        let status = CNIPluginMain.run(
            IPAMPlugin(hostFacts: facts, hostSettingsPath: "\(folder)/host.json", wireProbe: wireProbe), in: host)
        let answer = try? JSONValue(parsing: output.span)
        return (status == 0 ? 0 : answer?["code"]?.int64Value, answer)
    }
}
