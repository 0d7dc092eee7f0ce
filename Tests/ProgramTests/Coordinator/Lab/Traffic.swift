import Glibc
import Testing

/// Real exchanges between two namespaces.
enum Traffic {
    /// Asks and is answered: by TCP a connection and an octet from the server; by UDP a datagram each way.
    ///
    /// The answer is the client's address as the server saw it, or `lost: …` when none came. `dialled` is what the client dials
    /// when it is not the server's address and port; milliseconds of patience are for what does not come.
    static func ask(
        _ kind: Endpoint.Kind = .tcp, from client: Space, _ source: String, to server: Space, _ address: String,
        dialling dialled: (address: String, port: UInt16)? = nil, serverPort: UInt16 = 0,
        patience: Int32 = Endpoint.patience
    ) throws -> String {
        let serving = try Endpoint(kind, in: server, at: address, port: serverPort)
        let asking = try Endpoint(kind, in: client, at: source)
        let target = dialled ?? (address, serving.port)
        switch kind {
        case .tcp:
            try serving.listen()
            try asking.beginConnecting(to: target.address, port: target.port)
            let code = asking.connectingEnds(within: patience)
            guard code == 0 else { return "lost: \(String(cString: strerror(code)))" }
            guard let (connection, peer) = serving.accept(within: patience) else { return "lost: no connection" }
            connection.send("y")
            guard asking.receive(within: patience)?.text == "y" else { return "lost: no answer" }
            return peer
        case .udp:
            let code = try asking.send("x", to: target.address, port: target.port)
            guard code == 0 else { return "lost: \(String(cString: strerror(code)))" }
            guard let question = serving.receive(within: patience) else { return "lost: no question" }
            try serving.send("y", to: question.peer, port: question.port)
            guard let answer = asking.receive(within: patience) else { return "lost: no answer" }
            // An answer from elsewhere is none: connected sockets never see it.
            guard answer.peer == target.address else { return "lost: answer from \(answer.peer)" }
            return question.peer
        }
    }

    /// How long is waited for what must not come.
    static let briefly: Int32 = 300
}
