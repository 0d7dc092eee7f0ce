import Foundation
import JSONTree

/// One `spiderpool-agent` of the benchmark, as its own process with a socket, a ledger and ports of its own.
final class AgentProcess: Sendable {
    let node: String
    let socket: String
    private let process: Process

    /// Starts an agent.
    ///
    /// - Parameters:
    ///   - executable: The program.
    ///   - node: The name of its node.
    ///   - number: Which of the agents, for its ports.
    ///   - kubeconfig: How it reaches the API server.
    ///   - folder: Where its files are.
    /// - Throws: what the system says when it cannot be started.
    init(_ executable: String, node: String, number: Int, kubeconfig: String, folder: String) throws {
        self.node = node
        let home = "\(folder)/\(node)"
        try FileManager.default.createDirectory(atPath: home, withIntermediateDirectories: true)
        socket = "\(home)/agent.sock"
        let settings = """
            ipamUnixSocketPath: \(socket)
            enableIPv4: true
            enableIPv6: true
            enableStatefulSet: true
            enableKubevirtStaticIP: true
            enableSpiderSubnet: false
            tuneSysctlConfig: false

            """
        let configuration = "\(home)/conf.yml"
        try settings.write(toFile: configuration, atomically: true, encoding: .utf8)
        process = Process()
        process.executableURL = URL(fileURLWithPath: executable)
        process.arguments = ["daemon", "--config-path=\(configuration)"]
        process.environment = [
            "KUBECONFIG": kubeconfig, "SPIDERPOOL_NODE_NAME": node, "SPIDERPOOL_POD_NAME": "agent-\(number)",
            "SPIDERPOOL_POD_NAMESPACE": "kube-system", "SPIDERPOOL_LOG_LEVEL": "warn",
            "SPIDERPOOL_HEALTH_PORT": "\(25_710 + 10 * number)",
            "SPIDERPOOL_METRIC_HTTP_PORT": "\(25_711 + 10 * number)",
            "SPIDERPOOL_STATE_DIRECTORY": "\(home)/state", "PATH": "/usr/bin:/bin",
        ]
        let log = "\(home)/log"
        guard FileManager.default.createFile(atPath: log, contents: nil), let output = FileHandle(forWritingAtPath: log)
        else { throw BenchError("cannot write \(log)") }
        process.standardOutput = output
        process.standardError = output
        try process.run()
    }

    /// Ends it as kubelet would, and waits until it is gone.
    func stop() {
        process.terminate()
        process.waitUntilExit()
    }

    var isRunning: Bool { process.isRunning }

    /// Resident memory in MiB (`VmRSS` of `/proc/PID/status`).
    var residentMebibytes: Double {
        get throws {
            let status = try String(contentsOfFile: "/proc/\(process.processIdentifier)/status", encoding: .utf8)
            for line in status.split(separator: "\n") where line.hasPrefix("VmRSS:") {
                let words = line.split(separator: " ")
                if words.count > 1, let kibibytes = Double(words[1]) { return kibibytes / 1024 }
            }
            throw BenchError("no VmRSS for \(node)")
        }
    }

    /// Processor time so far in seconds, of user and kernel (`utime`, `stime` of `/proc/PID/stat`).
    var processorSeconds: Double {
        get throws {
            let text = try String(contentsOfFile: "/proc/\(process.processIdentifier)/stat", encoding: .utf8)
            let fields = text[(text.lastIndex(of: ")") ?? text.startIndex)...].split(separator: " ")
            guard fields.count > 13, let user = Double(fields[12]), let kernel = Double(fields[13]) else {
                throw BenchError("cannot read the times of \(node)")
            }
            return (user + kernel) / Double(sysconf(Int32(_SC_CLK_TCK)))
        }
    }
}

struct BenchError: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}
